using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>An open watch. For one reader.</summary>
internal interface IWatch<T> : IDisposable
    where T : KubernetesObject
{
    /// <summary>Waits for what comes next, and takes all that is there.</summary>
    /// <param name="events">Gets them, in their order.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>False when the server ended the watch.</returns>
    /// <exception cref="ExtensionException">It broke off, or what came is no watch. What came before is in <paramref name="events"/>.</exception>
    ValueTask<bool> ReadAsync(List<WatchEvent<T>> events, CancellationToken stopping);
}
