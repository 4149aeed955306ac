using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Linux;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// Sees to it that on an interface is what shall be there now, and nothing else of ours: adds what is missing once no neighbour has it,
/// renews it, announces it, puts back what somebody removed, and takes all away at the deadline. <see cref="RunAsync"/> does the work; the
/// other members may be called at any time. Nothing is touched before the first wish.
/// </summary>
/// <param name="link">The interface; used by nobody else meanwhile.</param>
/// <param name="resync">How often everything is looked at though nothing was told.</param>
/// <param name="time">The clock: of it are all times of a wish.</param>
/// <param name="logger">Where to say what happens.</param>
internal sealed partial class AddressKeeper(ILink link, TimeSpan resync, TimeProvider time, ILogger<AddressKeeper> logger)
{
    private const int MostProbes = 4;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(200);

    // Timers count in milliseconds: one that is due a moment too early would find nothing to do.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly long start = time.GetTimestamp();
    private readonly Lock gate = new();
    private readonly AddressSlots held = new();
    private readonly ReportStream reports = new(logger, link.Name);
    private readonly ConcurrentQueue<Action<TimeSpan>> happened = new();
    // Rung, and nobody has looked since: whoever wakes up looks at everything.
    private readonly object bell = new();
    private bool isRung;

    private (AddressWish Wish, long Number) newest = (AddressWish.Nothing, 0);
    private long taken;
    private bool isDirty = true;
    private TimeSpan looked;
    private string? failure;

    /// <summary>How things stand, as far as is known.</summary>
    internal KeeperReport Latest => reports.Latest;

    /// <summary>Follows how things stand: first as they are, then every change; one that is overtaken is left out.</summary>
    internal IAsyncEnumerable<KeeperReport> FollowAsync(CancellationToken stopping) => reports.FollowAsync(stopping);

    /// <summary>Says what shall be on the interface from now on.</summary>
    /// <returns>The number of the wish: a report that names it, or a later one, knows of it.</returns>
    internal long Want(AddressWish wish)
    {
        long number;
        lock (gate)
        {
            number = newest.Number + 1;
            newest = (wish, number);
        }
        Ring();
        return number;
    }

    /// <summary>Takes all addresses of ours away, now. It ends when they are gone; they stay away until the next wish.</summary>
    internal async Task FenceAsync(CancellationToken stopping)
    {
        var number = Want(AddressWish.Nothing with { Until = time.GetTimestamp() });
        await foreach (var report in reports.FollowAsync(stopping))
        {
            if (report.Wish > number || (report.Wish == number && report.Ours.IsEmpty))
                return;
        }
    }

