using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>Keeps all objects of one kind at hand and says what changes. Safe for concurrent use, by several readers.</summary>
internal interface IInformer<T>
    where T : KubernetesObject
{
    /// <summary>Everything as it was last seen; null before the first list was whole. While the server cannot be read it stays as it was.</summary>
    ObjectCache<T>? Latest { get; }

    /// <summary>Why the server cannot be read now; null while all is well. What is at hand may then be old.</summary>
    ExtensionException? Failure { get; }

    /// <summary>
    /// Follows the changes. The first element is everything, as soon as it is known; later ones are what changed since the element before, so a
    /// reader that is slow misses nothing and holds nothing up. Does not end and does not fail while the server cannot be read: see
    /// <see cref="Failure"/>.
    /// </summary>
    /// <param name="stopping">Ends the stream.</param>
    IAsyncEnumerable<CacheChange<T>> FollowAsync(CancellationToken stopping);

    /// <summary>
    /// False for an object that is in <see cref="Latest"/> whenever it is there; true for one that may be there unseen, for it is in a namespace that
    /// is not watched, or may lack the labels that are asked for.
    /// </summary>
    bool MayOmit(ObjectName name);

    /// <summary>Reads one object from the server itself.</summary>
    /// <returns>Null when the server answered that there is none.</returns>
    /// <exception cref="ExtensionException">The server could not be read: nothing is known.</exception>
    Task<T?> ReadAsync(ObjectName name, CancellationToken stopping);
}
