using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Scheduling;

/// <summary>A scheduler whose every write succeeds at once, on a clock that the test moves.</summary>
internal sealed class SchedulerFixture
{
    private ImmutableSortedDictionary<string, ServiceDemand> services = ImmutableSortedDictionary.Create<string, ServiceDemand>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, StoredRecord<Claim>> claims = RecordView<Claim>.Empty.Records;
    private ImmutableSortedDictionary<string, StoredRecord<ClaimPool>> pools = RecordView<ClaimPool>.Empty.Records;
    private ImmutableSortedDictionary<string, StoredRecord<NodeRecord>> nodes = RecordView<NodeRecord>.Empty.Records;
    private readonly HashSet<string> living = new(StringComparer.Ordinal);
    private readonly List<ClaimWrite> late = [];
    private long revision;
    private SchedulerState state;
    private readonly NodeFilter filter;

    public SchedulerFixture(NodeFilter filter = NodeFilter.Fair)
    {
        this.filter = filter;
        state = Make();
    }

    public FenceTimes Times { get; } = FenceTimes.Of(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(100);

    /// <summary>Every write of a claim, as one line.</summary>
    public List<string> Written { get; } = [];

    public List<ServiceRefusal> Refusals { get; } = [];

    public List<string> Read { get; } = [];

    /// <summary>Writes of claims that the store refuses.</summary>
    public bool RefusesClaims { get; set; }

    public bool RefusesServices { get; set; }

    /// <summary>Writes of claims wait for <see cref="Answer"/>.</summary>
    public bool AnswersLate { get; set; }

    /// <summary>Writes what waits.</summary>
    public void Answer()
    {
        late.ForEach(Write);
        late.Clear();
    }

    public void Restart() => state = Make();

    public void Live(params string[] names)
    {
        living.Clear();
        living.UnionWith(names);
        foreach (var name in names.Where(name => !nodes.ContainsKey(name)))
            SetNode(new NodeRecord { Metadata = ClaimMeta.Named(name), Status = new() { Peers = [.. names.Where(each => each != name)] } });
    }

    public void SetNode(NodeRecord node) => nodes = nodes.SetItem(node.Metadata.Name, new(new Revision(++revision), node));

    public void RemoveNode(string name) => nodes = nodes.Remove(name);

    public IEnumerable<string> Nodes => nodes.Keys;

    public NodeRecord Node(string name) => nodes[name].Value;

    public void Pool(string name, string cidr, params ImmutableArray<string>[] ranges) => pools = pools.SetItem(
        name, new(new Revision(++revision), new ClaimPool { Metadata = ClaimMeta.Named(name), Spec = new() { Cidr = cidr, Ranges = [.. ranges] } }));

    public ImmutableSortedDictionary<string, string> Allocated(string pool) => pools[pool].Value.Spec.Allocated;

    public void Service(ServiceDemand demand) => services = services.SetItem(demand.Name, demand);

    public void Service(string name, params string[] addresses) => Service(new ServiceDemand { Name = name, ExternalIps = [.. addresses] });

    public ServiceDemand Service(string name) => services[name];

    public void RemoveService(string name) => services = services.Remove(name);

    public Claim? Claim(string name) => claims.TryGetValue(name, out var claim) ? claim.Value : null;

    public void SetClaim(Claim claim) => claims = claims.SetItem(claim.Metadata.Name, new(new Revision(++revision), claim));

    public IEnumerable<string> Claims => claims.Keys;

    /// <summary>Lets time pass in heartbeats: those that live send theirs, holders let go of what they shall, and the scheduler passes.</summary>
    public void Run(double seconds = 4)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end; Now += TimeSpan.FromSeconds(0.5))
        {
            foreach (var name in living)
                SetNode(nodes[name].Value with { Revision = nodes[name].Value.Revision + 1 });
            for (var i = 0; i < 6; i++)
            {
                Pass();
                HandOver();
            }
        }
    }

    public void Sleep(TimeSpan span) => Now += span;

    private SchedulerState Make() => new(Times, filter, 24);

    private void Pass()
    {
        state.Looked(Now);
        state.NodesSeen(new(new Revision(revision), nodes), Now);
        state.ClaimsSeen(new(new Revision(revision), claims), Now);
        state.PoolsSeen(new(new Revision(revision), pools));
        state.ServicesSeen(services);
        var pass = state.Pass(Now);
        Refusals.Clear();
        Refusals.AddRange(pass.Refusals);
        foreach (var name in pass.Reads)
        {
            Read.Add(name);
            state.NodeRead(name, nodes.TryGetValue(name, out var node) ? node.Value : null, Now);
        }
        foreach (var write in pass.Nodes)
        {
            var isWritten = nodes.TryGetValue(write.Name, out var known) && known.Revision == write.Expected;
            if (isWritten)
                RemoveNode(write.Name);
            state.NodeRemoved(write, new(isWritten ? WriteOutcome.Written : WriteOutcome.Conflict), Now);
        }
        late.AddRange(pass.Claims.ToArray());
        if (!AnswersLate)
            Answer();
        foreach (var write in pass.Pools)
        {
            pools = pools.SetItem(write.Name, new(new Revision(++revision), write.Value));
            state.PoolWritten(write, new(WriteOutcome.Written, new Revision(revision)), Now);
        }
        foreach (var write in pass.Services)
        {
            if (!RefusesServices)
                Service(services[write.Service] with { ExternalIps = write.ExternalIps, Ingress = write.Ingress ?? services[write.Service].Ingress });
            state.ServiceWritten(write, Now);
        }
    }

    private void Write(ClaimWrite write)
    {
        var expected = claims.TryGetValue(write.Name, out var known) ? known.Revision : Revision.None;
        if (RefusesClaims || expected != write.Expected)
        {
            state.ClaimWritten(write, new(WriteOutcome.Conflict), Now);
            return;
        }
        Written.Add(write.Value is { } claim ? $"{write.Name} {claim.Node}/{claim.Holder}" : $"{write.Name} deleted");
        claims = write.Value is null ? claims.Remove(write.Name) : claims.SetItem(write.Name, new(new Revision(++revision), write.Value));
        state.ClaimWritten(write, new(WriteOutcome.Written, new Revision(revision)), Now);
    }

    private void HandOver()
    {
        foreach (var (name, claim) in claims)
        {
            if (claim.Value.Node != claim.Value.Holder && living.Contains(claim.Value.Holder))
                claims = claims.SetItem(name, new(new Revision(++revision), claim.Value.For(claim.Value.Node, claim.Value.Node)));
        }
    }
}
