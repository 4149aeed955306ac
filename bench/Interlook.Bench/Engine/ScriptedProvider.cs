using System.Threading.Channels;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Bench.Engine;

/// <summary>A provider that says what the benchmark tells it to.</summary>
internal sealed class ScriptedProvider : IProvider
{
    public const string Name = "provider.bench";

    private readonly Channel<ProviderEvent> events = Channel.CreateUnbounded<ProviderEvent>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

    public void Say(ProviderEvent said) => events.Writer.TryWrite(said);

    public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

    public IAsyncEnumerable<ProviderEvent> WatchAsync(CancellationToken stopping) => events.Reader.ReadAllAsync(stopping);

    public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) => Task.FromResult<ServiceDefinition?>(null);
}
