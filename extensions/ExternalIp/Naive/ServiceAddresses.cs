using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Naive;

/// <summary>The addresses that Services ask for, and what of that cannot be used. Pure.</summary>
/// <param name="Addresses">Each once, however many Services ask for it.</param>
/// <param name="Problems">The Service and the text.</param>
internal sealed record ServiceAddresses(ImmutableHashSet<LinkAddress> Addresses, ImmutableHashSet<(ObjectName Service, string Text)> Problems)
{
    private const int LongestIpv4 = 32;
    private const int LongestIpv6 = 128;

    /// <summary>Nothing.</summary>
    internal static ServiceAddresses None { get; } = new([], []);

    /// <summary>Reads Services.</summary>
    /// <param name="services">All of them.</param>
    /// <param name="mask">See <see cref="NaiveOptions.Mask"/>.</param>
    /// <param name="withLoadBalancers">True when the addresses in their status count too.</param>
    internal static ServiceAddresses Of(IEnumerable<Service> services, int mask, bool withLoadBalancers)
    {
        var addresses = ImmutableHashSet.CreateBuilder<LinkAddress>();
        var problems = ImmutableHashSet.CreateBuilder<(ObjectName Service, string Text)>();
        foreach (var service in services)
        {
            IEnumerable<string> texts = service.Spec.ExternalIPs;
            if (withLoadBalancers && service.Status.LoadBalancer is { } status)
                texts = texts.Concat(status.Ingress.Select(ingress => ingress.Ip).OfType<string>());
            foreach (var text in texts)
            {
                if (Read(text) is { } address)
                    addresses.Add(new(address, PrefixOf(address, mask)));
                else
                    problems.Add((service.Name, text));
            }
        }
        return new(addresses.ToImmutable(), problems.ToImmutable());
    }

    // Forms of IPv4 with fewer than four numbers are the framework's own idea; what is no address of one machine cannot stand on an
    // interface.
    private static IPAddress? Read(string text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? address is { ScopeId: 0, IsIPv6Multicast: false, IsIPv6LinkLocal: false, IsIPv4MappedToIPv6: false } && !address.Equals(IPAddress.IPv6Any)
            : address.ToString() == text && address.GetAddressBytes()[0] is > 0 and < 224)
        && !IPAddress.IsLoopback(address)
            ? address
            : null;

    private static int PrefixOf(IPAddress address, int mask) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? mask > LongestIpv4 ? mask : LongestIpv6
        : mask > LongestIpv4 ? LongestIpv4 : mask;
}
