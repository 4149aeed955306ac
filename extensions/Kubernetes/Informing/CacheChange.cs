using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>What changed since the reader last looked.</summary>
/// <param name="Cache">Everything as it is now.</param>
/// <param name="Changed">
/// What came, changed or went, each once however often; null when everything was listed anew, and so anything may have.
/// </param>
internal sealed record CacheChange<T>(ObjectCache<T> Cache, ImmutableHashSet<ObjectName>? Changed)
    where T : KubernetesObject;
