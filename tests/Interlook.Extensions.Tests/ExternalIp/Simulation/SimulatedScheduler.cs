using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>One scheduler's process: brings its passes to the store, and back.</summary>
internal sealed class SimulatedScheduler
{
    private readonly World world;
    private SchedulerState state;
    private ImmutableSortedDictionary<string, (long Version, ServiceDemand Demand)> services = ImmutableSortedDictionary<string, (long, ServiceDemand)>.Empty;
    private RecordView<NodeRecord> lastNodes = RecordView<NodeRecord>.Empty;
    private long servicesSeen;
    private bool passIsDue;
    private TimeSpan nextPass;

    public SimulatedScheduler(World world)
    {
        this.world = world;
        Process = new SimulatedProcess(world.Clock);
        Client = world.Store.Connect(Process);
        state = Make();
    }

    public SimulatedProcess Process { get; }

    public StoreClient Client { get; }

    public void Start()
    {
        Process.Start();
        state = Make();
        lastNodes = RecordView<NodeRecord>.Empty;
        Client.Follow(
            view => Tell(() => state.NodesSeen(lastNodes = view, Process.Now)),
            view => Tell(() => state.ClaimsSeen(view, Process.Now)),
            view => Tell(() => state.PoolsSeen(view)));
        Look();
        ServicesChanged();
    }

    /// <summary>The news of the Services come late, too.</summary>
    public void ServicesChanged()
    {
        var (all, version) = (world.Services.All, world.Services.Version);
        var arrive = Process.OfThisStart(() => Tell(() => See(all, version)));
        world.Clock.AfterMilliseconds(Client.Way(), () =>
        {
            if (Client.Reaches)
                arrive();
            else if (Process.Runs)
                world.Clock.AfterMilliseconds(50, ServicesChanged);
        });
    }

    private void See(ImmutableSortedDictionary<string, (long Version, ServiceDemand Demand)> all, long version)
    {
        // One piece of news may overtake another on the way.
        if (version < servicesSeen)
            return;
        servicesSeen = version;
        services = all;
        state.ServicesSeen(all.ToImmutableSortedDictionary(each => each.Key, each => each.Value.Demand, StringComparer.Ordinal));
    }

    private SchedulerState Make() => new(world.Times, world.Filter, 32);

    /// <summary>Reads all nodes again and again: only through what it looks at itself does its time count.</summary>
    private void Look()
    {
        var began = Process.Now;
        Client.Call(
            world.Store.Nodes.List,
            view => Tell(() =>
            {
                state.Looked(began);
                state.NodesSeen(view, Process.Now);
            }),
            () => { },
            Patience);
        Process.At(began + world.Times.Heartbeat / 3, Look);
    }

    /// <summary>A burst of news is one pass.</summary>
    private void Tell(Action what)
    {
        what();
        if (passIsDue)
            return;
        passIsDue = true;
        world.Clock.AfterMilliseconds(0.1, () =>
        {
            passIsDue = false;
            Process.Do(Pass);
        });
    }

    private void Pass()
    {
        var now = Process.Now;
        var pass = state.Pass(now);
        if (world.Mutant != Mutant.NeverJudges)
        {
            foreach (var name in pass.Reads)
                Read(name);
        }
        foreach (var write in pass.Claims)
            Write(() => world.Store.Claims.Write(write.Name, write.Expected, write.Value), result => state.ClaimWritten(write, result, Process.Now));
        foreach (var write in pass.Pools)
            Write(() => world.Store.Pools.Write(write.Name, write.Expected, write.Value), result => state.PoolWritten(write, result, Process.Now));
        foreach (var write in pass.Services)
        {
            var version = services[write.Service].Version;
            Write(() => world.Services.Write(write, version), _ => state.ServiceWritten(write, Process.Now));
        }
        if (state.NextLook(now) is { } next && (next < nextPass || nextPass <= now))
            Process.At(nextPass = next, () => Tell(() => { }));
    }

    private TimeSpan Patience => world.Times.Heartbeat / 2;

    private void Write(Func<WriteResult> write, Action<WriteResult?> written) =>
        Client.Call(write, result => Tell(() => written(result)), () => Tell(() => written(null)), Patience);

    private void Read(string name)
    {
        if (world.Mutant == Mutant.ReadsNothingFresh)
        {
            state.NodeRead(name, lastNodes.Records.TryGetValue(name, out var late) ? late.Value : null, Process.Now);
            Tell(() => { });
            return;
        }
        Client.Call(
            () => world.Store.Nodes.Read(name),
            record => Tell(() => state.NodeRead(name, Changed(record?.Value), Process.Now)),
            () => Tell(() => state.NodeReadFailed(name)),
            Patience);
    }

    private NodeRecord? Changed(NodeRecord? record) =>
        world.Mutant == Mutant.AsksNobody && record is not null ? record with { Status = record.Status! with { Peers = null } } : record;
}
