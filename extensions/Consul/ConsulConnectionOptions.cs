using Interlook.Configuration;

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

    /// <summary>A PEM file with the authorities that may sign Consul's certificate.</summary>
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

    /// <summary>Adds the settings of the connection, and their rule.</summary>
    /// <param name="schema">What gets them.</param>
    /// <param name="purpose">What the datacenter is for, as the end of a sentence: "to register in".</param>
    internal static SettingsSchema<TOptions> Describe<TOptions>(SettingsSchema<TOptions> schema, string purpose)
        where TOptions : ConsulConnectionOptions, new() =>
        schema
            .Value("url", ReadUrl, (o, url) => o.Url = url, "Where Consul's HTTP API answers.", "http://127.0.0.1:8500")
            .Secret("token", (o, token) => o.Token = ReadToken(token), "The ACL token.")
            .Text("datacenter", (o, text) => o.Datacenter = Set(text), $"The datacenter {purpose}.", "the agent's own")
            .Text("tlsCa", (o, text) => o.TlsCa = Set(text), "A PEM file with the authorities that may sign Consul's certificate.", "the system's")
            .Text("tlsCert", (o, text) => o.TlsCert = Set(text), "A PEM file with the client certificate.")
            .Text("tlsKey", (o, text) => o.TlsKey = Set(text), "A PEM file with the client certificate's key.")
            .Flag("tlsSkipVerify", (o, flag) => o.TlsSkipVerify = flag, "Takes any certificate of Consul's.")
            .Rule(BothOrNeither);

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

    private static IEnumerable<SettingProblem> BothOrNeither(ConsulConnectionOptions options)
    {
        if (options.TlsCert is not null && options.TlsKey is null)
            yield return new("tlsCert", "needs tlsKey beside it");
        if (options.TlsKey is not null && options.TlsCert is null)
            yield return new("tlsKey", "needs tlsCert beside it");
    }
}
