using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// The scheduler of the claims mode: brings nodes, claims, address pools and Services to the <see cref="SchedulerState"/>, and what it decides
/// to the store. One that is not elected looks as well, so that it knows who lives when it is.
/// </summary>
/// <param name="options">Times and the like.</param>
/// <param name="store">The claims.</param>
/// <param name="demands">The Services.</param>
/// <param name="leadership">Says when to act.</param>
/// <param name="context">Clock, chance and loggers.</param>
internal sealed partial class SchedulerLoop(
    SchedulerOptions options, IClaimStore store, IServiceDemands demands, ILeadership leadership, ExtensionContext context)
{
    private const int MostWrites = 32;
    private const int MostReads = 32;

    private static readonly TimeSpan TellingPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromSeconds(5);

    private readonly ILogger logger = context.Loggers.CreateLogger<SchedulerLoop>();
    private readonly PassLoop loop = new(context.Time);
    private readonly SchedulerState state = new(options.Times, options.Filter, options.Mask);
    private bool leads;
    private TimeSpan nextLook;
    private EquatableArray<ServiceRefusal>? refused;
    private bool refuses;
    private TimeSpan nextRefusal;
    private EquatableArray<string> problems;

    /// <summary>Works until it is stopped. The claims stay as they are then.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var reads = new StoreCalls(loop, MostReads, context.Time, context.Loggers.CreateLogger<StoreCalls>());
        using var writes = new StoreCalls(loop, MostWrites, context.Time, context.Loggers.CreateLogger<StoreCalls>());
        var follower = new RecordFollower(loop, context);
        Task[] parts =
        [
            loop.RunAsync(now => Pass(now, reads, writes, life.Token), life.Token),
            follower.RunAsync(store.Nodes, state.NodesSeen, life.Token),
            follower.RunAsync(store.Claims, state.ClaimsSeen, life.Token),
            follower.RunAsync(store.Pools, (view, _) => state.PoolsSeen(view), life.Token),
            follower.RunAsync<ImmutableSortedDictionary<string, ServiceDemand>>("Services", demands.WatchAsync, (all, _) => state.ServicesSeen(all), life.Token),
            StandAsync(life.Token),
        ];
        await Task.WhenAny(parts);
        await life.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        finally
        {
            await reads.FinishAsync();
            await writes.FinishAsync();
        }
    }

    private async Task StandAsync(CancellationToken life)
    {
        try
        {
            await leadership.RunAsync(LeadAsync, life);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
    }

    private async Task LeadAsync(CancellationToken leading)
    {
        loop.Tell(_ => leads = true);
        Log.Acts(logger);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, leading);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
            loop.Tell(_ => leads = false);
            Log.Looks(logger);
        }
    }

    private TimeSpan Patience => options.Times.Heartbeat / 2;

    private TimeSpan? Pass(TimeSpan now, StoreCalls reads, StoreCalls writes, CancellationToken life)
    {
        Look(now, reads, life);
        if (leads)
            Act(state.Pass(now), now, reads, writes, life);
        return state.NextLook(now) is { } next && next < nextLook ? next : nextLook;
    }

    /// <summary>
    /// Reads all nodes again and again, and not only what the watch brings: only through what it looks at itself does its time count, so a
    /// scheduler that was stopped or cut off begins anew by itself.
    /// </summary>
    private void Look(TimeSpan now, StoreCalls reads, CancellationToken life)
    {
        if (now < nextLook)
            return;
        nextLook = now + options.Times.Heartbeat / 3;
        reads.Begin(
            store.Nodes.ListAsync,
            Patience,
            (view, at) =>
            {
                state.Looked(now);
                state.NodesSeen(view, at);
            },
            _ => { },
            life);
    }

    private void Act(SchedulerPass pass, TimeSpan now, StoreCalls reads, StoreCalls writes, CancellationToken life)
    {
        foreach (var name in pass.Reads)
        {
            Log.Silent(logger, name);
            reads.Begin(
                token => store.Nodes.ReadAsync(name, token),
                Patience,
                (record, at) => state.NodeRead(name, record?.Value, at),
                _ => state.NodeReadFailed(name),
                life);
        }
        foreach (var write in pass.Nodes)
        {
            writes.Begin(
                token => store.Nodes.DeleteAsync(write.Name, write.Expected, token),
                Patience,
                (result, at) =>
                {
                    if (result.IsWritten)
                        Log.Gone(logger, write.Name, FenceTimes.GoneAfter);
                    state.NodeRemoved(write, result, at);
                },
                at => state.NodeRemoved(write, null, at),
                life);
        }
        foreach (var write in pass.Claims)
        {
            writes.Begin(
                token => store.Claims.WriteAsync(write, token),
                Patience,
                (result, at) =>
                {
                    if (result.IsWritten)
                        Tell(write);
                    state.ClaimWritten(write, result, at);
                },
                at => state.ClaimWritten(write, null, at),
                life);
        }
        foreach (var write in pass.Pools)
        {
            writes.Begin(
                token => store.Pools.UpdateAsync(write.Value, write.Expected, token),
                Patience,
                (result, at) => state.PoolWritten(write, result, at),
                at => state.PoolWritten(write, null, at),
                life);
        }
        foreach (var write in pass.Services)
        {
            writes.Begin(
                token => DoneAsync(demands.WriteAsync(write, token)),
                Patience,
                (_, at) => state.ServiceWritten(write, at),
                at => state.ServiceWritten(write, at),
                life);
        }
        Tell(pass, now, writes, life);
    }

    /// <summary>What cannot be done is told when it changes; what was not heard is told again. One telling at a time: claims are more urgent.</summary>
    private void Tell(SchedulerPass pass, TimeSpan now, StoreCalls writes, CancellationToken life)
    {
        foreach (var problem in pass.Problems.Except(problems))
            Log.Problem(logger, problem);
        problems = pass.Problems;
        if (refuses || pass.Refusals == refused || (refused is null && now < nextRefusal))
            return;
        (refuses, refused) = (true, pass.Refusals);
        writes.Begin(token => demands.RefuseAsync(pass.Refusals, token), TellingPatience, (isAll, at) => Told(isAll, at), at => Told(false, at), life);

        void Told(bool isAll, TimeSpan at)
        {
            refuses = false;
            if (!isAll)
                (refused, nextRefusal) = (null, at + BetweenTellings);
        }
    }

    private void Tell(ClaimWrite write)
    {
        if (write.Value is not { } claim)
            Log.Deleted(logger, write.Name);
        else
            Log.Written(logger, write.Name, claim.Node, claim.Holder);
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }
}
