using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// A node's part of the claims mode: brings store, peers and interface to the <see cref="NodeAgent"/>, and its decisions to them. Whatever
/// the store does, the interface is told in time what may be on it, and the keeper knows by itself when all has to be gone.
/// </summary>
/// <param name="options">Name and times.</param>
/// <param name="store">The claims.</param>
/// <param name="keeper">Keeps the interface; run by this.</param>
/// <param name="peers">Asks and hears the other nodes.</param>
/// <param name="context">Clock, chance and loggers.</param>
internal sealed partial class ClaimController(
    ClaimControllerOptions options, IClaimStore store, AddressKeeper keeper, PeerTalk peers, ExtensionContext context)
{
    private const int MostWrites = 32;
    private const int MostVital = 64; // heartbeats that nobody answers, a read and a list

    private readonly ILogger logger = context.Loggers.CreateLogger<ClaimController>();
    private readonly PassLoop loop = new(context.Time);
    private readonly NodeAgent agent = new(options.Name, peers.Identity, options.Times);
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordView<NodeRecord> nodes = RecordView<NodeRecord>.Empty;
    private bool leaves;
    private bool saidShared;

    /// <summary>
    /// Works until it is stopped, and lets its claims be moved away then: until that is so, or the patience is over, it goes on as before. Where
    /// others work under the same name nothing is moved: they have the addresses, too.
    /// </summary>
    /// <exception cref="ExtensionException">The interface cannot be worked with.</exception>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var life = new CancellationTokenSource();
        using var vital = new StoreCalls(loop, MostVital, context.Time, context.Loggers.CreateLogger<StoreCalls>());
        using var writes = new StoreCalls(loop, MostWrites, context.Time, context.Loggers.CreateLogger<StoreCalls>());
        var wishes = new LinkWishes(keeper, loop, options.Times, context.Time);
        var follower = new RecordFollower(loop, context);
        Task[] parts =
        [
            loop.RunAsync(now => Pass(now, wishes, vital, writes, life.Token), life.Token),
            keeper.RunAsync(life.Token),
            follower.RunAsync(store.Nodes, (view, now) => agent.NodesSeen(nodes = view, now), life.Token),
            follower.RunAsync(store.Claims, (view, _) => agent.ClaimsSeen(view), life.Token),
            FollowReportsAsync(life.Token),
            HearPeersAsync(life.Token),
        ];
        var leaving = LeaveAsync(stopping, life.Token);
        await Task.WhenAny([.. parts, leaving]);
        await life.CancelAsync();
        try
        {
            await Task.WhenAll([.. parts, leaving]);
        }
        finally
        {
            await vital.FinishAsync();
            await writes.FinishAsync();
        }
    }

    private TimeSpan? Pass(TimeSpan now, LinkWishes wishes, StoreCalls vital, StoreCalls writes, CancellationToken life)
    {
        var pass = agent.Pass(now, wishes);
        wishes.Say(pass.Holding); // before anything else: nothing below may come between a decision and the interface
        var patience = options.Times.Heartbeat / 2;
        if (pass.Heartbeat is { } heartbeat)
        {
            // Longer than to the next: an answer that comes late still counts from its sending.
            vital.Begin(
                token => heartbeat.Expected == Revision.None
                    ? store.Nodes.CreateAsync(heartbeat.Record, token)
                    : store.Nodes.UpdateAsync(heartbeat.Record, heartbeat.Expected, token),
                options.Times.Heartbeat * 3,
                (result, at) => agent.HeartbeatAnswered(heartbeat, result, at),
                at => agent.HeartbeatFailed(heartbeat, at),
                life);
        }
        if (pass.ReadsOwn)
            vital.Begin(token => store.Nodes.ReadAsync(options.Name, token), patience, agent.OwnRead, agent.OwnReadFailed, life);
        if (pass.Listing is { } number)
            vital.Begin(store.Claims.ListAsync, patience, (view, at) => agent.ClaimsListed(number, view, at), at => agent.ListingFailed(number, at), life);
        foreach (var write in pass.Claims)
        {
            writes.Begin(
                token => store.Claims.WriteAsync(write, token),
                patience,
                (result, at) => agent.ClaimWritten(write, result, at),
                at => agent.ClaimWritten(write, null, at),
                life);
        }
        foreach (var peer in pass.Questions)
        {
            if (nodes.Records.TryGetValue(peer, out var record) && record.Value.Status is { } status)
                peers.Ask(peer, status, now);
        }
        if (!options.MayShareName && !saidShared && agent.IsShared(now))
        {
            saidShared = true;
            Log.Shared(logger, options.Name);
        }
        if (leaves && !agent.HasClaims)
            drained.TrySetResult();
        return pass.NextLook;
    }

    private async Task FollowReportsAsync(CancellationToken life)
    {
        try
        {
            // What it says is asked for in the pass.
            await foreach (var _ in keeper.FollowAsync(life))
                loop.Tell(_ => { });
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
    }

    private async Task HearPeersAsync(CancellationToken life)
    {
        try
        {
            await foreach (var news in peers.HearAsync(life))
                await loop.TellAsync(now => Take(news, now), life);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
    }

    private void Take(PeerNews news, TimeSpan now)
    {
        if (news is PeerNews.Asked asked)
            peers.Answer(asked, agent.AnswerPeer(now));
        else if (news is PeerNews.Answered answered)
            agent.PeerAnswered(answered.Peer, answered.AskedAt, answered.HasContact);
    }

    /// <summary>Waits for the stop, and then for the claims to be elsewhere.</summary>
    private async Task LeaveAsync(CancellationToken stopping, CancellationToken life)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(() => asked.TrySetResult());
        try
        {
            await asked.Task.WaitAsync(life);
            var isShared = false;
            await loop.TellAsync(now => isShared = agent.IsShared(now), life);
            if (isShared)
            {
                Log.Staying(logger, options.Name);
                return;
            }
            Log.Leaving(logger, options.Name);
            await loop.TellAsync(
                now =>
                {
                    agent.Drain(now);
                    leaves = true;
                },
                life);
            if (await IsDrainedAsync(options.DrainPatience, life))
                return;
            Log.Releasing(logger, options.Name, options.DrainPatience);
            await loop.TellAsync(agent.Release, life);
            if (!await IsDrainedAsync(options.ReleasePatience, life))
                Log.Unreleased(logger, options.Name);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // another part has ended, and all with it
        }
    }

    private async Task<bool> IsDrainedAsync(TimeSpan patience, CancellationToken life)
    {
        try
        {
            await drained.Task.WaitAsync(patience, context.Time, life);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
