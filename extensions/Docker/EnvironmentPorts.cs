using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>Targets of a container's variable: the public host and the port that Docker publishes there. Pure.</summary>
internal static class EnvironmentPorts
{
    /// <summary>
    /// Finds where a port is reached from elsewhere. A binding to one address of the host is announced with that address, one to all with the
    /// public host, one to loopback not at all.
    /// </summary>
    /// <param name="network">The container that has the network: this one, or the one it follows.</param>
    /// <param name="pair">What the variable asks for.</param>
    /// <param name="publicHost">An address, or a name.</param>
    internal static (string Host, int Port) Find(ContainerInspect network, DiscoverPair pair, string publicHost)
    {
        switch (network.HostConfig?.NetworkMode)
        {
            case "host":
                return (publicHost, pair.Port);
            case "none":
                throw new FormatException("the container has no network (network mode none): attach it to one and publish the port");
        }
        var ports = network.NetworkSettings?.Ports ?? [];
        var published = pair.Protocols.Select(protocol => ports.GetValueOrDefault($"{pair.Port}/{protocol}") ?? []).Where(bindings => bindings.Length > 0).ToList();
        foreach (var bindings in published)
        {
            if (Choose(bindings, publicHost) is { } found)
                return found;
        }
        throw published.Count == 0 ? NotPublished(pair, ports) : NotReachable(pair, published.SelectMany(bindings => bindings), publicHost);
    }

    private static (string Host, int Port)? Choose(PortBinding[] bindings, string publicHost)
    {
        var usable = new List<(string Host, int Port, bool IsOneAddress, bool IsOfIPv6)>();
        foreach (var binding in bindings)
        {
            if (!int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                continue;
            if (!TargetAddress.IsUnspecified(binding.HostIp))
            {
                if (!TargetAddress.IsLoopback(binding.HostIp))
                    usable.Add((TargetAddress.Read(binding.HostIp!), port, true, TargetAddress.IsIPv6(binding.HostIp)));
            }
            else if (Serves(binding, publicHost))
            {
                usable.Add((publicHost, port, false, TargetAddress.IsIPv6(binding.HostIp)));
            }
        }
        if (usable.Count == 0)
            return null;
        var best = usable
            .OrderBy(candidate => candidate.IsOneAddress)
            .ThenBy(candidate => candidate.IsOfIPv6) // a name may mean either: the port of IPv4 is the likelier one
            .ThenBy(candidate => candidate.Host, StringComparer.Ordinal)
            .ThenBy(candidate => candidate.Port)
            .First();
        return (best.Host, best.Port);
    }

    /// <summary>A binding to every address is one of IPv4 or of IPv6: the ports of the two may differ. Podman writes neither and means both.</summary>
    private static bool Serves(PortBinding binding, string publicHost) =>
        string.IsNullOrEmpty(binding.HostIp)
        || !IPAddress.TryParse(publicHost, out var address)
        || (address.AddressFamily == AddressFamily.InterNetworkV6) == TargetAddress.IsIPv6(binding.HostIp);

    private static FormatException NotReachable(DiscoverPair pair, IEnumerable<PortBinding> bindings, string publicHost) =>
        bindings.All(binding => TargetAddress.IsLoopback(binding.HostIp))
            ? new($"port {pair.Port} is published on the Docker host's loopback address only, which nobody else can reach: "
                + $"publish it on another address (docker run -p {pair.Port})")
            : new($"port {pair.Port} is not published for the public host {publicHost}: publish it for "
                + $"{(TargetAddress.IsIPv6(publicHost) ? "IPv6" : "IPv4")} too, or set another host");

    private static FormatException NotPublished(DiscoverPair pair, Dictionary<string, PortBinding[]?> ports)
    {
        var others = ports.Where(port => port.Value is { Length: > 0 }).Select(port => port.Key).Order(StringComparer.Ordinal).ToList();
        var published = others.Count == 0 ? "no port is" : $"published: {string.Join(", ", others)}";
        var state = pair.Protocols.Any(protocol => ports.ContainsKey($"{pair.Port}/{protocol}")) ? "is exposed and not published" : "is not published";
        var wanted = pair.Protocol is null ? $"{pair.Port}" : $"{pair.Port}/{pair.Protocol}";
        return new FormatException($"port {wanted} {state} ({published}): publish it (docker run -p {wanted})");
    }
}
