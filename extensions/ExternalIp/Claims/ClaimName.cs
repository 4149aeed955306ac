using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>The name of a claim: its address and prefix length as a DNS label.</summary>
internal static class ClaimName
{
    /// <summary>
    /// <c>10.0.0.7/24</c> becomes <c>10-0-0-7-24</c>, as the earlier program had it. An IPv6 address is written with all its eight groups
    /// (<c>2001-db8-0-0-0-0-0-7-64</c>): the short form would begin or end with a hyphen, and two addresses could share a name. Nine parts
    /// never meet the five of IPv4, and 44 letters fit a label.
    /// </summary>
    internal static string Of(IPAddress address, int prefixLength)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return string.Create(CultureInfo.InvariantCulture, $"{address.ToString().Replace('.', '-')}-{prefixLength}");
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var parts = new string[8];
        for (var at = 0; at < parts.Length; at++)
            parts[at] = ((bytes[at * 2] << 8) | bytes[(at * 2) + 1]).ToString("x", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', parts)}-{prefixLength}");
    }

    /// <summary>A node's name: its host name with hyphens for dots, as the earlier program had it.</summary>
    internal static string OfNode(string hostname) => hostname.Replace('.', '-').ToLowerInvariant();
}
