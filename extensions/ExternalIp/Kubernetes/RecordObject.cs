using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>A record as an object of the API server.</summary>
internal sealed record RecordObject<T> : KubernetesObject
    where T : class
{
    public required T Value { get; init; }
}
