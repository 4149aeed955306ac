using System.Globalization;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>Targets by the Docker host's published ports. Pure.</summary>
internal sealed class PublishedPorts(DockerOptions options)
{
    /// <summary>Finds where the Docker host publishes a container's port: TCP only, IPv4 before IPv6, an open address before loopback.</summary>
    /// <param name="network">The container that has the network: this one, or the one it follows.</param>
    /// <param name="container">The container that asks.</param>
    /// <param name="port">The port it names.</param>
    internal (string Host, int Port) Find(ContainerInspect network, ContainerInspect container, int? port)
    {
        switch (network.HostConfig?.NetworkMode)
        {
            case "host":
                return (HostAddress(ipv6: false), port ?? ContainerPorts.Only(ContainerPorts.Exposed(network, container), "exposes"));
            case "none":
                throw new FormatException("it has no network (network mode none): attach it to one and publish its port");
        }
        var ports = network.NetworkSettings?.Ports ?? [];
        var wanted = port ?? ContainerPorts.Only(ports.Where(published => published.Value is { Length: > 0 }).Select(published => published.Key), "publishes");
        var bindings = ports.GetValueOrDefault($"{wanted}/{ContainerPorts.Tcp}") ?? [];
        if (bindings.Length == 0)
            throw NotPublished(wanted, ports);
        return Choose(wanted, bindings);
    }

    private (string Host, int Port) Choose(int wanted, PortBinding[] bindings)
    {
        var usable = new List<(string Host, int Port, bool Loopback)>();
        foreach (var binding in bindings)
        {
            if (!int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var hostPort) || hostPort is < 1 or > 65535)
                continue;
            if (TargetAddress.IsUnspecified(binding.HostIp))
                usable.Add((HostAddress(TargetAddress.IsIPv6(binding.HostIp)), hostPort, false));
            else if (!TargetAddress.IsLoopback(binding.HostIp) || options.Endpoint.IsLocal)
                usable.Add((TargetAddress.Read(binding.HostIp!), hostPort, TargetAddress.IsLoopback(binding.HostIp)));
        }
        if (usable.Count > 0)
        {
            var best = usable
                .OrderBy(candidate => TargetAddress.IsIPv6(candidate.Host))
                .ThenBy(candidate => candidate.Loopback)
                .ThenBy(candidate => candidate.Host, StringComparer.Ordinal)
                .ThenBy(candidate => candidate.Port)
                .First();
            return (best.Host, best.Port);
        }
        throw bindings.Any(binding => TargetAddress.IsLoopback(binding.HostIp))
            ? new FormatException(
                $"its port {wanted} is published on the Docker host's loopback address only, which cannot be reached from here ({options.Endpoint.Text}): "
                + $"publish it on another address (docker run -p {wanted})")
            : new FormatException($"Docker names no usable host port for its port {wanted}: start the container again");
    }

    private string HostAddress(bool ipv6)
    {
        if (options.HostAddress != "")
            return options.HostAddress;
        if (options.Endpoint.IsLocal)
            return ipv6 ? TargetAddress.Loopback6 : TargetAddress.Loopback4;
        return TargetAddress.Read(options.Endpoint.Host);
    }

    private static FormatException NotPublished(int wanted, Dictionary<string, PortBinding[]?> ports)
    {
        var others = ports.Where(port => port.Value is { Length: > 0 }).Select(port => port.Key).Order(StringComparer.Ordinal).ToList();
        if (others.Any(other => ContainerPorts.TryParse(other, out var port, out _) && port == wanted))
            return new FormatException($"its port {wanted} is published, but not for TCP: publish {wanted}/tcp");
        var known = ports.ContainsKey($"{wanted}/{ContainerPorts.Tcp}") ? "is exposed and not published" : "is not published";
        var published = others.Count == 0 ? "no port is" : $"published: {string.Join(", ", others)}";
        return new FormatException($"its port {wanted} {known} ({published}): publish it (docker run -p {wanted}), or set targetNetwork");
    }
}
