using System.Net;
using System.Net.Sockets;
using Interlook.Configuration;

namespace Interlook.Extensions.GestioIP;

/// <summary>A network from which addresses are reserved. GestioIP never gives its first address nor its last, of IPv6 neither.</summary>
/// <param name="Span">Its addresses.</param>
internal sealed record ReservableNetwork(IPNetwork Span)
{
    /// <summary>The largest addresses that <c>listHosts</c> shows of IPv6 begin with this byte.</summary>
    private const byte Horizon = 0x3f;

    /// <summary>The network's own address, by which GestioIP finds it.</summary>
    internal IPAddress Address => Span.BaseAddress;

    /// <summary>GestioIP's word for its family.</summary>
    internal string Version => Address.AddressFamily == AddressFamily.InterNetwork ? "v4" : "v6";

    /// <summary>Whether <c>listHosts</c> shows its hosts: unique local addresses (RFC 4193) it does not.</summary>
    internal bool IsListed => Version == "v4" || Address.GetAddressBytes()[0] <= Horizon;

    /// <summary>Whether a service may have an address: it lies within, and is neither the first nor the last.</summary>
    internal bool MayGive(IPAddress address) =>
        address.AddressFamily == Address.AddressFamily && Span.Contains(address) && !address.Equals(Address) && !IsLast(address);

    /// <inheritdoc/>
    public override string ToString() => Span.ToString();

    /// <summary>Reads <c>address/length</c>.</summary>
    /// <exception cref="FormatException">It is not one; the end of a sentence.</exception>
    internal static ReservableNetwork Parse(string text)
    {
        // The runtime forgives bits beyond the prefix; GestioIP finds no network by such an address.
        if (!IPNetwork.TryParse(text, out var span) || !span.BaseAddress.Equals(SettingReaders.Address(text.Split('/')[0])))
            throw new FormatException($"must be a network such as 192.168.99.0/24, its first address before the slash, not '{text}'");
        if (span.BaseAddress.IsIPv4MappedToIPv6)
            throw new FormatException($"is an IPv4 network written as IPv6: '{text}'; write it as IPv4");
        var network = new ReservableNetwork(span);
        return network.FreeBits >= 2
            ? network
            : throw new FormatException($"has no address that GestioIP gives: of {text} the first and the last are left out; write a larger network");
    }

    private int FreeBits => (Version == "v4" ? 32 : 128) - Span.PrefixLength;

    private bool IsLast(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = Span.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) == 0)
                return false;
        }
        return true;
    }
}