    /// <summary>Does the work until it is stopped, and then takes all addresses of ours away.</summary>
    /// <exception cref="ExtensionException">The kernel does not say what happens to interfaces.</exception>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var registration = stopping.Register(Ring);
        var probes = new List<Task>();
        var listening = ListenAsync(life.Token);
        try
        {
            await WorkAsync(() => Work(probes, listening, stopping, life.Token));
        }
        finally
        {
            await life.CancelAsync();
            await Task.WhenAll(probes);
            Leave();
        }
        await listening;
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>
    /// A thread of its own: what has to be gone at a deadline shall not wait for a pool whose threads are all taken. Only probes and news of the
    /// interface come from there, and without them nothing is added.
    /// </summary>
    private Task WorkAsync(Action work)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                work();
                ended.SetResult();
            }
            catch (Exception failure)
            {
                ended.SetException(failure); // whoever waits for the work sees it
            }
        })
        { IsBackground = true, Name = $"addresses on {link.Name}" }.Start();
        return ended.Task;
    }

    private void Work(List<Task> probes, Task listening, CancellationToken stopping, CancellationToken life)
    {
        using var timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!stopping.IsCancellationRequested && !listening.IsCompleted)
        {
            probes.RemoveAll(probe => probe.IsCompleted);
            var due = Pass(probes, life);
            if (due <= TimeSpan.Zero)
                continue;
            due = due == TimeSpan.MaxValue ? resync : due < resync ? due + Tick : resync;
            timer.Change(due, Timeout.InfiniteTimeSpan);
            // The timer of the machine's clock rings from the pool; another clock is known to its timers alone.
            Listen(time == TimeProvider.System ? due : Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring()
    {
        lock (bell)
        {
            isRung = true;
            Monitor.Pulse(bell);
        }
    }

    private void Listen(TimeSpan longest)
    {
        lock (bell)
        {
            if (!isRung)
                Monitor.Wait(bell, longest);
            isRung = false;
        }
    }

    /// <summary>Does what is to be done now.</summary>
    /// <returns>How long nothing is to be done; zero when there may be more at once.</returns>
    private TimeSpan Pass(List<Task> probes, CancellationToken life)
    {
        try
        {
            TakeUp();
            if (taken == 0)
                return TimeSpan.MaxValue;
            if (isDirty || Now - looked >= resync)
                Look();
            var step = held.Next(Now, probes.Count < MostProbes);
            if (!step.IsNothing)
            {
                Do(step, probes, life);
                return TimeSpan.Zero; // and the clock is looked at again before anything else
            }
            reports.Publish(held.Report(taken));
            failure = null;
            return step.Next is { } next ? Max(next - Now, Tick) : TimeSpan.MaxValue;
        }
        catch (ExtensionException problem)
        {
            if (failure != problem.Message)
                Log.Failed(logger, link.Name, problem.Reason, problem.Message);
            (failure, isDirty) = (problem.Message, true);
            return AfterFailure;
        }
    }

    private void TakeUp()
    {
        AddressWish wish;
        long number;
        lock (gate)
            (wish, number) = newest;
        if (number != taken)
        {
            held.Want(wish.Addresses, wish.HandedOver, wish.Lifetime, Since(wish.Until), Since(wish.LifetimeEnd), Now);
            taken = number;
        }
        while (happened.TryDequeue(out var one))
            one(Now);
    }

    private void Look()
    {
        isDirty = false;
        looked = Now;
        held.See(link.Read(), Now);
    }

    private void Do(KeeperStep step, List<Task> probes, CancellationToken life)
    {
        if (step.Look)
        {
            Look();
            return;
        }
        if (!step.Remove.IsEmpty)
        {
            var failures = link.Remove(step.Remove);
            Look();
            if (!failures.IsEmpty)
                throw new ExtensionException(Reason.Refused, failures[0].Problem);
            return; // what was found may change what else is to be done
        }
        if (!step.Renew.IsEmpty)
        {
            var asked = Now;
            var failures = link.Renew(step.Renew, step.Lifetime);
            held.Kept(step.Renew, failures, asked, step.Lifetime);
            isDirty |= !failures.IsEmpty;
            return;
        }
        if (!step.Probe.IsEmpty)
            probes.Add(ProbeAsync(step.Probe, held.Asked(step.Probe), life));
        if (!step.Add.IsEmpty)
        {
            var asked = Now;
            held.Kept(step.Add, link.Add(step.Add, step.Lifetime), asked, step.Lifetime);
            Look();
        }
        if (!step.Announce.IsEmpty)
        {
            held.Announced(step.Announce, Now); // before it is tried: what fails is made up for by the next one
            link.Announce([.. step.Announce.Select(address => address.Address)]);
        }
    }

    private async Task ProbeAsync(ImmutableArray<LinkAddress> addresses, int asked, CancellationToken life)
    {
        ImmutableDictionary<IPAddress, PhysicalAddress>? answers = null;
        try
        {
            answers = await link.ProbeAsync([.. addresses.Select(address => address.Address)], life);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
        catch (ExtensionException problem)
        {
            Log.ProbeFailed(logger, link.Name, problem.Reason, problem.Message);
        }
        happened.Enqueue(now => held.Probed(addresses, answers, asked, now));
        Ring();
    }

    private async Task ListenAsync(CancellationToken life)
    {
        try
        {
            await foreach (var news in link.FollowAsync(life))
            {
                happened.Enqueue(_ => isDirty |= news is not LinkNews.AddressGone gone || held.Wants(gone.Address));
                Ring();
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
        finally
        {
            Ring();
        }
    }

    /// <summary>Takes all of ours away at the end. What the kernel refuses ends by its lifetime.</summary>
    private void Leave()
    {
        if (taken == 0)
            return;
        try
        {
            held.Want([], [], TimeSpan.FromSeconds(1), Now, null, Now);
            Look();
            var step = held.Next(Now, mayProbe: false);
            var failures = link.Remove(step.Remove);
            Look();
            reports.Publish(held.Report(taken));
            foreach (var left in failures)
                Log.Left(logger, link.Name, left.Problem);
        }
        catch (ExtensionException problem)
        {
            Log.Left(logger, link.Name, problem.Message);
        }
    }

    private TimeSpan? Since(long? timestamp) => timestamp is { } at ? time.GetElapsedTime(start, at) : null;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
