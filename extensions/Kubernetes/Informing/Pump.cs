using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>
/// Keeps one scope of an informer's cache true: lists, watches from the list's version on, resumes where a watch ended, and lists again
/// when that version is forgotten or a resync is due. What it knows stays while the server cannot be read.
/// </summary>
internal sealed partial class Pump<T>(
    Informer<T> informer, IObjectSource<T> source, string scope, TimeSpan resyncInterval, TimeProvider time, Random random, ILogger logger)
    where T : KubernetesObject
{
    /// <summary>A server sends a bookmark about every minute (since 1.17): a watch that is silent for longer than this is opened anew.</summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(3);

    /// <summary>The server ends a watch after five to ten minutes, as other clients ask: so that load spreads over several servers.</summary>
    internal static readonly TimeSpan ShortestWatch = TimeSpan.FromMinutes(5);

    /// <summary>A watch that lived so long was a success, even when nothing came.</summary>
    private static readonly TimeSpan SoundLife = TimeSpan.FromSeconds(10);

    /// <summary>How long the first list is tried again before it is said that it failed: a restart of the server or of what stands between.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(3);

    /// <summary>A list from the server's store that is older than what is known is believed when it comes so often in a row.</summary>
    private const int OldListsBelieved = 3;

    private readonly PumpPace pace = new(random);
    private readonly Dictionary<ObjectName, string> broken = [];
    private readonly List<WatchEvent<T>> events = [];
    private readonly List<KeyValuePair<ObjectName, T?>> present = [];
    private volatile ExtensionException? failure;
    private volatile int brokenObjects;
    private string known = ""; // the version up to which all is known; empty before the first list
    private string seen = ""; // the newest version of these objects themselves, which the server's memory has too
    private bool mustList = true;
    private bool mayBeCached;
    private long begunAt;
    private long listedAt;
    private int oldLists;

    /// <summary>Why the server cannot be read; null while it can.</summary>
    internal ExtensionException? Failure => failure;

    /// <summary>Objects that cannot be read.</summary>
    internal int BrokenObjects => brokenObjects;

    /// <summary>Follows the server until it is stopped: nothing else ends it.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var wait = TimeSpan.Zero;
        begunAt = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, time, stopping);
                wait = await RunOnceAsync(stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                wait = pace.Next(PumpPace.Longest);
                Fail(new ExtensionException(
                    Reason.Internal, $"following {source.Plural} failed by a fault of Interlook's own: {fault.Message}; report it", innerException: fault));
            }
        }
    }

    /// <summary>Lists if that is due, and watches until the watch ends.</summary>
    /// <returns>How long to wait before the next time.</returns>
    private async Task<TimeSpan> RunOnceAsync(CancellationToken stopping)
    {
        try
        {
            if (mustList)
                await ListAsync(stopping);
            await WatchAsync(stopping);
            return pace.Next(null);
        }
        catch (ExtensionException problem)
        {
            var wait = pace.Next(problem.RetryAfter);
            if (known == "" ? !MayPassInTime(problem, wait) : pace.IsFailing)
                Fail(problem);
            return wait;
        }
    }

    /// <summary>True when the first list is tried once more before anybody is told.</summary>
    private bool MayPassInTime(ExtensionException problem, TimeSpan wait) =>
        ApiFault.MayPass(problem) && time.GetElapsedTime(begunAt) + wait < FirstPatience;

    private async Task ListAsync(CancellationToken stopping)
    {
        ObjectList<T> list;
        try
        {
            list = await source.ListAsync(scope, mayBeCached ? seen : null, stopping);
        }
        catch (ExtensionException)
        {
            mayBeCached = false; // the server may have lost the version that we know: its store is asked next
            throw;
        }
        var isOlder = known != "" && ResourceVersions.IsOlder(list.Version, known);
        // The store's versions count all kinds, the server's memory only what it saw of this one: an older list from there that shows no
        // difference is as new as can be.
        if (!isOlder || !mayBeCached || !informer.IsSame(list, scope))
        {
            if (isOlder)
                RefuseOld(list);
            Note(list);
            informer.TakeAll(this, list, scope);
            known = list.Version;
            seen = list.Objects.Select(value => value.Metadata.ResourceVersion).Aggregate("0", Newer);
        }
        oldLists = 0;
        mustList = false;
        mayBeCached = true;
        listedAt = time.GetTimestamp();
        Recover();
    }

    /// <summary>
    /// An answer from before what we know would bring back what is gone. When it comes again and again from the server's store, the store
    /// itself went back, as after the restoration of a backup, and is believed.
    /// </summary>
    private void RefuseOld(ObjectList<T> list)
    {
        oldLists = mayBeCached ? oldLists : oldLists + 1;
        mayBeCached = false;
        if (oldLists < OldListsBelieved)
        {
            throw new ExtensionException(
                Reason.Unavailable,
                $"listing {source.Plural} failed: the answer is of version {list.Version}, and {known} is known already; look whether a proxy answers from memory");
        }
        Log.WentBack(logger, source.Plural, known, list.Version);
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        var untilResync = resyncInterval - time.GetElapsedTime(listedAt);
        if (untilResync <= TimeSpan.Zero)
        {
            mustList = true;
            pace.Progress();
            return;
        }
        var life = ShortestWatch * (1 + random.NextDouble());
        using var watch = await source.OpenAsync(scope, known, life, stopping);
        if (watch is null)
        {
            Expire();
            return;
        }
        Recover();
        var opened = time.GetTimestamp();
        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var resync = new CancellationTokenSource(untilResync, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token, resync.Token);
        try
        {
            while (!mustList && await ReadAsync(watch, ended.Token))
                silence.CancelAfter(LongestSilence);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            mustList = resync.IsCancellationRequested;
            pace.Progress();
        }
        finally
        {
            if (time.GetElapsedTime(opened) >= SoundLife)
                pace.Progress();
        }
    }

    private async ValueTask<bool> ReadAsync(IWatch<T> watch, CancellationToken stopping)
    {
        events.Clear();
        try
        {
            return await watch.ReadAsync(events, stopping);
        }
        finally
        {
            if (events.Count > 0) // also what came before a cut
                Take();
        }
    }

    private void Take()
    {
        present.Clear();
        var reached = known;
        foreach (var told in events)
        {
            switch (told)
            {
                case WatchEvent<T>.Present { Object: var value }:
                    Forget(value.Name);
                    present.Add(new(value.Name, value));
                    reached = value.Metadata.ResourceVersion;
                    break;
                case WatchEvent<T>.Gone gone:
                    Forget(gone.Name);
                    present.Add(new(gone.Name, null));
                    reached = gone.Version == "" ? reached : gone.Version;
                    break;
                case WatchEvent<T>.Bookmark bookmark:
                    reached = bookmark.Version == "" ? reached : bookmark.Version;
                    break;
                case WatchEvent<T>.Unreadable { Object: var problem }:
                    Note(problem);
                    reached = problem.Version == "" ? reached : problem.Version;
                    break;
                case WatchEvent<T>.Expired:
                    Expire();
                    break;
            }
        }
        if (present.Count > 0)
            informer.Take(present);
        if (reached != known || present.Count > 0)
            pace.Progress();
        if (reached != known)
            known = seen = reached;
    }

    private static string Newer(string one, string other) => ResourceVersions.IsOlder(one, other) ? other : one;

    /// <summary>What we know is too old to go on from: everything is listed, and what went meanwhile is missing in the list.</summary>
    private void Expire()
    {
        Log.Expired(logger, source.Plural, known);
        mustList = true;
        mayBeCached = false;
    }

    private void Note(ObjectList<T> list)
    {
        foreach (var name in broken.Keys.Except(list.Broken.Select(problem => problem.Name)).ToList())
            Forget(name);
        foreach (var problem in list.Broken)
            Note(problem);
    }

    private void Note(BrokenObject problem)
    {
        if (broken.TryAdd(problem.Name, problem.Problem))
            Log.Unreadable(logger, source.Plural, problem.Name, problem.Problem);
        brokenObjects = broken.Count;
    }

    private void Forget(ObjectName name)
    {
        if (broken.Remove(name))
            brokenObjects = broken.Count;
    }

    private void Fail(ExtensionException problem)
    {
        if (failure?.Reason != problem.Reason)
            Log.Failed(logger, source.Plural, problem.Reason, problem.Message);
        failure = problem;
    }

    private void Recover()
    {
        if (failure is null)
            return;
        failure = null;
        Log.Recovered(logger, source.Plural);
    }
}
