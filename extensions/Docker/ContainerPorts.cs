using System.Globalization;
using Interlook.Extensions.Docker.Wire;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>A container's ports, as Docker writes them: <c>80/tcp</c>.</summary>
internal static class ContainerPorts
{
    internal const string Tcp = "tcp";

    /// <summary>Splits <c>80/tcp</c>; a port without a protocol is TCP.</summary>
    internal static bool TryParse(string text, out int port, out string protocol)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        protocol = slash < 0 ? Tcp : text[(slash + 1)..];
        return int.TryParse(slash < 0 ? text : text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;
    }

    /// <summary>The only TCP port among several texts, for a container that names none.</summary>
    /// <exception cref="FormatException">There is none, or more than one.</exception>
    internal static int Only(IEnumerable<string> ports, string what)
    {
        var found = new SortedSet<int>();
        foreach (var text in ports)
        {
            if (TryParse(text, out var port, out var protocol) && protocol == Tcp)
                found.Add(port);
        }
        return found.Count switch
        {
            1 => found.Min,
            0 => throw new FormatException($"it {what} no TCP port: {Remedy(what)}"),
            _ => throw new FormatException($"it {what} the ports {string.Join(", ", found)}: say which one with label {PublicationLabels.PortLabel}"),
        };
    }

    /// <summary>The ports that the image or the command line names, of the container itself and of the one whose network it uses.</summary>
    internal static IEnumerable<string> Exposed(ContainerInspect network, ContainerInspect container) =>
        ((IEnumerable<string>?)container.Config?.ExposedPorts?.Keys ?? []).Concat((IEnumerable<string>?)network.Config?.ExposedPorts?.Keys ?? []);

    private static string Remedy(string what) => what == "publishes"
        ? $"publish one (docker run -p), or set targetNetwork and label {PublicationLabels.PortLabel}"
        : $"set label {PublicationLabels.PortLabel}";
}
