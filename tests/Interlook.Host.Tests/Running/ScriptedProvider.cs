using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Host.Tests.Running;

/// <summary>A provider that does nothing, or what a test scripts.</summary>
internal sealed class ScriptedProvider : IProvider
{
    internal Func<Task> Start { get; init; } = () => Task.CompletedTask;

    internal Func<Task> Stop { get; init; } = () => Task.CompletedTask;

    internal bool HasStopped { get; private set; }

    public Task StartAsync(CancellationToken stopping) => Start();

    public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken stopping)
    {
        await Stop();
        HasStopped = true;
    }

    public async IAsyncEnumerable<ProviderEvent> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stopping)
    {
        yield return new ProviderEvent.Snapshot([new ServiceDefinition { Name = "shop", Provider = "provider.sample" }]);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
    }

    public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) => Task.FromResult<ServiceDefinition?>(null);
}
