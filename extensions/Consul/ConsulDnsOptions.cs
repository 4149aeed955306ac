using Interlook.Configuration;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>The settings of <c>dns.consul</c>.</summary>
public sealed class ConsulDnsOptions
{
    /// <summary>Where Consul's HTTP API answers.</summary>
    /// <value>Default: <c>http://127.0.0.1:8500</c>.</value>
    public Uri Url { get; set; } = new("http://127.0.0.1:8500");

    /// <summary>The ACL token.</summary>
    /// <value>Default: none, the agent's own default token counts.</value>
    public Secret? Token { get; set; }

    /// <summary>A domain that is cut off the names before they are registered, without a leading dot.</summary>
    /// <value>Default: none.</value>
    public string? Domain { get; set; }

    /// <summary>The datacenter to register in.</summary>
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

    /// <summary>The name of the node that holds our registrations.</summary>
    /// <value>Default: <c>interlook-</c> and the instance.</value>
    public string? Node { get; set; }

    /// <summary>The port in SRV answers for services without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>The port in SRV answers for services with TLS.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>How these settings are written.</summary>
    public static SettingsSchema<ConsulDnsOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<ConsulDnsOptions>()
        .Value("url", ReadUrl, (o, url) => o.Url = url, "Where Consul's HTTP API answers.", "http://127.0.0.1:8500")
        .Secret("token", (o, token) => o.Token = ReadToken(token), "The ACL token.")
        .Value("domain", ReadDomain, (o, domain) => o.Domain = domain,
            "A domain that is cut off the names: with `example.org`, `app.example.org` becomes `app.service.consul`.")
        .Text("datacenter", (o, text) => o.Datacenter = Set(text), "The datacenter to register in.", "the agent's own")
        .Text("tlsCa", (o, text) => o.TlsCa = Set(text), "A PEM file with the authorities that may sign Consul's certificate.", "the system's")
        .Text("tlsCert", (o, text) => o.TlsCert = Set(text), "A PEM file with the client certificate.")
        .Text("tlsKey", (o, text) => o.TlsKey = Set(text), "A PEM file with the client certificate's key.")
        .Flag("tlsSkipVerify", (o, flag) => o.TlsSkipVerify = flag, "Takes any certificate of Consul's.")
        .Value("node", ReadNode, (o, node) => o.Node = node, "The name of the node that holds the registrations.", "interlook-INSTANCE")
        .Number("httpPort", (o, port) => o.HttpPort = port, "The port in SRV answers for services without TLS.", 1, 65535, "80")
        .Number("httpsPort", (o, port) => o.HttpsPort = port, "The port in SRV answers for services with TLS.", 1, 65535, "443")
        .Rule(BothOrNeither);

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

    private static string? ReadDomain(string text)
    {
        if (Set(text) is not { } written)
            return null;
        return HostName.TryNormalize(written.TrimStart('.'), out var domain, out var problem) && domain[0] != '*'
            ? domain
            : throw new FormatException($"is not a domain: '{text}' {problem ?? "begins with a wildcard"}");
    }

    private static string? ReadNode(string text)
    {
        if (Set(text) is not { } written)
            return null;
        return HostName.TryNormalize(written, out var node, out var problem) && !node.Contains('.')
            ? node
            : throw new FormatException($"must be one DNS label, but '{text}' {problem ?? "has several or a wildcard"}");
    }

    private static IEnumerable<SettingProblem> BothOrNeither(ConsulDnsOptions options)
    {
        if (options.TlsCert is not null && options.TlsKey is null)
            yield return new("tlsCert", "needs tlsKey beside it");
        if (options.TlsKey is not null && options.TlsCert is null)
            yield return new("tlsKey", "needs tlsCert beside it");
    }

    private static string? Set(string text) => text.Trim() is { Length: > 0 } written ? written : null;
}
