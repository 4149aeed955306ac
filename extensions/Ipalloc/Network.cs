using System.Globalization;
using System.Net.Sockets;
using Interlook.Configuration;

namespace Interlook.Extensions.Ipalloc;

/// <summary>An IP network: a family and the addresses it spans.</summary>
internal sealed record Network(AddressFamily Family, AddressRange Range, int PrefixLength)
{
    /// <summary>
    /// The addresses a service may have. Of an IPv4 network the first (the network itself) and the last (its broadcast address) are left out,
    /// but for /31 and /32, which have neither (RFC 3021). Of an IPv6 network the first, which is every router's (RFC 4291 section 2.6.1),
    /// but for /127 and /128 (RFC 6164).
    /// </summary>
    internal AddressRange Usable =>
        AddressNumber.Bits(Family) - PrefixLength <= 1 ? Range
        : Family == AddressFamily.InterNetwork ? new AddressRange(Range.First + 1, Range.Last - 1)
        : Range with { First = Range.First + 1 };

    /// <summary><c>192.168.0.0/24</c>.</summary>
    public override string ToString() => $"{AddressNumber.Show(Range.First, Family)}/{PrefixLength}";

    /// <summary>Reads <c>address/length</c>.</summary>
    /// <exception cref="FormatException">It is not one; the end of a sentence.</exception>
    internal static Network Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            throw new FormatException($"must be a network such as 192.168.99.0/24, not '{text}'");
        var address = SettingReaders.Address(text[..slash]);
        if (address.IsIPv4MappedToIPv6)
            throw new FormatException($"is an IPv4 network written as IPv6: write {address.MapToIPv4()}/… instead of '{text}'");
        var bits = AddressNumber.Bits(address.AddressFamily);
        if (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > bits)
            throw new FormatException($"must end in a prefix length from 0 to {bits}, not '{text[slash..]}'");
        var number = AddressNumber.Of(address);
        var hosts = length == 0 ? UInt128.MaxValue : (UInt128.One << (bits - length)) - 1;
        if (bits == 32)
            hosts &= uint.MaxValue;
        var network = new Network(address.AddressFamily, new AddressRange(number & ~hosts, number | hosts), length);
        return number == network.Range.First
            ? network
            : throw new FormatException($"has bits set beyond its prefix: '{text}' lies in the network {network}; write that");
    }
}
