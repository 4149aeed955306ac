using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What may differ between what is known and what came.</summary>
internal static class CacheDifference
{
    /// <summary>No objects at all.</summary>
    internal static ObjectCache<T> None<T>()
        where T : KubernetesObject => new(ImmutableDictionary<ObjectName, T>.Empty);

    /// <summary>The names of the objects that came, went or changed; after a list, those of which there is another object than before.</summary>
    internal static IEnumerable<ObjectName> Between<T>(ObjectCache<T> before, CacheChange<T> change)
        where T : KubernetesObject
    {
        if (change.Changed is { } changed)
            return changed;
        var now = change.Cache.Objects;
        var gone = before.Objects.Keys.Where(name => !now.ContainsKey(name));
        return now.Where(one => !ReferenceEquals(before.Find(one.Key), one.Value)).Select(one => one.Key).Concat(gone);
    }
}
