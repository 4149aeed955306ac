using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.Tests.ExternalIp;

/// <summary>
/// A scheduler's passes and the heartbeats of nodes on a real store, by the machine's own clock. What a node holds stays in the store: there
/// is no interface here.
/// </summary>
internal sealed class ClaimsAtWork : IAsyncDisposable
{
    private static readonly FenceTimes Times = FenceTimes.Of(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400));

    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, (CancellationTokenSource Stopping, Task Running)> nodes = [];
    private readonly IClaimStore store;
    private readonly long began = TimeProvider.System.GetTimestamp();
    private Task scheduling = Task.CompletedTask;

    public ClaimsAtWork(IClaimStore store) => this.store = store;

    private TimeSpan Now => TimeProvider.System.GetElapsedTime(began);

    public void Schedule()
    {
        var state = new SchedulerState(Times, NodeFilter.Fair, 32);
        state.ServicesSeen(ImmutableSortedDictionary.Create<string, ServiceDemand>(StringComparer.Ordinal));
        scheduling = RepeatAsync(end => PassAsync(state, end), stopping.Token);
    }

    public void Live(string name)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        nodes.Add(name, (end, RepeatAsync(until => BeatAsync(name, until), end.Token)));
    }

    public async Task KillAsync(string name)
    {
        nodes.Remove(name, out var node);
        await node.Stopping.CancelAsync();
        await node.Running;
        node.Stopping.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await scheduling;
        foreach (var name in nodes.Keys.ToArray())
            await KillAsync(name);
        stopping.Dispose();
    }

    private static async Task RepeatAsync(Func<CancellationToken, Task> once, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!end.IsCancellationRequested)
        {
            try
            {
                await once(end);
                await timer.WaitForNextTickAsync(end);
            }
            catch (ExtensionException)
            {
                // The store is away; the next turn asks again.
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task PassAsync(SchedulerState state, CancellationToken end)
    {
        var look = Now;
        var (seenNodes, seenClaims, seenPools) =
            (await store.Nodes.ListAsync(end), await store.Claims.ListAsync(end), await store.Pools.ListAsync(end));
        state.Looked(look);
        state.NodesSeen(seenNodes, Now);
        state.ClaimsSeen(seenClaims, Now);
        state.PoolsSeen(seenPools);
        var pass = state.Pass(Now);
        foreach (var name in pass.Reads.ToArray())
            state.NodeRead(name, (await store.Nodes.ReadAsync(name, end))?.Value, Now);
        foreach (var write in pass.Claims.ToArray())
        {
            var result = write.Value is null ? await store.Claims.DeleteAsync(write.Name, write.Expected, end)
                : write.Expected.Value == 0 ? await store.Claims.CreateAsync(write.Value, end)
                : await store.Claims.UpdateAsync(write.Value, write.Expected, end);
            state.ClaimWritten(write, result, Now);
        }
    }

    private async Task BeatAsync(string name, CancellationToken end)
    {
        if (await store.Nodes.ReadAsync(name, end) is { } known)
            await store.Nodes.UpdateAsync(known.Value with { Revision = known.Value.Revision + 1 }, known.Revision, end);
        else
            await store.Nodes.CreateAsync(new() { Metadata = ClaimMeta.Named(name), Revision = 1 }, end);
        foreach (var (revision, claim) in (await store.Claims.ListAsync(end)).Records.Values)
        {
            if (claim.Holder == name && claim.Node != name)
                await store.Claims.UpdateAsync(claim.For(claim.Node, claim.Node), revision, end);
        }
    }
}
