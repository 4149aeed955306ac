using System.Net;
using System.Net.Sockets;
using System.Text;
using Interlook.Configuration;
using Interlook.Extensions.EmbeddedDns.Names;
using Interlook.Services;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>The settings of <c>dns.embedded</c>.</summary>
internal sealed class EmbeddedDnsOptions
{
    private const int ResolverPort = 53;

    /// <summary>Where queries are taken, over UDP and TCP.</summary>
    /// <value>Default: 127.0.0.1:5353.</value>
    public IReadOnlyList<IPEndPoint> Listen { get; set; } = [new(IPAddress.Loopback, 5353)];

    /// <summary>The zones that are served, canonical.</summary>
    /// <value>Required: at least one.</value>
    public IReadOnlyList<string> Zones { get; set; } = [];

    /// <summary>The name servers of every zone, the primary first, canonical.</summary>
    /// <value>Default: <c>ns</c> in each zone.</value>
    public IReadOnlyList<string> Nameservers { get; set; } = [];

    /// <summary>Whom to write to about the zones, in the form it has in a SOA (RFC 1035 section 8).</summary>
    /// <value>Default: <c>hostmaster</c> in each zone.</value>
    public DnsName? Hostmaster { get; set; }

    /// <summary>How long others may keep an answer, also one that says no. Whole seconds.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The resolvers that are asked about everything outside of the zones.</summary>
    /// <value>Default: none; such queries are refused.</value>
    public IReadOnlyList<IPEndPoint> Forward { get; set; } = [];

    /// <summary>The port in SRV records of services without TLS.</summary>
    /// <value>Default: 80.</value>
    public int HttpPort { get; set; } = 80;

    /// <summary>The port in SRV records of services with TLS.</summary>
    /// <value>Default: 443.</value>
    public int HttpsPort { get; set; } = 443;

    /// <summary>The settings as the host reads them.</summary>
    internal static SettingsSchema<EmbeddedDnsOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<EmbeddedDnsOptions>()
        .List(
            "listen", text => ReadEndpoint(text, null), (options, listen) => options.Listen = listen,
            "Where queries are taken, over UDP and TCP: `address:port`, or a list of them; IPv6 as `[::1]:5353`. "
            + "`0.0.0.0` is every IPv4 address of this machine, `[::]` every IPv6 address.", "127.0.0.1:5353")
        .List(
            "zones", text => ReadHost(text, "a zone"), (options, zones) => options.Zones = zones,
            "The zones that are served; at least one. A service's names have to lie in them.")
        .List(
            "nameservers", text => ReadHost(text, "a name server"), (options, servers) => options.Nameservers = servers,
            "The zones' name servers, the primary first. One that lies in a zone is answered with the addresses of `listen`, unless a service has the name.",
            "ns.ZONE")
        .Value(
            "hostmaster", ReadHostmaster, (options, hostmaster) => options.Hostmaster = hostmaster,
            "Who looks after the zones: `hostmaster@example.org`, or as in a SOA, `hostmaster.example.org`.", "hostmaster.ZONE")
        .Value(
            "ttl", ReadTtl, (options, ttl) => options.Ttl = ttl,
            "How long others may keep an answer, also that a name does not exist.", "60s", "0s to 2147483647s, whole seconds")
        .List(
            "forward", text => ReadEndpoint(text, ResolverPort), (options, resolvers) => options.Forward = resolvers,
            "The resolvers that are asked about all other names, in this order: `address` or `address:port`. Without any, such queries are refused.")
        .Number("httpPort", (options, port) => options.HttpPort = port, "The port in SRV answers for services without TLS.", 1, 65535, "80")
        .Number("httpsPort", (options, port) => options.HttpsPort = port, "The port in SRV answers for services with TLS.", 1, 65535, "443")
        .Rule(Problems);

