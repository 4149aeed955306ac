using System.Buffers;
using System.Net;
using System.Text;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.BigIp;

/// <summary>From definitions to what a service shall have on the appliance. Pure.</summary>
/// <param name="options">The settings.</param>
/// <param name="instance">Who we are.</param>
/// <param name="mark">The mark for descriptions.</param>
/// <param name="domains">The route domains of the partitions.</param>
internal sealed class BigIpTranslation(BigIpOptions options, string instance, OwnershipMark mark, RouteDomains domains)
{
    private const int LongestSlug = 48;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    private int Domain => options.RouteDomain ?? domains.DefaultOf(options.Partition);

    /// <summary>The name of a service's objects: readable at its head and unique by its tail, also among Interlooks that share an appliance.</summary>
    internal string NameOf(ServiceKey key)
    {
        var path = key.Workflow == ServiceKey.DefaultWorkflow ? key.Service : key.Path;
        var slug = new StringBuilder(LongestSlug);
        foreach (var character in path.AsSpan(0, Math.Min(path.Length, LongestSlug)))
            slug.Append(NameCharacters.Contains(character) ? character : '_');
        return $"il_{slug}_{NameDigest.Hex($"{instance}/{key.Path}", 12)}";
    }

    /// <exception cref="ExtensionException">The definition lacks what the mode needs, or holds what the appliance cannot be told.</exception>
    internal WantedService Of(ServiceKey key, ServiceDefinition definition)
    {
        if (Uri.UnescapeDataString(Uri.EscapeDataString(key.Path)) != key.Path)
            throw Invalid(key, "its name holds half a surrogate pair, which no description can hold");
        return new(
            key,
            NameOf(key),
            mark.Of(key),
            definition.Targets.Select(target => Member(key, target)).OrderBy(member => member.Address).ThenBy(member => member.Port).ToEquatableArray(),
            options.UsesPolicies ? null : Destination(key, definition),
            options.UsesPolicies ? Rule(key, definition) : null);
    }

    /// <summary>The addresses of targets that may have a node; what cannot be read has none.</summary>
    internal IEnumerable<RoutedAddress> AddressesOf(ServiceDefinition definition) => definition.Targets
        .Select(target => IPAddress.TryParse(target.Host, out var ip) ? new RoutedAddress(ip, Domain) : (RoutedAddress?)null)
        .OfType<RoutedAddress>();

    private WantedMember Member(ServiceKey key, Target target)
    {
        if (!IPAddress.TryParse(target.Host, out var ip) || target.Host.Contains('%', StringComparison.Ordinal))
            throw Invalid(key, $"its target '{PublicationLabels.Shown(target.Host)}' is no IP address; give targets by address");
        return new(new(ip, Domain), target.Port, Math.Max(target.Weight, 1), target.Weight > 0);
    }

    private WantedDestination Destination(ServiceKey key, ServiceDefinition definition) => definition.PublicIp switch
    {
        null => throw Invalid(key, "it has no public address; put an address step such as ipam.ipalloc before lb.f5ltm, or set updateMode: policy"),
        var ip => new(new(ip, Domain), definition.Tls ? options.HttpsPort : options.HttpPort),
    };

    private WantedRule Rule(ServiceKey key, ServiceDefinition definition)
    {
        if (definition.DnsNames.Count == 0)
            throw Invalid(key, "it has no host name, and with updateMode policy only names lead to it; give it one");
        if (definition.DnsNames.FirstOrDefault(name => name.StartsWith('*')) is { } wildcard)
            throw Invalid(key, $"'{wildcard}' is a wildcard, which a rule for exact names cannot hold; name the hosts one by one");
        var (policy, setting) = definition.Tls ? (options.GlobalSslPolicy, "globalSSLPolicy") : (options.GlobalHttpPolicy, "globalHTTPPolicy");
        return policy == ""
            ? throw Invalid(key, $"there is no policy for services {(definition.Tls ? "with" : "without")} TLS; set {setting}")
            : new(policy, definition.Tls, definition.DnsNames);
    }

    private static ExtensionException Invalid(ServiceKey key, string what) =>
        new(Reason.Invalid, $"service '{PublicationLabels.Shown(key.ToString())}' cannot be configured on F5 BIG-IP: {what}");
}
