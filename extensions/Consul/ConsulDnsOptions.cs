using Interlook.Configuration;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>The settings of <c>dns.consul</c>.</summary>
public sealed class ConsulDnsOptions : ConsulConnectionOptions
{
    /// <summary>A domain that is cut off the names before they are registered, without a leading dot.</summary>
    /// <value>Default: none.</value>
    public string? Domain { get; set; }

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
    public static SettingsSchema<ConsulDnsOptions> SettingsSchema { get; } =
        Describe(Configuration.SettingsSchema.For<ConsulDnsOptions>(), "to register in")
            .Value("domain", ReadDomain, (o, domain) => o.Domain = domain,
                "A domain that is cut off the names: with `example.org`, `app.example.org` becomes `app.service.consul`.")
            .Value("node", ReadNode, (o, node) => o.Node = node, "The name of the node that holds the registrations.", "interlook-INSTANCE")
            .Number("httpPort", (o, port) => o.HttpPort = port, "The port in SRV answers for services without TLS.", 1, 65535, "80")
            .Number("httpsPort", (o, port) => o.HttpsPort = port, "The port in SRV answers for services with TLS.", 1, 65535, "443");

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
}
