using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// Which nodes count as dead. Time is this process's monotonic clock, and only time through which it looked itself and through which at
/// least one node was heard of: when nothing is heard of anybody it is the store or this process that was cut off. Not for concurrent use.
/// </summary>
internal sealed class NodeLiveness(FenceTimes times)
{
    private readonly SortedDictionary<string, Observation> nodes = new(StringComparer.Ordinal);
    private TimeSpan lastLook;
    private TimeSpan lastGrowth;
    private bool hasLooked;
    private bool hasSeen;
    private TimeSpan firstSeen;

    /// <summary>How long this process may go without a look before its observation begins anew.</summary>
    internal TimeSpan LongestGap => times.Heartbeat;

    /// <summary>Says that the store answered a read that began at this moment.</summary>
    internal void Looked(TimeSpan now)
    {
        if (hasLooked && now - lastLook > LongestGap)
            BeginAnew(now);
        hasLooked = true;
        lastLook = now;
    }

    /// <summary>Takes what the store shows of the nodes.</summary>
    internal void See(ImmutableSortedDictionary<string, StoredRecord<NodeRecord>> records, TimeSpan now)
    {
        foreach (var (name, stored) in records)
            See(name, stored.Value, now);
        foreach (var (name, node) in nodes)
        {
            if (node.Record is not null && !records.ContainsKey(name))
                See(name, null, now);
        }
        if (!hasSeen)
            (hasSeen, firstSeen) = (true, now);
    }

    /// <summary>Begins to observe a node that a claim names and that perhaps never had a record.</summary>
    internal void Notice(string name, TimeSpan now)
    {
        if (!nodes.ContainsKey(name))
            nodes.Add(name, new Observation { LastGrowth = now });
    }

    /// <summary>True when a node may be given claims: its record was seen to grow within the expiry. A record alone says nothing.</summary>
    internal bool IsAlive(string name, TimeSpan now) => nodes.TryGetValue(name, out var node) && IsAlive(node, now);

    /// <summary>True once every living node had the time for a heartbeat since this process looks.</summary>
    internal bool IsSettled(TimeSpan now) => now >= firstSeen + times.Heartbeat * 1.25;

    /// <summary>
    /// The living nodes that do not ask to be emptied, in the order of their names. None before every living node had the time for a
    /// heartbeat: otherwise the first one that is heard of would get everything.
    /// </summary>
    internal IEnumerable<string> Candidates(TimeSpan now) =>
        !IsSettled(now) ? [] : nodes.Where(node => IsAlive(node.Value, now) && !node.Value.Record!.IsDraining).Select(node => node.Key);

    /// <summary>
    /// True when a node may be given what another held. A node that cannot reach the store goes on holding while all peers that it named
    /// have no contact either. One that it named refuses it that, and waits for an expiry when it did not; one that it did not name could
    /// be given its addresses without being asked, so it has to wait for the longest outage that is gone through. That the former lives again
    /// says nothing: for a moment it may still build on what others said, and whoever it names only since a moment was not asked.
    /// </summary>
    internal bool Permits(string former, string node, TimeSpan now) =>
        former == node
        || !nodes.TryGetValue(former, out var past)
        || past.Peers is null
        || (past.NamedSince.TryGetValue(node, out var since) && now - since >= times.Expiry)
        || now - past.LastGrowth >= FenceTimes.LongestOutage;

    /// <summary>True when a living node asks for its claims to be moved.</summary>
    internal bool IsDraining(string name) => nodes.TryGetValue(name, out var node) && node.Record?.IsDraining == true;

    /// <summary>The nodes with a record that were not silent for the whole expiry, in the order of their names.</summary>
    internal IEnumerable<string> NotSilent(TimeSpan now) => nodes.Where(node => node.Value.Record is not null && !IsSilent(node.Value, now)).Select(node => node.Key);

    /// <summary>The nodes that were silent for the whole expiry, and about whom a fresh read has to decide.</summary>
    internal IEnumerable<string> Suspects(TimeSpan now) => nodes.Where(node => IsSilent(node.Value, now)).Select(node => node.Key);

    /// <summary>The verdict on a node; null while it may be alive.</summary>
    internal DeathVerdict? VerdictOn(string name, TimeSpan now) =>
        nodes.TryGetValue(name, out var node) && IsSilent(node, now) ? node.Verdict : null;

