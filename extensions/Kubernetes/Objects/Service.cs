using System.Collections.Immutable;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A Service (API group core, v1).</summary>
internal sealed record Service : KubernetesObject
{
    internal const string NodePort = "NodePort";

    internal const string LoadBalancer = "LoadBalancer";

    internal const string ExternalName = "ExternalName";

    public ServiceSpec Spec { get; init; }

    public ServiceStatus Status { get; init; }
}

/// <summary>What a Service shall be.</summary>
internal readonly record struct ServiceSpec
{
    /// <summary>ClusterIP, NodePort, LoadBalancer or ExternalName.</summary>
    public string Type { get => field ?? "ClusterIP"; init; }

    /// <summary>Which load balancer shall serve it; null leaves it to the cluster's own. Cannot be changed. Since Kubernetes 1.21.</summary>
    public string? LoadBalancerClass { get; init; }

    /// <summary>An address that is asked for; deprecated, and widely used.</summary>
    public string? LoadBalancerIP { get; init; }

    /// <summary>Cluster, or Local: only nodes with an endpoint take traffic from outside.</summary>
    public string? ExternalTrafficPolicy { get; init; }

    /// <summary>Addresses on which the Service shall be reached from outside, brought there by others.</summary>
    public ImmutableArray<string> ExternalIPs { get => field.IsDefault ? [] : field; init; }

    public ImmutableArray<ServicePort> Ports { get => field.IsDefault ? [] : field; init; }
}

/// <summary>A port of a Service.</summary>
internal readonly record struct ServicePort
{
    /// <summary>Its name, the same as in the EndpointSlices; may be empty when it is the only one.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>TCP, UDP or SCTP.</summary>
    public string Protocol { get => field ?? "TCP"; init; }

    public int Port { get; init; }

    /// <summary>The port on every node; 0 when it has none.</summary>
    public int NodePort { get; init; }

    /// <summary>The port of the pods as it is written, a number or a name; none when it is <see cref="Port"/>.</summary>
    public PortName TargetPort { get; init; }
}

/// <summary>What others said of a Service.</summary>
internal readonly record struct ServiceStatus
{
    public LoadBalancerStatus LoadBalancer { get; init; }

    public ImmutableArray<Condition> Conditions { get => field.IsDefault ? [] : field; init; }
}

/// <summary>Where a load balancer serves a Service.</summary>
internal readonly record struct LoadBalancerStatus
{
    public ImmutableArray<LoadBalancerIngress> Ingress { get => field.IsDefault ? [] : field; init; }
}

/// <summary>One place where a load balancer serves a Service: an address or a host name.</summary>
internal readonly record struct LoadBalancerIngress
{
    private readonly AddressText ip;

    public string? Ip { get => ip; init => ip = value; }

    public string? Hostname { get; init; }
}
