using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>Targets by the container's own address on a network. Pure.</summary>
internal static class NetworkPorts
{
    /// <summary>Finds the address on the network, IPv4 before IPv6, and the container's port.</summary>
    /// <param name="network">The container that has the network: this one, or the one it follows.</param>
    /// <param name="container">The container that asks.</param>
    /// <param name="port">The port it names.</param>
    /// <param name="name">The network's name or id.</param>
    internal static (string Host, int Port) Find(ContainerInspect network, ContainerInspect container, int? port, string name)
    {
        var networks = network.NetworkSettings?.Networks ?? [];
        var attachment = networks.GetValueOrDefault(name) ?? networks.Values.FirstOrDefault(candidate => candidate?.NetworkID == name);
        if (attachment is null)
        {
            var has = networks.Count == 0 ? "none" : string.Join(", ", networks.Keys.Order(StringComparer.Ordinal));
            throw new FormatException($"it is not attached to targetNetwork '{name}' (it has: {has}): docker network connect {name} it");
        }
        var host = attachment.IPAddress is { Length: > 0 } ip4 ? ip4 : attachment.GlobalIPv6Address;
        if (TargetAddress.IsUnspecified(host))
            throw new FormatException($"it has no address on targetNetwork '{name}' yet: check the network's driver if this stays");
        return (TargetAddress.Read(host!), port ?? ContainerPorts.Only(ContainerPorts.Exposed(network, container), "exposes"));
    }
}
