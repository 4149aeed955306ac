using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Files;

/// <summary>Publishes the services that YAML files describe, and follows the files.</summary>
internal sealed partial class FileProvider(FilesOptions options, ExtensionContext context) : IProvider
{
    /// <summary>Gathers the several notifications of one save, and gives an editor time to finish it.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// More services than this that vanish at one look may mean a folder that lost its mount: they go by a snapshot, which the engine holds
    /// until the next one when it withdraws too many.
    /// </summary>
    private const int VanishingOneByOne = 10;

    /// <summary>The pause after a look, as a multiple of what the look took: many files cost no more than half a percent of a core.</summary>
    private const int PausePerLook = 200;

    /// <summary>From one snapshot to the next.</summary>
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(15);

    private readonly ILogger logger = context.Loggers.CreateLogger("Interlook.Extensions.Files");
    private readonly ServiceFiles files = new(options.Path, context.Name, context.Time);

    private bool wasOpened;

    /// <summary>Guards the files: a refresh may come while a watch runs.</summary>
    private readonly Lock gate = new();

    public Task StartAsync(CancellationToken stopping) => CheckAsync(stopping);

    public Task CheckAsync(CancellationToken stopping)
    {
        files.List();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        // One notification waiting is enough: it makes us look at everything.
        var notifications = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var seen = Scan();
        using var notifier = Notify(notifications.Writer);
        var published = seen.Services;
        var snapshotAt = context.Time.GetTimestamp();
        var pause = options.UpdateInterval;
        // A watch that is opened again follows an error: what is missing now may be a folder that came back empty, a mount point without its
        // mount. The next snapshot tells.
        yield return seen.Snapshot with { IsComplete = seen.IsComplete && !wasOpened };
        wasOpened = true;
        var rejected = EquatableArray.Create<Rejection>([]);
        while (!stopping.IsCancellationRequested)
        {
            if (seen.Rejections != rejected)
            {
                foreach (var rejection in seen.Rejections.Except(rejected))
                    Log.Rejected(logger, rejection.Subject, rejection.Problem);
                rejected = seen.Rejections;
                yield return new ProviderEvent.Rejections(rejected);
            }
            try
            {
                await WaitAsync(notifications.Reader, seen.IsUnconfirmed ? SettleTime : pause, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                yield break;
            }
            var looked = context.Time.GetTimestamp();
            seen = Scan();
            pause = Longer(options.UpdateInterval, PausePerLook * context.Time.GetElapsedTime(looked));
            var vanished = published.Keys.Where(name => !seen.Services.ContainsKey(name)).ToList();
            if (vanished.Count > VanishingOneByOne || context.Time.GetElapsedTime(snapshotAt) >= SnapshotInterval)
            {
                snapshotAt = context.Time.GetTimestamp();
                yield return seen.Snapshot;
            }
            else
            {
                foreach (var change in Changes(published, seen.Services, vanished))
                    yield return change;
            }
            published = seen.Services;
        }
    }

    public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) =>
        Task.FromResult(Scan() is var seen && seen.Services.TryGetValue(name, out var service) ? service
            : seen.IsComplete ? null
            : throw new ExtensionException(
                Reason.Invalid, $"whether {options.Path} still has service {name} is not known: correct the files that cannot be used first"));

    private Seen Scan()
    {
        lock (gate)
        {
            files.Scan();
            return new Seen(files.Services, files.Rejections, files.IsUnconfirmed, files.IsComplete);
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static IEnumerable<ProviderEvent> Changes(
        Dictionary<string, ServiceDefinition> before, Dictionary<string, ServiceDefinition> now, List<string> vanished)
    {
        foreach (var service in now.Values)
        {
            if (!before.TryGetValue(service.Name, out var known) || known != service)
                yield return new ProviderEvent.Published(service);
        }
        foreach (var name in vanished)
            yield return new ProviderEvent.Withdrawn(name);
    }

    private async Task WaitAsync(ChannelReader<bool> notifications, TimeSpan longest, CancellationToken stopping)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var interval = Task.Delay(longest, context.Time, enough.Token);
        var notified = notifications.WaitToReadAsync(enough.Token).AsTask();
        var first = await Task.WhenAny(interval, notified);
        await enough.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        if (first == interval)
            return;
        await Task.Delay(SettleTime, context.Time, stopping);
        notifications.TryRead(out _);
    }

    private FileSystemWatcher? Notify(ChannelWriter<bool> notifications)
    {
        try
        {
            var folder = File.Exists(options.Path) ? Path.GetDirectoryName(Path.GetFullPath(options.Path))! : options.Path;
            var watcher = new FileSystemWatcher(folder);
            watcher.Created += (_, _) => notifications.TryWrite(true);
            watcher.Changed += (_, _) => notifications.TryWrite(true);
            watcher.Deleted += (_, _) => notifications.TryWrite(true);
            watcher.Renamed += (_, _) => notifications.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception refused) when (refused is IOException or ArgumentException)
        {
            Log.NoNotifications(logger, options.Path, options.UpdateInterval, refused.Message);
            return null;
        }
    }

    /// <summary>What one look at the files saw.</summary>
    private sealed record Seen(
        Dictionary<string, ServiceDefinition> Services, EquatableArray<Rejection> Rejections, bool IsUnconfirmed, bool IsComplete)
    {
        public ProviderEvent.Snapshot Snapshot => new(Services.Values.ToEquatableArray(), IsComplete);
    }
}
