using System.Net;

namespace Interlook.Extensions.HAProxy;

/// <summary>
/// The addresses that foreign sections bind. HAProxy binds one address twice within a process without a word (SO_REUSEPORT) and
/// connections then go to either, so a second bind must be found by reading.
/// </summary>
internal static class BoundAddresses
{
    /// <summary>Finds the exact addresses in <c>bind</c> lines; wildcards, sockets and variables are no conflict or cannot be known.</summary>
    public static IEnumerable<IPEndPoint> In(string configuration)
    {
        foreach (var line in configuration.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["bind", var addresses, ..])
                continue;
            foreach (var address in addresses.Trim('"', '\'').Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var endpoint in Endpoints(address))
                    yield return endpoint;
            }
        }
    }

    private static IEnumerable<IPEndPoint> Endpoints(string address)
    {
        foreach (var family in (ReadOnlySpan<string>)["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"])
        {
            if (address.StartsWith(family, StringComparison.Ordinal))
                address = address[family.Length..];
        }
        var colon = address.LastIndexOf(':');
        if (colon <= 0 || !IPAddress.TryParse(address[..colon].Trim('[', ']'), out var ip))
            return [];
        var ports = address[(colon + 1)..].Split('-');
        if (!ushort.TryParse(ports[0], out var first) || !ushort.TryParse(ports[^1], out var last))
            return [];
        return Enumerable.Range(first, Math.Max(1, last - first + 1)).Select(port => new IPEndPoint(ip, port));
    }
}
