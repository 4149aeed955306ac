using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Collections;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>A platform: what it really has, and the unreliable way it says so.</summary>
internal sealed class SimulatedPlatform(Faults faults)
{
    public const string Provider = "provider.simulated";

    private static readonly TimeSpan ResyncInterval = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> everWithdrawn = [];
    private Channel<string?>? watcher;
    private bool liedLast;
    private int version;

    public SortedDictionary<string, ServiceDefinition> Services { get; } = new(StringComparer.Ordinal);

    /// <summary>True while the next listing answers that there is nothing. One lie at a time: the listing after it is honest.</summary>
    public bool LiesNext { get; set; }

    public bool WasEverWithdrawn(string name) => everWithdrawn.Contains(name);

    /// <summary>A service appears or changes; each definition differs from all before it.</summary>
    public void Publish(string name, int names, int targets)
    {
        version++;
        Services[name] = new ServiceDefinition
        {
            Name = name,
            Provider = Provider,
            Targets = [.. Enumerable.Range(0, targets).Select(i => new Target($"10.0.0.{i + 1}", 1024 + version))],
            DnsNames = [.. Enumerable.Range(0, names).Select(i => $"{name}-{(version + i) % 5}.example.org")],
            Tls = version % 7 == 0,
        };
        Notify(name);
    }

    public void Withdraw(string name)
    {
        everWithdrawn.Add(name);
        if (Services.Remove(name))
            Notify(name);
    }

    /// <summary>The connection of whoever watches breaks.</summary>
    public void Break() => watcher?.Writer.TryComplete(new ExtensionException(Reason.Unreachable, "the platform hung up"));

    public IProvider Connect(TimeProvider time) => new Connection(this, time);

    /// <summary>Which definition a definition is, counted over the whole run.</summary>
    public static int VersionOf(ServiceDefinition definition) => definition.Targets[0].Port;

    private void Notify(string name)
    {
        if (faults.Strike(0.3))
            return; // a lost event: the next snapshot tells
        watcher?.Writer.TryWrite(name);
        if (faults.Strike(0.3))
            watcher?.Writer.TryWrite(name);
    }

    private ProviderEvent.Snapshot Snapshot()
    {
        liedLast = LiesNext && !liedLast;
        LiesNext = false;
        return new ProviderEvent.Snapshot(liedLast ? [] : Services.Values.ToEquatableArray());
    }

    private sealed class Connection(SimulatedPlatform platform, TimeProvider time) : IProvider
    {
        public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

        public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            platform.FailSometimes();
            var events = Channel.CreateUnbounded<string?>();
            platform.watcher = events;
            yield return platform.Snapshot();
            using var resync = time.CreateTimer(_ => events.Writer.TryWrite(null), null, ResyncInterval, ResyncInterval);
            while (await events.Reader.WaitToReadAsync(stopping))
            {
                while (events.Reader.TryRead(out var name))
                {
                    platform.FailSometimes(0.2);
                    yield return name is null ? platform.Snapshot()
                        : platform.Services.TryGetValue(name, out var definition) ? new ProviderEvent.Published(definition)
                        : new ProviderEvent.Withdrawn(name);
                }
            }
        }

        public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
        {
            platform.FailSometimes();
            var seen = platform.Services.GetValueOrDefault(name);
            await Task.Delay(platform.Moment(), time, stopping); // events that come meanwhile are newer than this answer
            return seen;
        }
    }

    private TimeSpan Moment() => faults.Moment(3);

    private void FailSometimes(double scale = 1)
    {
        if (faults.Strike(scale))
            throw new ExtensionException(Reason.Unavailable, "the platform answers 503");
    }
}