    private static IPEndPoint ReadEndpoint(string text, int? standardPort)
    {
        var written = text.Trim();
        var colon = written.LastIndexOf(':');
        var bracketed = written is ['[', ..];
        var hasPort = bracketed ? colon > 0 && written[colon - 1] == ']' : colon >= 0 && written.IndexOf(':', StringComparison.Ordinal) == colon;
        if (!hasPort && standardPort is null)
            throw new FormatException($"must be an address with a port, such as 127.0.0.1:5353 or [::1]:5353, not '{text}'");
        var host = hasPort ? written[..colon] : written;
        var address = SettingReaders.Address(bracketed && host is ['[', .. var inner, ']'] ? inner : host);
        if (address.IsIPv4MappedToIPv6)
            throw new FormatException($"is an IPv4 address written as IPv6: write {address.MapToIPv4()} instead of '{text}'");
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && hasPort && !bracketed)
            throw new FormatException($"must have its IPv6 address in brackets: [{host}]:{written[(colon + 1)..]}");
        return new(address, hasPort ? SettingReaders.Port(written[(colon + 1)..]) : standardPort!.Value);
    }

    private static string ReadHost(string text, string what) =>
        HostName.TryNormalize(text, out var name, out var problem) && name[0] != '*'
            ? name
            : throw new FormatException($"must be the name of {what}, but '{text}' {problem ?? "begins with a wildcard"}");

    // RFC 1035 section 8: what stands before the @ becomes one label, its dots included.
    private static DnsName ReadHostmaster(string text)
    {
        var written = text.Trim();
        var at = written.LastIndexOf('@');
        if (at < 0)
            return DnsName.Parse(ReadHost(written, "a hostmaster"));
        var (user, domain) = (written[..at], written[(at + 1)..]);
        if (user.Length is 0 or > DnsName.MaxLabel || !user.All(char.IsAscii) || user.Any(char.IsControl) || user.Contains(' ', StringComparison.Ordinal))
            throw new FormatException($"must be a mail address such as hostmaster@example.org, not '{text}'");
        var host = ReadHost(domain, "a mail domain");
        if (user.Length + host.Length > 252)
            throw new FormatException($"must be a mail address that fits the 255 bytes of a DNS name, not '{text}'");
        return DnsName.Of([Encoding.ASCII.GetBytes(user), .. host.Split('.').Select(Encoding.ASCII.GetBytes)]);
    }

    // RFC 2181 section 8: 31 bits of seconds.
    private static TimeSpan ReadTtl(string text) => SettingReaders.WholeSeconds(text, TimeSpan.Zero, TimeSpan.FromSeconds(int.MaxValue));

    private static IEnumerable<SettingProblem> Problems(EmbeddedDnsOptions options)
    {
        if (options.Zones.Count == 0)
            yield return new("zones", "must name at least one zone, such as example.org");
        foreach (var twice in options.Zones.GroupBy(zone => zone).Where(zone => zone.Count() > 1))
            yield return new("zones", $"names {twice.Key} twice: remove one");
        // 'hostmaster.' before it has to fit the 253 characters of a name.
        foreach (var zone in options.Zones.Where(zone => zone.Length > 240))
            yield return new("zones", $"names {zone}, which leaves no room for names in it");
        foreach (var twice in options.Listen.GroupBy(endpoint => endpoint).Where(endpoint => endpoint.Count() > 1))
            yield return new("listen", $"names {twice.Key} twice: remove one");
        foreach (var loop in options.Forward.Where(resolver => options.Listen.Any(listen => Reaches(resolver, listen))))
            yield return new("forward", $"names {loop}, which is Interlook itself: name other resolvers");
        if (options.Listen.Count == 0)
            yield return new("listen", "must name at least one address and port");
    }

    /// <summary>True when what is sent to a resolver comes in at a listener, as far as addresses tell that mean this machine on every machine.</summary>
    private static bool Reaches(IPEndPoint resolver, IPEndPoint listen)
    {
        if (resolver.Port != listen.Port || resolver.AddressFamily != listen.AddressFamily)
            return false;
        // Who sends to the unspecified address sends to loopback.
        var (everywhere, loopback) = resolver.AddressFamily == AddressFamily.InterNetwork
            ? (IPAddress.Any, IPAddress.Loopback)
            : (IPAddress.IPv6Any, IPAddress.IPv6Loopback);
        var asked = resolver.Address.Equals(everywhere) ? loopback : resolver.Address;
        return listen.Address.Equals(everywhere) ? IPAddress.IsLoopback(asked) : listen.Address.Equals(asked);
    }
}
