using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>An address with its prefix length, as a claim's <c>spec.cidr</c> writes it.</summary>
internal readonly record struct ClaimAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>The claim's name for it.</summary>
    internal string Name => ClaimName.Of(Address, PrefixLength);

    /// <summary><c>10.0.0.7/24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");

    /// <summary>The prefix length of a lone address: 32, or 128.</summary>
    internal static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>Reads it; false when it is not one.</summary>
    internal static bool TryParse(string text, out ClaimAddress result)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        result = default;
        if (slash < 0
            || !TryParseAddress(text[..slash], out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > Bits(address))
        {
            return false;
        }
        result = new ClaimAddress(address, length);
        return true;
    }

    /// <summary>Reads an address; refuses short forms such as 10.1, zones, and IPv4 in the clothes of IPv6.</summary>
    internal static bool TryParseAddress(string text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out var parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetworkV6 || parsed.ToString() == text)
            && !parsed.IsIPv4MappedToIPv6
            && !text.AsSpan().ContainsAny('%', '[', ']'))
        {
            address = parsed;
            return true;
        }
        address = IPAddress.None;
        return false;
    }
}
