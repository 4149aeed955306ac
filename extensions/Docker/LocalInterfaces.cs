using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Interlook.Extensions.Docker;

/// <summary>The network interfaces of this machine, and which of their addresses others can use.</summary>
internal static class LocalInterfaces
{
    internal static IReadOnlyList<string> Names() => [.. All().Select(each => each.Name).Order(StringComparer.Ordinal)];

    /// <summary>The addresses of an interface; null when there is none of that name, none at all while it is down.</summary>
    internal static IReadOnlyList<IPAddress>? Addresses(string name)
    {
        try
        {
            return All().FirstOrDefault(each => each.Name == name) is { } found
                ? [.. found.GetIPProperties().UnicastAddresses.Select(each => each.Address)]
                : null;
        }
        catch (NetworkInformationException)
        {
            return null; // it went while it was read
        }
    }

    private static NetworkInterface[] All()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            return []; // the kernel tells us nothing
        }
    }

    /// <summary>The first address that others can use, IPv4 before IPv6, in the order of the interface; null when there is none.</summary>
    internal static IPAddress? FirstUsable(IEnumerable<IPAddress> addresses) =>
        addresses.Where(IsUsable).OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6).FirstOrDefault();

    /// <summary>True for an address that is neither loopback nor of the link alone (RFC 3927, RFC 4291 section 2.5.6) nor none at all.</summary>
    internal static bool IsUsable(IPAddress address) =>
        !IPAddress.IsLoopback(address)
        && !address.Equals(IPAddress.Any)
        && !address.Equals(IPAddress.IPv6Any)
        && !address.IsIPv6LinkLocal
        && !address.IsIPv6Multicast
        && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..] or [>= 224, ..]);
}
