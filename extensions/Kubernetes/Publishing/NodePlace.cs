namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What a node means for traffic. Two nodes that mean the same are equal. Immutable.</summary>
internal sealed record NodePlace
{
    /// <summary>True when load balancers may send to it.</summary>
    internal bool TakesTraffic { get; init; }

    /// <summary>True when it would take traffic, and nobody knows whether it is ready: its kubelet has not been heard of.</summary>
    internal bool IsUnknown { get; init; }

    /// <summary>Where its node ports are reached over IPv4: an address, or a host name.</summary>
    internal string? IPv4 { get; init; }

    /// <summary>Where its node ports are reached over IPv6: an address, or a host name.</summary>
    internal string? IPv6 { get; init; }

    /// <summary>Under which name endpoints of older servers know it, where that is not its own.</summary>
    internal string? HostName { get; init; }

    /// <summary>Why it has no address, though it may take traffic; null when it has one.</summary>
    internal string? Problem { get; init; }

    /// <summary>Where its node ports are reached in a family; null when they are not.</summary>
    internal string? AddressOf(bool isIPv6) => isIPv6 ? IPv6 : IPv4;
}
