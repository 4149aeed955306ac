using Interlook.Configuration;
using Interlook.Extensions.Connections;

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

    /// <summary>The TLS side of the connection; not used with a unix socket.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>True when connections speak TLS: never on a unix socket.</summary>
    internal bool IsEncrypted =>
        Endpoint.SocketPath is null && (Endpoint.IsHttps || Tls.IsSet);

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
            .Tls(options => options.Tls, "the daemon", "Not used with a unix socket.", options => options.Endpoint.SocketPath is null);
}
