namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A Lease (API group coordination.k8s.io, v1): who may act, until when. Written whole: for leases of our own only.</summary>
internal sealed record LeaderLease : KubernetesObject
{
    public LeaderLeaseSpec? Spec { get; init; }
}

/// <summary>What a Lease says.</summary>
internal sealed record LeaderLeaseSpec
{
    public string? HolderIdentity { get; init; }

    /// <summary>How long it counts after <see cref="RenewTime"/>.</summary>
    public int? LeaseDurationSeconds { get; init; }

    public MicroTime? AcquireTime { get; init; }

    public MicroTime? RenewTime { get; init; }

    /// <summary>How often it went from one holder to another.</summary>
    public int? LeaseTransitions { get; init; }
}
