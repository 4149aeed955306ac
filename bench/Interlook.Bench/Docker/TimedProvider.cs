using System.Runtime.CompilerServices;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Bench.Docker;

/// <summary>Another provider, and when it was first asked to watch: just before its first list.</summary>
internal sealed class TimedProvider(IProvider provider) : IProvider
{
    private long begun;

    /// <summary>In nanoseconds of <see cref="RawReader.Now"/>; 0 before.</summary>
    public long Begun => Volatile.Read(ref begun);

    public Task StartAsync(CancellationToken stopping) => provider.StartAsync(stopping);

    public Task CheckAsync(CancellationToken stopping) => provider.CheckAsync(stopping);

    public Task StopAsync(CancellationToken stopping) => provider.StopAsync(stopping);

    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        Interlocked.CompareExchange(ref begun, RawReader.Now, 0);
        await foreach (var happened in provider.WatchAsync(stopping))
            yield return happened;
    }

    public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) => provider.RefreshAsync(name, stopping);
}
