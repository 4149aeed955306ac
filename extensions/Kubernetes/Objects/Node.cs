using System.Collections.Immutable;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A node of the cluster (API group core, v1).</summary>
internal sealed record Node : KubernetesObject
{
    public NodeSpec? Spec { get; init; }

    public NodeStatus? Status { get; init; }
}

/// <summary>What a node shall be.</summary>
internal sealed record NodeSpec
{
    public ImmutableArray<Taint> Taints { get => field.IsDefault ? [] : field; init; }
}

/// <summary>Why pods keep away from a node.</summary>
internal sealed record Taint
{
    public string Key { get => field ?? ""; init; }
}

/// <summary>What a node said of itself.</summary>
internal sealed record NodeStatus
{
    public ImmutableArray<NodeAddress> Addresses { get => field.IsDefault ? [] : field; init; }

    public ImmutableArray<NodeCondition> Conditions { get => field.IsDefault ? [] : field; init; }
}

/// <summary>An address of a node.</summary>
internal sealed record NodeAddress
{
    /// <summary>InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS.</summary>
    public string Type { get => field ?? ""; init; }

    public string Address { get => field ?? ""; init; }
}

/// <summary>A condition of a node, without the time of its heartbeat: that would make every heartbeat a change.</summary>
internal sealed record NodeCondition
{
    internal const string Ready = "Ready";

    public string Type { get => field ?? ""; init; }

    public string Status { get => field ?? ""; init; }
}
