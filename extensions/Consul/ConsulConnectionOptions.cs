using Interlook.Configuration;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Consul;

/// <summary>How a Consul is reached, for every extension that speaks to one.</summary>
public abstract class ConsulConnectionOptions
{
    /// <summary>Where Consul's HTTP API answers.</summary>
    /// <value>Default: <c>http://127.0.0.1:8500</c>.</value>
    public Uri Url { get; set; } = new("http://127.0.0.1:8500");

    /// <summary>The ACL token.</summary>
    /// <value>Default: none, the agent's own default token counts.</value>
    public Secret? Token { get; set; }

    /// <summary>The datacenter that is meant.</summary>
    /// <value>Default: the agent's own.</value>
    public string? Datacenter { get; set; }

    /// <summary>The TLS side of the connection.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>Adds the settings of the connection, and their rule.</summary>
    /// <param name="schema">What gets them.</param>
    /// <param name="purpose">What the datacenter is for, as the end of a sentence: "to register in".</param>
    internal static SettingsSchema<TOptions> Describe<TOptions>(SettingsSchema<TOptions> schema, string purpose)
        where TOptions : ConsulConnectionOptions, new() =>
        schema
            .Value("url", ReadUrl, (o, url) => o.Url = url, "Where Consul's HTTP API answers.", "http://127.0.0.1:8500")
            .Secret("token", (o, token) => o.Token = ReadToken(token), "The ACL token.")
            .Text("datacenter", (o, text) => o.Datacenter = Set(text), $"The datacenter {purpose}.", "the agent's own")
            .Tls(o => o.Tls, "Consul");

    /// <summary>What was written, without blanks around it; null when that is nothing.</summary>
    private protected static string? Set(string text) => text.Trim() is { Length: > 0 } written ? written : null;

    private static Uri ReadUrl(string text)
    {
        var url = SettingReaders.HttpUrl(text);
        return url.UserInfo.Length == 0 ? url : throw new FormatException("must not hold a user or password: use `token`");
    }

    // It is sent as a header, and those are ASCII (RFC 9110 section 5.5).
    private static Secret? ReadToken(Secret token) => token.Reveal().Trim() switch
    {
        "" => null,
        var text when text.All(char.IsAscii) => new Secret(text),
        _ => throw new FormatException("must be ASCII text, as Consul's tokens are"),
    };
}
