using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

/// <summary>The agent of node1 with a store that answers as the test says, on a clock that the test moves.</summary>
internal sealed class AgentFixture : ILinkSight
{
    private readonly NodeAgent agent;
    private ImmutableSortedDictionary<string, StoredRecord<Claim>> claims = RecordView<Claim>.Empty.Records;
    private ImmutableSortedDictionary<string, StoredRecord<NodeRecord>> nodes = RecordView<NodeRecord>.Empty.Records;
    private long revision;

    public AgentFixture() => agent = new NodeAgent("node1", new NodeStatus { Address = "192.0.2.1", Key = "own" }, Times);

    public FenceTimes Times { get; } = FenceTimes.Of(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(100);

    public NodeAgent Agent => agent;

    /// <summary>False: every request to the store fails.</summary>
    public bool StoreAnswers { get; set; } = true;

    /// <summary>False: views do not come, though requests are answered.</summary>
    public bool WatchWorks { get; set; } = true;

    /// <summary>What the peers say; null when they say nothing.</summary>
    public bool? PeersHaveContact { get; set; }

    /// <summary>What the keeper may have on the link.</summary>
    public HashSet<ClaimAddress> Present { get; } = [];

    /// <summary>False: what is to be removed stays on the link.</summary>
    public bool KeeperWorks { get; set; } = true;

    /// <summary>True: writes of claims fail, and nothing else.</summary>
    public bool ClaimWritesFail { get; set; }

    /// <summary>What speaks against all addresses.</summary>
    public AddressTrouble? Trouble { get; set; }

    public List<string> Written { get; } = [];

    public List<string> Asked { get; } = [];

    public HeldAddresses Holding { get; private set; } = HeldAddresses.Nothing;

    public NodeRecord? Own => nodes.TryGetValue("node1", out var node) ? node.Value : null;

    public IEnumerable<string> Held => Now < Holding.Until ? Holding.Addresses.AsSpan().ToArray().Select(address => address.ToString()) : [];

    public Claim Claim(string name) => claims[name].Value;

    public void SetClaim(Claim claim) => claims = claims.SetItem(claim.Metadata.Name, new(new Revision(++revision), claim));

    public void SetClaim(string address, string node, string holder) =>
        SetClaim(new Claim { Metadata = ClaimMeta.Named(Name(address)), Spec = new() { Cidr = $"{address}/24" } }.For(node, holder));

    public void RemoveOwn() => nodes = nodes.Remove("node1");

    public void RemoveClaim(string address) => claims = claims.Remove(Name(address));

    /// <summary>Writes the node's own record, as another process would.</summary>
    public void SetOwn(NodeRecord record) => nodes = nodes.SetItem("node1", new(new Revision(++revision), record));

    /// <summary>A peer that lives: its record grows as long as the store answers.</summary>
    public void Peer(string name) => nodes = nodes.SetItem(name, new(new Revision(++revision), new NodeRecord { Metadata = ClaimMeta.Named(name), Revision = revision }));

    public void Run(double seconds = 1)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end; Now += TimeSpan.FromMilliseconds(20))
        {
            for (var i = 0; i < 4; i++)
                Pass();
        }
    }

    public void Sleep(TimeSpan span) => Now += span;

    public AgentPass Pass()
    {
        if (StoreAnswers && WatchWorks)
        {
            foreach (var name in nodes.Keys.Where(name => name != "node1").ToArray())
                Peer(name);
            agent.NodesSeen(new(new Revision(revision), nodes), Now);
            agent.ClaimsSeen(new(new Revision(revision), claims));
        }
        var pass = agent.Pass(Now, this);
        Holding = pass.Holding;
        if (KeeperWorks)
        {
            Present.Clear();
            Present.UnionWith(Holding.Addresses);
        }
        Answer(pass);
        return pass;
    }

    public AddressTrouble? TroubleOf(ClaimAddress address) => Trouble;

    public LinkPresence PresenceOf(ClaimAddress address) => Present.Contains(address) ? LinkPresence.There : LinkPresence.Gone;

    private void Answer(AgentPass pass)
    {
        foreach (var peer in pass.Questions)
        {
            Asked.Add(peer);
            if (PeersHaveContact is { } answer)
                agent.PeerAnswered(peer, Now, answer);
        }
        if (pass.ReadsOwn)
        {
            if (StoreAnswers)
                agent.OwnRead(nodes.TryGetValue("node1", out var own) ? own : null, Now);
            else
                agent.OwnReadFailed(Now);
        }
        if (pass.Heartbeat is { } heartbeat)
            Answer(heartbeat);
        if (pass.Listing is { } number)
        {
            if (StoreAnswers)
                agent.ClaimsListed(number, new(new Revision(revision), claims), Now);
            else
                agent.ListingFailed(number, Now);
        }
        foreach (var write in pass.Claims)
            Answer(write);
    }

    private void Answer(HeartbeatWrite heartbeat)
    {
        if (!StoreAnswers)
        {
            agent.HeartbeatFailed(heartbeat, Now);
            return;
        }
        var result = Write(ref nodes, "node1", heartbeat.Expected, heartbeat.Record);
        agent.HeartbeatAnswered(heartbeat, result, Now);
    }

    private void Answer(ClaimWrite write)
    {
        if (!StoreAnswers || ClaimWritesFail)
        {
            agent.ClaimWritten(write, null, Now);
            return;
        }
        var result = Write(ref claims, write.Name, write.Expected, write.Value!);
        if (result.IsWritten)
            Written.Add($"{write.Name} {write.Value!.Node}/{write.Value.Holder}");
        agent.ClaimWritten(write, result, Now);
    }

    private WriteResult Write<T>(ref ImmutableSortedDictionary<string, StoredRecord<T>> records, string name, Revision expected, T value)
        where T : class
    {
        var actual = records.TryGetValue(name, out var known) ? known.Revision : Revision.None;
        if (actual != expected)
            return new(actual == Revision.None ? WriteOutcome.Missing : expected == Revision.None ? WriteOutcome.Exists : WriteOutcome.Conflict);
        records = records.SetItem(name, new(new Revision(++revision), value));
        return new(WriteOutcome.Written, new Revision(revision));
    }

    private static string Name(string address) => $"{address.Replace('.', '-')}-24";
}
