using System.Collections.Concurrent;
using Interlook.Extensions;
using Interlook.Extensions.Docker;
using Interlook.Fixtures;
using Interlook.Providers;

namespace Interlook.Bench.Docker;

/// <summary>provider.docker as the host makes it, and when each definition came out of it.</summary>
internal sealed class DefinitionTimes : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> seen = new();
    private readonly TaskCompletionSource inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IProvider provider;
    private readonly Task watch;

    private DefinitionTimes(IProvider provider)
    {
        this.provider = provider;
        watch = Task.Run(WatchAsync);
    }

    /// <summary>How many services were published.</summary>
    public int Count => seen.Count(service => service.Value.Task.IsCompleted);

    public static IProvider CreateProvider(DockerEngine engine) => BenchExtensions.Create<IProvider>(
        ExtensionCatalog.Empty.AddDocker(), DockerExtensions.Docker, ("endpoint", engine.Endpoint), ("targetNetwork", "bridge"));

    public static async Task<DefinitionTimes> StartAsync(DockerEngine engine, CancellationToken stopping)
    {
        var provider = CreateProvider(engine);
        await provider.StartAsync(stopping);
        var times = new DefinitionTimes(provider);
        await times.inSync.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
        return times;
    }

    /// <summary>When a service was first published, in nanoseconds of <see cref="RawReader.Now"/>.</summary>
    public Task<long> SeenAsync(string service) => Of(service).Task;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await watch;
        await provider.StopAsync(CancellationToken.None);
        ending.Dispose();
    }

    private TaskCompletionSource<long> Of(string service) =>
        seen.GetOrAdd(service, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var happened in provider.WatchAsync(ending.Token))
                Take(happened, RawReader.Now);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Our own end.
        }
    }

    private void Take(ProviderEvent happened, long now)
    {
        switch (happened)
        {
            case ProviderEvent.Published { Definition: { Targets.Count: > 0 } definition }:
                Of(definition.Name).TrySetResult(now);
                break;
            case ProviderEvent.Snapshot snapshot:
                foreach (var definition in snapshot.Services)
                    Of(definition.Name).TrySetResult(now);
                inSync.TrySetResult();
                break;
        }
    }
}
