using System.Globalization;
using System.Text;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>
/// What a listing tells of a container that can change its publication. While it stays the same, nothing needs to be inspected again;
/// labels and network mode cannot change in a container's life.
/// </summary>
internal static class ContainerFingerprint
{
    internal static string Of(ContainerSummary container)
    {
        var text = new StringBuilder(200);
        text.Append(container.State).Append(Remark(container.Status));
        foreach (var name in container.Names ?? [])
            text.Append(' ').Append(name);
        foreach (var port in (container.Ports ?? []).OrderBy(port => port.PrivatePort).ThenBy(port => port.Type, StringComparer.Ordinal)
            .ThenBy(port => port.IP, StringComparer.Ordinal).ThenBy(port => port.PublicPort))
        {
            text.Append(CultureInfo.InvariantCulture, $" {port.IP}:{port.PublicPort}>{port.PrivatePort}/{port.Type}");
        }
        foreach (var (name, network) in (container.NetworkSettings?.Networks ?? []).OrderBy(network => network.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $" {name}={network?.NetworkID},{network?.IPAddress},{network?.GlobalIPv6Address}");
        return text.ToString();
    }

    // "Up 5 seconds (healthy)": the time goes on, the remark in brackets is the health.
    private static string Remark(string? status)
    {
        var open = status?.LastIndexOf('(') ?? -1;
        return open < 0 ? "" : status![open..];
    }
}
