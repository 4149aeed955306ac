using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>The name under which an address is looked up: RFC 1035 section 3.5 for IPv4, RFC 3596 section 2.5 for IPv6.</summary>
internal static class ReverseName
{
    /// <summary>Makes it.</summary>
    internal static DnsName Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes().Reverse();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? DnsName.Of(bytes.Select(part => Label(part.ToString(CultureInfo.InvariantCulture))).Append(Label("in-addr")).Append(Label("arpa")))
            : DnsName.Of(bytes.SelectMany(part => new[] { part & 15, part >> 4 })
                .Select(digit => Label(digit.ToString("x", CultureInfo.InvariantCulture))).Append(Label("ip6")).Append(Label("arpa")));
    }

    private static byte[] Label(string text) => Encoding.ASCII.GetBytes(text);
}
