using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Simulators.GestioIP;

/// <summary>A network's addresses as numbers.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="First">The network address.</param>
/// <param name="Last">The broadcast address, of IPv6 the last one.</param>
/// <param name="Mask">Length of the prefix.</param>
public sealed record AddressSpan(AddressFamily Family, UInt128 First, UInt128 Last, int Mask)
{
    /// <summary>The network address.</summary>
    public IPAddress Address => ToAddress(First, Family);

    /// <summary>Reads <c>192.168.99.0/24</c>.</summary>
    public static AddressSpan Parse(string text)
    {
        var network = IPNetwork.Parse(text);
        var family = network.BaseAddress.AddressFamily;
        var free = (family == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        var first = Number(network.BaseAddress);
        return new AddressSpan(family, first, first + (free == 128 ? UInt128.MaxValue : (UInt128.One << free) - 1), network.PrefixLength);
    }

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(IPAddress address) =>
        address.AddressFamily == Family && Number(address) >= First && Number(address) <= Last;

    /// <summary>An address as a number.</summary>
    internal static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>A number as an address.</summary>
    internal static IPAddress ToAddress(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }

    /// <summary>As the tables keep it: IPv6 in eight groups of four digits.</summary>
    internal static string Show(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return address.ToString();
        var digits = Number(address).ToString("x32", CultureInfo.InvariantCulture);
        return string.Join(':', Enumerable.Range(0, 8).Select(group => digits.Substring(group * 4, 4)));
    }
}
