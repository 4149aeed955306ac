using System.Threading.Channels;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Dashboard.Tests;

/// <summary>A platform that says what a test tells it.</summary>
internal sealed class ScriptedPlatform : IProvider
{
    private Channel<ProviderEvent> events = Channel.CreateUnbounded<ProviderEvent>();

    public void Say(ProviderEvent said) => events.Writer.TryWrite(said);

    public void Publish(params ReadOnlySpan<ServiceDefinition> definitions)
    {
        foreach (var definition in definitions)
            Say(new ProviderEvent.Published(definition));
    }

    /// <summary>Ends the watch with an error; the next one says nothing until it is told to.</summary>
    public void Break(string message)
    {
        var broken = events;
        events = Channel.CreateUnbounded<ProviderEvent>();
        broken.Writer.Complete(new ExtensionException(Reason.Unreachable, message));
    }

    public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

    public IAsyncEnumerable<ProviderEvent> WatchAsync(CancellationToken stopping) => events.Reader.ReadAllAsync(stopping);

    public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) =>
        throw new ExtensionException(Reason.Unavailable, "nobody asked this platform to answer");
}
