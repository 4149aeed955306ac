using Interlook.Configuration;

namespace Interlook.Extensions.Etcd;

/// <summary>How an etcd cluster is reached.</summary>
public abstract class EtcdConnectionOptions
{
    /// <summary>Where its members answer clients; the others are tried when one fails.</summary>
    /// <value>Default: <c>http://127.0.0.1:2379</c>.</value>
    public IReadOnlyList<Uri> Endpoints { get; set; } = [new("http://127.0.0.1:2379")];

    /// <summary>The user, where etcd asks for one.</summary>
    /// <value>Default: none.</value>
    public string? Username { get; set; }

    /// <summary>The user's password.</summary>
    /// <value>Default: none.</value>
    public Secret? Password { get; set; }

    /// <summary>A PEM file with the authorities that may sign etcd's certificate.</summary>
    /// <value>Default: the system's.</value>
    public string? TlsCa { get; set; }

    /// <summary>A PEM file with our client certificate.</summary>
    /// <value>Default: none.</value>
    public string? TlsCert { get; set; }

    /// <summary>A PEM file with the client certificate's key.</summary>
    /// <value>Default: none.</value>
    public string? TlsKey { get; set; }

    /// <summary>True takes any certificate.</summary>
    /// <value>Default: false.</value>
    public bool TlsSkipVerify { get; set; }

    /// <summary>For messages: <c>etcd at http://127.0.0.1:2379</c>.</summary>
    internal string Called => $"etcd at {string.Join(", ", Endpoints.Select(endpoint => endpoint.AbsoluteUri.TrimEnd('/')))}";

    /// <summary>Adds the settings that everything with an etcd behind it has, and their rules.</summary>
    internal static SettingsSchema<TOptions> Describe<TOptions>(SettingsSchema<TOptions> schema)
        where TOptions : EtcdConnectionOptions, new() =>
        schema
            .List("endpoints", ReadEndpoint, (o, endpoints) => o.Endpoints = endpoints,
                "Where etcd's members answer clients; when one fails the next is asked.", "http://127.0.0.1:2379")
            .Text("username", (o, text) => o.Username = Set(text), "The user, where etcd asks for one.")
            .Secret("password", (o, password) => o.Password = password, "The user's password.")
            .Text("tlsCa", (o, text) => o.TlsCa = Set(text), "A PEM file with the authorities that may sign etcd's certificate.", "the system's")
            .Text("tlsCert", (o, text) => o.TlsCert = Set(text), "A PEM file with the client certificate.")
            .Text("tlsKey", (o, text) => o.TlsKey = Set(text), "A PEM file with the client certificate's key.")
            .Flag("tlsSkipVerify", (o, flag) => o.TlsSkipVerify = flag, "Takes any certificate of etcd's.")
            .Rule(options => Check(options));

    private protected static string? Set(string text) => text.Trim() is { Length: > 0 } written ? written : null;

    private static Uri ReadEndpoint(string text)
    {
        var url = SettingReaders.HttpUrl(text);
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: use `username` and `passwordFile`");
    }

    private static IEnumerable<SettingProblem> Check(EtcdConnectionOptions options)
    {
        if (options.Endpoints.Count == 0)
            yield return new("endpoints", "must name at least one address of etcd");
        if (options.Username is not null && options.Password is null)
            yield return new("username", "needs passwordFile beside it");
        if (options.Password is not null && options.Username is null)
            yield return new("password", "needs username beside it");
        if (options.TlsCert is not null && options.TlsKey is null)
            yield return new("tlsCert", "needs tlsKey beside it");
        if (options.TlsKey is not null && options.TlsCert is null)
            yield return new("tlsKey", "needs tlsCert beside it");
    }
}
