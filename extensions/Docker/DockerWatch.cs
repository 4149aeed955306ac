using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;

namespace Interlook.Extensions.Docker;

/// <summary>
/// One watch of one daemon: the event stream is opened first, then containers are listed, so nothing happens unseen in between. One loop
/// owns all state and takes happenings from a channel; requests run beside it and report into the same channel.
/// </summary>
internal sealed class DockerWatch
{
    private const int InspectionsAtOnce = 16;

    // What can change a container's publication; exec_* events, which every health check causes, are left at the daemon.
    private static readonly string[] Actions =
        ["start", "die", "stop", "kill", "pause", "unpause", "restart", "rename", "update", "destroy", "health_status", "connect", "disconnect"];

    // Unbounded: the reader of the event stream may never wait, or the daemon drops events. It holds small records, and what they
    // cause is bounded by the number of containers.
    private readonly Channel<Happening> happenings = Channel.CreateUnbounded<Happening>(new UnboundedChannelOptions { SingleReader = true });
    private readonly DockerClient client;
    private readonly DockerOptions options;
    private readonly ContainerTable table;
    private readonly PublicHost host;
    private readonly TimeProvider time;
    private readonly ContainerRequests requests;
    private readonly DockerTranslation translation;
    private readonly StoppingContainers stoppingContainers;
    private readonly InspectionQueue inspections = new(InspectionsAtOnce);
    private readonly Dictionary<string, string> listedFingerprints = new(StringComparer.Ordinal);
    private readonly HashSet<string> awaited = new(StringComparer.Ordinal);
    private readonly List<ProviderEvent> changes = [];
    private bool listing;
    private bool resyncing;
    private bool mustListAgain;
    private bool inSync;

    /// <summary>Begins nothing yet.</summary>
    /// <param name="client">The daemon.</param>
    /// <param name="options">What is published, and how.</param>
    /// <param name="table">What is known, and gets what becomes known.</param>
    /// <param name="host">Where containers that are found by a variable are reached.</param>
    /// <param name="time">The clock.</param>
    internal DockerWatch(DockerClient client, DockerOptions options, ContainerTable table, PublicHost host, TimeProvider time)
    {
        (this.client, this.options, this.table, this.host, this.time) = (client, options, table, host, time);
        requests = new ContainerRequests(client, options, happenings.Writer);
        translation = new DockerTranslation(options, host);
        stoppingContainers = new StoppingContainers(time);
    }