    /// <summary>Takes the answer of a linearizable read.</summary>
    /// <param name="name">The node.</param>
    /// <param name="record">Its record; null when there is none.</param>
    /// <param name="started">When the read began.</param>
    /// <param name="claims">The claims that were known when it began.</param>
    /// <param name="now">The moment of the answer.</param>
    internal void Read(string name, NodeRecord? record, TimeSpan started, ImmutableSortedDictionary<string, StoredRecord<Claim>> claims, TimeSpan now)
    {
        See(name, record, now);
        var node = nodes[name];
        if (IsSilent(node, started))
            node.Verdict = new DeathVerdict(claims);
    }

    /// <summary>Forgets nodes without a record that no claim names.</summary>
    internal void Forget(Func<string, bool> isNamed)
    {
        foreach (var name in nodes.Where(node => node.Value.Record is null && !isNamed(node.Key)).Select(node => node.Key).ToArray())
            nodes.Remove(name);
    }

    /// <summary>
    /// The nodes whose records nobody needs any more: silent for so long that they hold nothing, with their peers' help or without it
    /// (<see cref="FenceTimes.LongestOutage"/>), as this process saw it all that time.
    /// </summary>
    internal IEnumerable<string> Gone(TimeSpan now) =>
        nodes.Where(node => node.Value.Record is not null && now - node.Value.LastGrowth >= FenceTimes.GoneAfter).Select(node => node.Key);

    /// <summary>When the next node may fall silent; null when none can.</summary>
    internal TimeSpan? NextExpiry(TimeSpan now)
    {
        TimeSpan? next = now < firstSeen + times.Heartbeat * 1.25 ? firstSeen + times.Heartbeat * 1.25 : null;
        foreach (var node in nodes.Values)
        {
            var at = node.LastGrowth + times.Expiry;
            if (at > now && (next is null || at < next))
                next = at;
        }
        return next;
    }

    private void See(string name, NodeRecord? record, TimeSpan now)
    {
        if (!nodes.TryGetValue(name, out var node))
        {
            // What stood there before this process came may have stood for long, so it is no sign of life.
            node = new Observation { LastGrowth = now };
            node.Show(record, now);
            if (hasSeen)
                Hear(node, now);
            nodes.Add(name, node);
            return;
        }
        var isHeartbeat = node.Record?.Revision != record?.Revision;
        node.Show(record, now);
        if (isHeartbeat)
            Hear(node, now);
    }

    private void Hear(Observation node, TimeSpan now)
    {
        if (nodes.Count > 1 && now - lastGrowth >= times.Expiry)
            BeginAnew(now);
        node.LastHeartbeat = now;
        node.LastGrowth = now;
        node.Verdict = null;
        lastGrowth = now;
    }

    private void BeginAnew(TimeSpan now)
    {
        foreach (var node in nodes.Values)
        {
            node.LastGrowth = now;
            node.Verdict = null;
        }
        lastGrowth = now;
    }

    private bool IsSilent(Observation node, TimeSpan now) => now - node.LastGrowth >= times.Expiry;

    private bool IsAlive(Observation node, TimeSpan now) => node.Record is not null && now - node.LastHeartbeat < times.Expiry;

    private sealed class Observation
    {
        public NodeRecord? Record { get; private set; }

        /// <summary>Since when it was seen to name each of the peers that it names.</summary>
        public Dictionary<string, TimeSpan> NamedSince { get; } = new(StringComparer.Ordinal);

        /// <summary>The peers that it named last; those of a record that somebody deleted are remembered.</summary>
        public ImmutableArray<string>? Peers { get; private set; }

        /// <summary>When it was last seen to grow, or when its observation began.</summary>
        public TimeSpan LastGrowth { get; set; }

        /// <summary>When it was last seen to grow; null while it never was.</summary>
        public TimeSpan? LastHeartbeat { get; set; }

        public DeathVerdict? Verdict { get; set; }

        /// <summary>Takes the record as it stands.</summary>
        public void Show(NodeRecord? record, TimeSpan now)
        {
            if (ReferenceEquals(record, Record))
                return;
            Record = record;
            if (record is null)
                return;
            Peers = record.Status?.Peers;
            ImmutableArray<string> named = Peers ?? [];
            foreach (var name in NamedSince.Keys.Where(name => !named.Contains(name)).ToArray())
                NamedSince.Remove(name);
            foreach (var name in named)
                NamedSince.TryAdd(name, now);
        }
    }
}
