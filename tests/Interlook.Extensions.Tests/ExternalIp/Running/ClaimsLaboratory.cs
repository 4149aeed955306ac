using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Extensions.Tests.ExternalIp.Claims;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>Three nodes with agents, a scheduler, and a client that meets them.</summary>
internal sealed class ClaimsLaboratory : IAsyncDisposable
{
    private readonly CancellationTokenSource life = new();
    private readonly NetworkLaboratory network;
    private readonly Task scheduling;

    private ClaimsLaboratory(NetworkLaboratory network, FenceTimes times)
    {
        this.network = network;
        Times = times;
        Line = new StoreLine(Store);
        Nodes = [.. network.Machines.Where(machine => machine.Name != "client").Select(machine => new RunningNode(machine, Store, times, Context()))];
        scheduling = new SchedulerLoop(new() { Times = times }, Line, Demands, new AlwaysLeading(), Context()).RunAsync(life.Token);
    }

    public InMemoryClaimStore Store { get; } = new();

    public WrittenDemands Demands { get; } = new();

    /// <summary>The scheduler's way to the store.</summary>
    public StoreLine Line { get; }

    public FenceTimes Times { get; }

    public IReadOnlyList<RunningNode> Nodes { get; }

    public LaboratoryMachine Client => network["client"];

    /// <summary>Builds one, and waits until all nodes know each other.</summary>
    public static async Task<ClaimsLaboratory> CreateAsync()
    {
        var network = await NetworkLaboratory.CreateAsync("node1", "node2", "node3", "client");
        var laboratory = new ClaimsLaboratory(network, FenceTimes.Of(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)));
        try
        {
            await Eventually.TrueAsync("all nodes know each other", async () =>
            {
                var view = await laboratory.Store.Nodes.ListAsync(CancellationToken.None);
                return view.Records.Count == 3 && view.Records.Values.All(each => each.Value.Status?.Peers?.Length == 2);
            });
            return laboratory;
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>The node whose kernel has an address; null while none has, or several.</summary>
    public RunningNode? Holder(string address)
    {
        RunningNode[] holders = [.. Nodes.Where(node => node.Addresses.Any(each => each.Address.ToString() == address))];
        return holders.Length == 1 ? holders[0] : null;
    }

    /// <summary>Waits until a node other than a former one has an address.</summary>
    public async Task<RunningNode> HolderAsync(string address, RunningNode? former = null)
    {
        RunningNode? holder = null;
        await Eventually.TrueAsync($"a node has {address}", () => (holder = Holder(address)) is not null && holder != former);
        return holder!;
    }

    /// <summary>Waits for so long that everything has happened that can.</summary>
    public static Task LetPassAsync(TimeSpan span)
    {
        var begun = TimeProvider.System.GetTimestamp();
        return Eventually.TrueAsync("the time is over", () => TimeProvider.System.GetElapsedTime(begun) >= span, span * 10);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            node.Continue();
        Line.Join();
        // All at once: the last would wait for somebody who takes over from it.
        await life.CancelAsync();
        await scheduling;
        foreach (var claim in (await Store.Claims.ListAsync(CancellationToken.None)).Records)
            await Store.Claims.DeleteAsync(claim.Key, claim.Value.Revision, CancellationToken.None);
        foreach (var node in Nodes)
            await node.DisposeAsync();
        await network.DisposeAsync();
        life.Dispose();
    }

    private static ExtensionContext Context() => TestContexts.Create("claims");
}
