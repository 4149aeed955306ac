using System.Globalization;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>One <c>name:port</c> of a container's variable. Immutable.</summary>
/// <param name="Name">The service, canonical.</param>
/// <param name="Port">The port inside the container.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, or null for either, TCP first.</param>
internal sealed record DiscoverPair(string Name, int Port, string? Protocol)
{
    private const string Udp = "udp";

    /// <summary>The protocols to look for, the preferred one first.</summary>
    internal string[] Protocols => Protocol is null ? [ContainerPorts.Tcp, Udp] : [Protocol];

    /// <summary>Reads <c>name:port</c>, <c>name:port/tcp</c> or <c>name:port/udp</c>.</summary>
    /// <exception cref="FormatException">It is none; the message is the end of a sentence that begins with the text.</exception>
    internal static DiscoverPair Read(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            throw new FormatException("has no port: write name:port, such as web:80");
        var (written, rest) = (text[..colon].Trim(), text[(colon + 1)..].Trim());
        if (written.Length == 0)
            throw new FormatException("has no name before the colon: write name:port, such as web:80");
        if (!HostName.TryNormalize(written, out var name, out var problem) || name[0] == '*')
            throw new FormatException($"has a name that {problem ?? "is a pattern"}");
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? null : rest[(slash + 1)..].Trim().ToLowerInvariant();
        if (protocol is not (null or ContainerPorts.Tcp or Udp))
            throw new FormatException("has another protocol than tcp and udp behind its port");
        var number = slash < 0 ? rest : rest[..slash].Trim();
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? new DiscoverPair(name, port, protocol)
            : throw new FormatException($"has '{PublicationLabels.Shown(number)}' for a port: write the container's port, 1 to 65535");
    }
}