    /// <summary>Follows the daemon until it fails or <paramref name="stopping"/> is cancelled.</summary>
    internal async IAsyncEnumerable<ProviderEvent> RunAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await client.NegotiateAsync(stopping);
        var feed = new EventFeed(
            client, ["container", "network"], Actions, Pass, failure => happenings.Writer.TryWrite(new Happening.StreamEnded(failure)), time);
        if (options.Watch)
            await feed.OpenAsync(life.Token);
        var interval = options.Watch ? options.UpdateInterval : options.WatchInterval;
        await using var timer = time.CreateTimer(_ => happenings.Writer.TryWrite(Happening.ResyncDue.Instance), null, interval, interval);
        await using var hostTimer = host.IsWatched
            ? time.CreateTimer(_ => happenings.Writer.TryWrite(Happening.HostDue.Instance), null, PublicHost.LookInterval, PublicHost.LookInterval)
            : null;
        try
        {
            BeginResync(life.Token);
            var rejections = table.Rejections();
            var said = false;
            while (await happenings.Reader.WaitToReadAsync(stopping))
            {
                while (happenings.Reader.TryRead(out var happening))
                    await TakeAsync(feed, happening, life.Token);
                while (inspections.TryBegin(out var id))
                    _ = requests.InspectAsync(id, life.Token);
                EndResync();
                foreach (var change in changes)
                    yield return change;
                changes.Clear();
                if (inSync && (!said || rejections != table.Rejections()))
                {
                    rejections = table.Rejections();
                    said = true;
                    yield return new ProviderEvent.Rejections(rejections);
                }
            }
        }
        finally
        {
            await life.CancelAsync();
        }
    }

    private async Task TakeAsync(EventFeed feed, Happening happening, CancellationToken life)
    {
        switch (happening)
        {
            case Happening.Touched touched:
                TakeEvent(touched);
                break;
            case Happening.Inspected inspected:
                TakeInspection(inspected);
                break;
            case Happening.Listed listed:
                TakeListing(listed, life);
                break;
            case Happening.ResyncDue:
                BeginResync(life);
                break;
            case Happening.HostDue:
                FollowHost();
                break;
            case Happening.StreamEnded ended:
                await ReopenStreamAsync(feed, ended, life);
                break;
        }
    }

    private void Pass(DockerEvent happened)
    {
        if (happened is not { Type: { } type, Action: { } action, Actor: { } actor })
            return;
        var id = type == "network" ? actor.Attributes?.GetValueOrDefault("container") : type == "container" ? actor.ID : null;
        if (id is not null && !action.StartsWith("exec_", StringComparison.Ordinal))
            happenings.Writer.TryWrite(new Happening.Touched(id, action, actor.Attributes));
    }

    private async Task ReopenStreamAsync(EventFeed feed, Happening.StreamEnded ended, CancellationToken life)
    {
        inSync = false;
        await feed.ReopenAsync(ended.Failure, life);
        resyncing = false;
        mustListAgain = listing; // what is on its way is of before
        BeginResync(life);
    }

    private void TakeEvent(Happening.Touched touched)
    {
        var known = table.Knows(touched.Id) || inspections.Holds(touched.Id);
        if (!known && !MayAsk(touched))
            return;
        if (touched.Action == "kill")
        {
            if (!stoppingContainers.TryBegin(touched.Id, touched.Labels?.GetValueOrDefault("signal")))
                return;
        }
        else if (touched.Action == "start")
        {
            stoppingContainers.End(touched.Id);
        }
        else if (touched.Action == "die")
        {
            stoppingContainers.TryBegin(touched.Id, "KILL"); // what was asked before it ended may still be answered
        }
        if (touched.Action == "die" || (touched.Action == "kill" && touched.Labels?.GetValueOrDefault("signal") == "9"))
            table.SetEnded(touched.Id, changes); // an inspection would wait until the daemon has tidied up after it
        inspections.Touch(touched.Id, isUrgent: true);
    }

    /// <summary>Labels stand in the event; for the environment a container has to be read, once, when it starts.</summary>
    private bool MayAsk(Happening.Touched touched) =>
        (options.FindsByLabels && options.LabelSelector.Matches(touched.Labels))
        || (options.FindsByEnvironment && touched.Action == "start" && !table.IsSilent(touched.Id) && options.LabelSelector.MatchesItems(touched.Labels));

    private void FollowHost()
    {
        if (!host.HasMoved())
            return;
        foreach (var id in table.Ids)
            inspections.Touch(id, isUrgent: true);
    }

    private void BeginResync(CancellationToken life)
    {
        if (listing || resyncing)
            return;
        listing = resyncing = true;
        _ = requests.ListAsync(life);
    }

    private void TakeListing(Happening.Listed listed, CancellationToken life)
    {
        listing = false;
        if (mustListAgain)
        {
            mustListAgain = false;
            BeginResync(life);
            return;
        }
        if (listed.Failure is not null)
            throw listed.Failure;
        listedFingerprints.Clear();
        foreach (var container in listed.Containers)
        {
            var fingerprint = ContainerFingerprint.Of(container);
            listedFingerprints[container.Id] = fingerprint;
            if (!table.IsSilent(container.Id) && !table.IsUnchanged(container.Id, fingerprint))
                Await(container.Id);
        }
        table.KeepSilent(listedFingerprints.Keys.ToHashSet(StringComparer.Ordinal));
        // What a listing leaves out is not gone yet: it may have come after the listing began. Looking at it tells.
        foreach (var id in table.Ids)
        {
            if (!listedFingerprints.ContainsKey(id))
                Await(id);
        }
    }

    private void Await(string id)
    {
        awaited.Add(id);
        inspections.Touch(id, isUrgent: false);
    }

    private void TakeInspection(Happening.Inspected inspected)
    {
        var settled = inspections.End(inspected.Id);
        if (inspected.Failure is not null)
            KeepUnread(inspected.Id, inspected.Failure);
        else
            Keep(inspected);
        if (settled)
            awaited.Remove(inspected.Id);
    }

    private void Keep(Happening.Inspected inspected)
    {
        var (id, container) = (inspected.Id, inspected.Container);
        var reading = container is null ? ContainerReading.Nothing : translation.Read(container, inspected.Followed);
        if (container is not null && translation.IsSilent(container))
            table.SetSilent(id);
        // Listed before inspected: if it changed in between, the next listing differs and it is inspected again.
        var fingerprint = listedFingerprints.GetValueOrDefault(id);
        if (container?.HostConfig?.NetworkMode?.StartsWith(DockerTranslation.FollowPrefix, StringComparison.Ordinal) is true)
            fingerprint = null; // what it follows may change without a trace in its own listing
        if (reading.Parts.Count > 0 && stoppingContainers.IsStopping(id, container?.Config?.StopSignal, container?.Config?.StopTimeout))
        {
            reading = reading with { Parts = [.. reading.Parts.Select(part => part with { Targets = [] })] };
            fingerprint = null;
        }
        if (reading.IsNothing)
            stoppingContainers.End(id);
        table.Set(id, reading, fingerprint, changes);
    }

    private void KeepUnread(string id, Exception failure)
    {
        if (failure is not ExtensionException { Reason: Reason.Unavailable or Reason.Malformed or Reason.Refused or Reason.Conflict or Reason.Timeout } unread)
            throw failure;
        // Before the first snapshot the daemon may be in trouble as a whole, and nothing is to be published by halves. What fails a second watch is itself in trouble.
        if (!inSync && table.TryDoubt(id))
            throw failure;
        table.SetUnread(id, new Rejection($"container {id[..Math.Min(12, id.Length)]}", unread.Message), changes);
    }

    private void EndResync()
    {
        if (resyncing && !listing && awaited.Count == 0)
        {
            resyncing = false;
            inSync = true;
            // The snapshot says the rest; while it may miss something it withdraws nothing.
            changes.RemoveAll(change => table.IsComplete || change is not ProviderEvent.Withdrawn gone || table.Find(gone.Name) is not null);
            changes.Add(new ProviderEvent.Snapshot(table.Services(), table.IsComplete));
        }
        else if (!inSync)
        {
            changes.Clear();
        }
    }
}
