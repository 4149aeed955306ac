using System.Globalization;
using System.Net;

namespace Interlook.Extensions.HAProxy;

/// <summary>One target as HAProxy knows it: a <c>server</c> line.</summary>
/// <param name="Name">
/// <c>host:port</c>. A host without colons or an IPv6 address stands before the last colon, so no two targets share a name.
/// </param>
/// <param name="Host">An IP address or a host name.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">0 to 256.</param>
internal sealed record ServerLine(string Name, string Host, int Port, int Weight)
{
    /// <summary>The address, or null when the target is a host name, which HAProxy resolves at reload only.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>How the configuration and <c>add server</c> write the address: with brackets for IPv6.</summary>
    public string Endpoint =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The line, without indentation and end.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"server {Name} {Endpoint} weight {Weight}");

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <returns>Null for any other line.</returns>
    public static ServerLine? Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["server", var name, var endpoint, "weight", var weight]
            || !int.TryParse(weight, CultureInfo.InvariantCulture, out var share))
        {
            return null;
        }
        var colon = endpoint.LastIndexOf(':');
        return colon > 0 && int.TryParse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port)
            ? new ServerLine(name, endpoint[..colon].Trim('[', ']'), port, share)
            : null;
    }
}
