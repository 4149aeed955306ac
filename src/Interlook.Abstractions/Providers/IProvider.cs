using Interlook.Extensions;
using Interlook.Services;

namespace Interlook.Providers;

/// <summary>Watches one platform for services that want to be published. Knows nothing of workflows.</summary>
public interface IProvider : IExtension
{
    /// <summary>
    /// Follows the platform. The first event is a <see cref="ProviderEvent.Snapshot"/>, and so is the first after every reconnect; one more
    /// comes at each resync of the provider. Between list and watch there is no gap.
    /// </summary>
    /// <returns>
    /// A stream that ends only when <paramref name="stopping"/> is cancelled or when it fails. After a failure the engine waits and calls
    /// again; nothing is withdrawn meanwhile. Never enumerated twice at once.
    /// </returns>
    /// <exception cref="ExtensionException">The platform could not be read. An error is never an empty snapshot.</exception>
    IAsyncEnumerable<ProviderEvent> WatchAsync(CancellationToken stopping);

    /// <summary>Reads one service again. May be called while a watch runs.</summary>
    /// <returns>Its definition now, or null when the platform answered that it is not there or no longer wants publication.</returns>
    /// <exception cref="ExtensionException">The platform could not be read: nothing is known.</exception>
    Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping);
}
