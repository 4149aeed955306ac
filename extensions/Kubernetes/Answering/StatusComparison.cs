using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>Compares what two moments of a Service say of the part of its status that may be ours.</summary>
internal static class StatusComparison
{
    /// <summary>True when places and our condition are the same.</summary>
    internal static bool AreEqual(ServiceStatus one, ServiceStatus other) =>
        (one.LoadBalancer?.Ingress ?? []).SequenceEqual(other.LoadBalancer?.Ingress ?? []) && Ours(one) == Ours(other);

    private static Condition? Ours(ServiceStatus status) => status.Conditions.FirstOrDefault(condition => condition.Type == WantedStatus.ConditionType);
}
