using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>An address as it stands on an interface: with the length of its network's prefix.</summary>
/// <param name="Address">IPv4 or IPv6, without a scope.</param>
/// <param name="PrefixLength">At most 32 or 128.</param>
internal sealed record LinkAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>True for IPv6.</summary>
    internal bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>True when the prefix is the whole address, so that no network belongs to it.</summary>
    internal bool IsSingle => PrefixLength == LengthOf(Address);

    /// <summary>
    /// The address with its prefix cut to the length of its family: a mask for both families says 32 or 128 for all of it.
    /// </summary>
    internal static LinkAddress Of(IPAddress address, int prefixLength) => new(address, Math.Min(prefixLength, LengthOf(address)));

    /// <summary>Reads <c>10.0.0.7/24</c>; without a prefix the address stands alone.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    internal static LinkAddress Parse(string text)
    {
        var (address, slash, prefix) = text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at
            ? (text[..at], true, text[(at + 1)..])
            : (text, false, "");
        if (!IPAddress.TryParse(address, out var parsed))
            throw new FormatException($"{text} is no IP address");
        if (!slash)
            return new(parsed, LengthOf(parsed));
        return int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= LengthOf(parsed)
            ? new(parsed, length)
            : throw new FormatException($"{text} has no prefix length that an address of its family can have");
    }

    /// <summary>True when the other address is in the network of this one.</summary>
    internal bool Covers(IPAddress other)
    {
        if (other.AddressFamily != Address.AddressFamily)
            return false;
        Span<byte> own = stackalloc byte[16];
        Span<byte> others = stackalloc byte[16];
        Address.TryWriteBytes(own, out _);
        other.TryWriteBytes(others, out _);
        var (whole, rest) = (PrefixLength / 8, PrefixLength % 8);
        return own[..whole].SequenceEqual(others[..whole]) && (rest == 0 || (own[whole] ^ others[whole]) >> (8 - rest) == 0);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");

    private static int LengthOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
}
