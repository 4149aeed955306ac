using Interlook.Configuration;

namespace Interlook.Extensions.Docker;

/// <summary>How a Docker daemon is reached, and which of its objects are looked at.</summary>
internal abstract class DockerConnectionOptions
{
    /// <summary>A name for people: log lines bear it.</summary>
    /// <value>Default: none.</value>
    public string Name { get; set; } = "";

    /// <summary>What log lines call an extension with these settings: its own name, and <see cref="Name"/> if there is one.</summary>
    internal string Called(string extension) => Name == "" ? extension : $"{extension} {Name}";

    /// <summary>Where the daemon listens.</summary>
    /// <value>Default: <c>unix:///var/run/docker.sock</c>.</value>
    public DockerEndpoint Endpoint { get; set; } = DockerEndpoint.Read(DockerEndpoint.DefaultText);

    /// <summary>Labels that an object must have besides asking for publication.</summary>
    /// <value>Default: none.</value>
    public LabelSelector LabelSelector { get; set; } = LabelSelector.Everything;

    /// <summary>A PEM file with the authorities that vouch for the daemon; without it the system's authorities count.</summary>
    public string TlsCa { get; set; } = "";

    /// <summary>A PEM file with the client certificate, intermediate certificates after it.</summary>
    public string TlsCert { get; set; } = "";

    /// <summary>A PEM file with the client certificate's key, not encrypted.</summary>
    public string TlsKey { get; set; } = "";

    /// <summary>True accepts every certificate of the daemon.</summary>
    /// <value>Default: false.</value>
    public bool TlsSkipVerify { get; set; }

    /// <summary>True when connections speak TLS: never on a unix socket.</summary>
    internal bool IsEncrypted =>
        Endpoint.SocketPath is null && (Endpoint.IsHttps || TlsCa != "" || TlsCert != "" || TlsKey != "" || TlsSkipVerify);

    /// <summary>Adds the settings that every Docker provider has, and their rules.</summary>
    internal static SettingsSchema<TOptions> Describe<TOptions>(SettingsSchema<TOptions> schema)
        where TOptions : DockerConnectionOptions, new() =>
        schema
            .Text("name", (options, text) => options.Name = text, "A name for people, shown in log lines.")
            .Value(
                "endpoint", DockerEndpoint.Read, (options, endpoint) => options.Endpoint = endpoint,
                "Where the Docker daemon listens.", DockerEndpoint.DefaultText, "unix:///path, tcp://host:port, https://host:port")
            .List(
                "labelSelector", LabelSelector.ReadItem, (options, items) => options.LabelSelector = new LabelSelector([.. items]),
                "Only objects with all these labels are looked at, each `key` or `key=value`. `interlook.host` and `interlook.hosts` mean either.")
            .Text("tlsCa", (options, text) => options.TlsCa = text, "PEM file with the authorities that vouch for the daemon. Not used with a unix socket.", "the system's")
            .Text("tlsCert", (options, text) => options.TlsCert = text, "PEM file with the client certificate. Not used with a unix socket.")
            .Text("tlsKey", (options, text) => options.TlsKey = text, "PEM file with the key of the client certificate. Not used with a unix socket.")
            .Flag("tlsSkipVerify", (options, flag) => options.TlsSkipVerify = flag, "Accepts every certificate of the daemon: anybody in between can then read and forge.")
            .Rule(options => CheckTls(options));

    private static IEnumerable<SettingProblem> CheckTls(DockerConnectionOptions options)
    {
        if (options.Endpoint.SocketPath is not null)
            yield break;
        if (options.TlsCert == "" && options.TlsKey != "")
            yield return new SettingProblem("tlsKey", "needs tlsCert, the certificate it belongs to");
        if (options.TlsCert != "" && options.TlsKey == "")
            yield return new SettingProblem("tlsCert", "needs tlsKey, the key it belongs to");
        foreach (var (key, path) in new[] { ("tlsCa", options.TlsCa), ("tlsCert", options.TlsCert), ("tlsKey", options.TlsKey) })
        {
            if (path != "" && !File.Exists(path))
                yield return new SettingProblem(key, $"names a file that does not exist: '{path}'");
        }
    }
}
