using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>All objects of one kind that are watched, as they were at one moment. Immutable.</summary>
/// <param name="Objects">By name.</param>
internal sealed record ObjectCache<T>(ImmutableDictionary<ObjectName, T> Objects)
    where T : KubernetesObject
{
    /// <summary>The object of that name, or null.</summary>
    internal T? Find(ObjectName name) => Objects.GetValueOrDefault(name);
}
