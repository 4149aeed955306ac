using System.Collections.Immutable;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Specification;

/// <summary>
/// Follows a provider as the engine does: folds its events into what is published. One watch; a new follower watches again.
/// </summary>
public sealed class ProviderFollower : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stop;
    private readonly Lock gate = new();
    private readonly List<ProviderEvent> events = [];
    private readonly Task watching;
    private ImmutableSortedDictionary<string, ServiceDefinition> services = ImmutableSortedDictionary.Create<string, ServiceDefinition>(StringComparer.Ordinal);
    private ImmutableArray<Rejection> rejections = [];
    private TaskCompletionSource changed = NewSignal();
    private int snapshots;
    private Exception? failure;

    private ProviderFollower(IProvider provider, CancellationToken stopping)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        watching = WatchAsync(provider);
    }

    /// <summary>What is published now, by name.</summary>
    public ImmutableSortedDictionary<string, ServiceDefinition> Services => Locked(() => services);

    /// <summary>What is rejected now.</summary>
    public ImmutableArray<Rejection> Rejections => Locked(() => rejections);

    /// <summary>How many snapshots came.</summary>
    public int Snapshots => Locked(() => snapshots);

    /// <summary>Every event so far, in order.</summary>
    public ImmutableArray<ProviderEvent> Events => Locked(() => events.ToImmutableArray());

    /// <summary>Begins to follow; returns before the first event.</summary>
    public static ProviderFollower Of(IProvider provider, CancellationToken stopping) => new(provider, stopping);

    /// <summary>Begins to follow and waits for the first snapshot.</summary>
    public static async Task<ProviderFollower> StartAsync(IProvider provider, CancellationToken stopping)
    {
        var follower = Of(provider, stopping);
        await follower.UntilAsync("the first snapshot", _ => follower.Snapshots > 0);
        return follower;
    }

    /// <summary>Waits until the published services are as wanted; fails when the watch ends before.</summary>
    /// <param name="what">What is waited for, for the message when it never comes.</param>
    /// <param name="condition">Asked after every event.</param>
    public async Task UntilAsync(string what, Func<ImmutableSortedDictionary<string, ServiceDefinition>, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (condition(services))
                    return;
                if (failure is not null)
                    throw new InvalidOperationException($"the watch failed before this came: {what}", failure);
                next = changed.Task;
            }
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"never came within {Patience}: {what}; {Describe()}");
            }
        }
    }

    /// <summary>Waits until the watch fails.</summary>
    /// <returns>How it failed; null when it ended without a failure.</returns>
    public async Task<Exception?> FailureAsync()
    {
        await watching.WaitAsync(Patience, TimeProvider.System);
        return failure;
    }

    /// <summary>Cancels the watch and waits for its end.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await watching.WaitAsync(Patience, TimeProvider.System);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task WatchAsync(IProvider provider)
    {
        try
        {
            await foreach (var happened in provider.WatchAsync(stop.Token))
                Take(happened);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // stopped by the test
        }
        catch (Exception caught)
        {
            lock (gate)
                failure = caught;
        }
        Signal();
    }

    private void Take(ProviderEvent happened)
    {
        lock (gate)
        {
            events.Add(happened);
            switch (happened)
            {
                case ProviderEvent.Snapshot snapshot:
                    snapshots++;
                    services = services.Clear().AddRange(snapshot.Services.Select(service => KeyValuePair.Create(service.Name, service)));
                    break;
                case ProviderEvent.Published published:
                    services = services.SetItem(published.Definition.Name, published.Definition);
                    break;
                case ProviderEvent.Withdrawn withdrawn:
                    services = services.Remove(withdrawn.Name);
                    break;
                case ProviderEvent.Rejections said:
                    rejections = [.. said.All];
                    break;
            }
        }
        Signal();
    }

    private void Signal()
    {
        lock (gate)
        {
            var before = changed;
            changed = NewSignal();
            before.SetResult();
        }
    }

    private string Describe() => Locked(() =>
        $"published: {string.Join("; ", services.Values.Select(service => $"{service.Name} {string.Join(",", service.DnsNames)} -> {string.Join(",", service.Targets.Select(target => target.Endpoint))}"))}; "
        + $"rejected: {string.Join("; ", rejections.Select(rejection => $"{rejection.Subject}: {rejection.Problem}"))}");

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
