using System.Net;
using System.Net.Sockets;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>Says what a definition means in the catalog. Pure: the same definition gives the same registrations, for ever.</summary>
internal sealed class RegistrationPlan(ConsulDnsOptions options)
{
    private const int KeyDigits = 20;

    /// <summary>What shall be registered for a definition.</summary>
    /// <exception cref="ExtensionException">A name or the address cannot be registered.</exception>
    internal IReadOnlyList<Registration> Of(ServiceKey key, ServiceDefinition definition)
    {
        if (definition.DnsNames.Count == 0)
            return [];
        var address = Address(key, definition);
        var suffix = Suffix(key);
        var registrations = new List<Registration>(definition.DnsNames.Count);
        foreach (var fullName in definition.DnsNames)
        {
            var name = Name(key, fullName);
            if (!registrations.Exists(earlier => earlier.Name == name))
            {
                registrations.Add(new(
                    name.Labels + suffix, key, name, fullName, address,
                    definition.Tls ? options.HttpsPort : options.HttpPort, definition.Targets.Count > 0));
            }
        }
        return registrations;
    }

    /// <summary>The IDs that a definition may have registered, also one that cannot be registered any more.</summary>
    internal IEnumerable<string> Ids(ServiceKey key, ServiceDefinition definition)
    {
        var suffix = Suffix(key);
        return definition.DnsNames.Select(fullName => ConsulName.Of(fullName, options.Domain).Labels + suffix);
    }

    private static IPAddress Address(ServiceKey key, ServiceDefinition definition)
    {
        if (definition.PublicIp is not { } address)
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"service {key} has no public address to register in Consul: put an address step such as ipam.ipalloc before dns.consul"
                + " in the workflow, or give the service an address");
        }
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0))
            throw new ExtensionException(Reason.Invalid, $"service {key} has the public address {address}, which names no host: lease another");
        return address;
    }

    private ConsulName Name(ServiceKey key, string fullName)
    {
        if (!HostName.TryNormalize(fullName, out var canonical, out var problem))
            throw Refuse(key, fullName, problem);
        if (canonical[0] == '*')
            throw Refuse(key, fullName, "is a wildcard, and Consul's DNS has none: list the names one by one");
        var name = ConsulName.Of(canonical, options.Domain);
        if (name.Labels.Length > ConsulName.MaxLength)
            throw Refuse(key, fullName, $"is longer than the {ConsulName.MaxLength} characters that leave room for .service.consul");
        return name;
    }

    /// <summary>Any text may be a service's name, so the key enters the ID as a hash; 80 bits keep names apart that differ anywhere.</summary>
    private static string Suffix(ServiceKey key) => "-" + NameDigest.Hex(key.Path, KeyDigits);

    private static ExtensionException Refuse(ServiceKey key, string name, string problem) =>
        new(Reason.Invalid, $"service {key} asks for a name that Consul cannot serve: '{name}' {problem}");
}
