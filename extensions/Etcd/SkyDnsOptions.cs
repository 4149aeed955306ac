using Interlook.Configuration;
using Interlook.Extensions.Etcd.Calls;
using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>The settings of <c>dns.skydns</c>.</summary>
public sealed class SkyDnsOptions : EtcdConnectionOptions
{
    /// <summary>Keeps a weight times the largest weight of a target within the 16 bits of an SRV record.</summary>
    private const int LargestWeight = 65535 / Target.MaxWeight;

    /// <summary>
    /// Which of etcd's interfaces is spoken: <c>v3</c>, <c>v2</c>, or <c>auto</c> for v2 where the server has it. What one holds the other
    /// does not see.
    /// </summary>
    /// <value>Default: <c>v3</c>.</value>
    public string Api { get; set; } = "v3";

    /// <summary>The domain of names that do not lie in it already; empty is the root.</summary>
    /// <value>Default: <c>skydns.local</c>.</value>
    public string Domain { get; set; } = "skydns.local";

    /// <summary>What the keys begin with, without slashes around it.</summary>
    /// <value>Default: <c>skydns</c>.</value>
    public string Prefix { get; set; } = "skydns";

    /// <summary>How long a resolver may keep an answer.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long records outlive an Interlook that has died.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The priority in SRV answers; the lowest is asked first.</summary>
    /// <value>Default: 10.</value>
    public int Priority { get; set; } = 10;

    /// <summary>The weight in SRV answers of a target with weight 1.</summary>
    /// <value>Default: 20.</value>
    public int Weight { get; set; } = 20;

    /// <summary>What the last label of a key begins with: one DNS label.</summary>
    /// <value>Default: the machine's host name.</value>
    public string? Hostname { get; set; }

    /// <summary>True makes the host name the whole last label, as the earlier system did.</summary>
    /// <value>Default: false.</value>
    public bool LegacyKeys { get; set; }

    /// <summary>The port in SRV answers for services with a public address and without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>The port in SRV answers for services with a public address and TLS.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>How these settings are written.</summary>
    public static SettingsSchema<SkyDnsOptions> SettingsSchema { get; } = Describe(Configuration.SettingsSchema.For<SkyDnsOptions>())
        .Choice("api", (o, word) => o.Api = word, "Which of etcd's interfaces is spoken; CoreDNS reads v3, old servers have only v2. `auto` asks at the start, and takes v2 where there is one.",
            "v3", "v3", "v2", "auto")
        .Value("domain", ReadDomain, (o, domain) => o.Domain = domain,
            "The domain of names that do not lie in it: `app` becomes `app.skydns.local`. A single dot takes names as they are.", "skydns.local")
        .Value("prefix", ReadPrefix, (o, prefix) => o.Prefix = prefix, "What the keys begin with: `path` in CoreDNS.", "skydns")
        .Value("ttl", text => ReadTime(text, 1), (o, time) => o.Ttl = time,
            "How long a resolver may keep an answer.", "60s", "1s to 24h, whole seconds")
        .Value("leaseTtl", text => ReadTime(text, 2), (o, time) => o.LeaseTtl = time,
            "How long records outlive an Interlook that has died.", "60s", "2s to 24h, whole seconds")
        .Number("priority", (o, number) => o.Priority = number, "The priority in SRV answers; the lowest is asked first.", 1, 65535, "10")
        .Number("weight", (o, number) => o.Weight = number, "The weight in SRV answers of a target with weight 1.", 1, LargestWeight, "20")
        .Value("hostname", ReadHostname, (o, name) => o.Hostname = name,
            "What the last label of a key begins with. Must differ between Interlooks with one `core.instance`.", "the machine's host name")
        .Flag("legacyKeys", (o, flag) => o.LegacyKeys = flag, "Makes the host name the whole last label, as HighHock did: one record for a name and host.")
        .Number("httpPort", (o, port) => o.HttpPort = port, "The port in SRV answers for services with a public address, without TLS.", 1, 65535, "80")
        .Number("httpsPort", (o, port) => o.HttpsPort = port, "The port in SRV answers for services with a public address and TLS.", 1, 65535, "443");

    /// <summary>One DNS label of a host's name: dots and what else no label may hold become hyphens.</summary>
    internal static string Label(string host)
    {
        var label = string.Concat(host.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')).Trim('-');
        if (label.Length > 63)
            label = label[..63].TrimEnd('-');
        return label.Length == 0 ? "host" : label;
    }

    private static string ReadDomain(string text)
    {
        var written = text.Trim();
        if (written == ".")
            return "";
        return HostName.TryNormalize(written.TrimStart('.'), out var domain, out var problem) && domain[0] != '*'
            ? domain
            : throw new FormatException($"is not a domain: '{text}' {problem ?? "begins with a wildcard"}");
    }

    // The path enters URLs of etcd v2 as it is.
    private static string ReadPrefix(string text)
    {
        var prefix = text.Trim().Trim('/');
        return prefix.Length > 0 && prefix.Split('/').All(part => part.Length > 0 && part.Trim('.').Length > 0)
            && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.')
                ? prefix
                : throw new FormatException($"must be one or more names of letters, digits, '-', '_' and '.', with '/' between them, not '{text}'");
    }

    private static TimeSpan ReadTime(string text, int least) =>
        SettingReaders.WholeSeconds(text, TimeSpan.FromSeconds(least), TimeSpan.FromHours(24));

    private static string? ReadHostname(string text)
    {
        if (Set(text) is not { } written)
            return null;
        return HostName.TryNormalize(written, out var name, out var problem) && name[0] != '*'
            ? Label(name)
            : throw new FormatException($"must be a host name, but '{text}' {problem ?? "begins with a wildcard"}");
    }
}
