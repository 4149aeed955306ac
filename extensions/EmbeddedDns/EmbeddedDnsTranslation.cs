using Interlook.Extensions.EmbeddedDns.Names;
using Interlook.Services;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>Turns definitions into what is published. Pure.</summary>
/// <param name="zones">The zones that are served.</param>
internal sealed class EmbeddedDnsTranslation(IReadOnlyList<string> zones)
{
    private readonly List<DnsName> zoneNames = [.. zones.Select(DnsName.Parse)];

    /// <summary>Gives what a service shall have in DNS; null when it asks for no name.</summary>
    /// <exception cref="ExtensionException">It cannot have it: what it lacks.</exception>
    internal Publication? Publish(ServiceKey key, ServiceDefinition definition)
    {
        if (definition.DnsNames.Count == 0)
            return null;
        if (definition.PublicIp is not { } address)
        {
            throw new ExtensionException(
                Reason.Invalid, $"service {key} has names and no public address: put an address step (ipam.…) before dns.embedded in the workflow");
        }
        var outside = definition.DnsNames.Where(name => !IsServed(DnsName.Parse(name))).ToList();
        if (outside.Count > 0)
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"service {key} asks for {string.Join(", ", outside)}, outside of the zones that dns.embedded serves ({string.Join(", ", zones)}): "
                + "rename it, or add the zone to dns.embedded.zones");
        }
        return new(definition.DnsNames, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, definition.Tls);
    }

    private bool IsServed(DnsName name) => zoneNames.Exists(name.IsIn);
}
