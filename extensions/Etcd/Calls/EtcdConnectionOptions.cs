using Interlook.Configuration;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd.Calls;

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

    /// <summary>The TLS side of the connection.</summary>
    public TlsSettings Tls { get; } = new();

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
            .Tls(o => o.Tls, "etcd")
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
    }
}
