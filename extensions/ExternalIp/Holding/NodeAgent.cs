using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// What one node holds, and until when. No I/O and no clock: the caller says what happened and when, by one monotonic clock that goes on
/// while the process is stopped, and does what a pass asks for. Not for concurrent use.
/// </summary>
/// <param name="name">The node's name.</param>
/// <param name="identity">How peers reach this start of the process.</param>
/// <param name="times">The times of the protocol.</param>
internal sealed class NodeAgent(string name, NodeStatus identity, FenceTimes times)
{
    private readonly HeartbeatState heartbeats = new(name, times);
    private readonly ContactState contact = new(times);
    private readonly NodeLiveness peers = new(times);
    private readonly PeerAnswers answers = new();
    private readonly KnownRecords<Claim> claims = new();
    private readonly PendingWrites writes = new(times.Heartbeat / 4);

    /// <summary>The claims whose addresses this node may have, and since when.</summary>
    private readonly Dictionary<string, TimeSpan> held = new(StringComparer.Ordinal);

    /// <summary>The claims whose addresses this node has had on its link, and not lost since by a fence: nobody else had them then.</summary>
    private readonly HashSet<string> seenOnLink = new(StringComparer.Ordinal);

    /// <summary>When this start of the process began: what an earlier one told its peers is not known.</summary>
    private TimeSpan? started;

    /// <summary>Since when nothing spoke against the store being reached; null while something does.</summary>
    private TimeSpan? steadySince;

    /// <summary>When this node last told a peer that it has no contact; null when it never did.</summary>
    private TimeSpan? lastDenial;

    /// <summary>
    /// So many addresses of claims that are to be handed over may be off the link at a time: the others are served until the store is done
    /// with these, so that each is away for two writes' time and not for all of them.
    /// </summary>
    private const int MostInHandover = 8;

    private bool drains;
    private bool releases;

    /// <summary>True when a claim of this node stands in the store, or may: it is not safe to end yet, see <see cref="Release"/>.</summary>
    internal bool HasClaims => claims.Records.Values.Any(claim => claim.Value.Holder == name);

    /// <summary>True when other processes send heartbeats under this name, too: as those of one anycast address do.</summary>
    internal bool IsShared(TimeSpan now) => heartbeats.IsShared(now);

    /// <summary>Asks the scheduler to move everything away.</summary>
    internal void Drain(TimeSpan now)
    {
        drains = true;
        heartbeats.Hurry(now);
    }

    /// <summary>Gives everything up, whoever takes it.</summary>
    internal void Release(TimeSpan now)
    {
        Drain(now);
        releases = true;
    }

    internal void NodesSeen(RecordView<NodeRecord> view, TimeSpan now)
    {
        heartbeats.See(view.Records.GetValueOrDefault(name), now);
        peers.Looked(now);
        peers.See(view.Records, now);
    }

    internal void ClaimsSeen(RecordView<Claim> view) => claims.See(view);

    internal void OwnRead(StoredRecord<NodeRecord>? record, TimeSpan now) => heartbeats.Read(record, now);

    internal void OwnReadFailed(TimeSpan now) => heartbeats.ReadFailed(now);

    /// <summary>Takes the answer of a heartbeat.</summary>
    internal void HeartbeatAnswered(HeartbeatWrite heartbeat, WriteResult result, TimeSpan now)
    {
        Fence(now);
        var lapsed = heartbeats.LastSuccess is { } last && now >= last + times.Fence;
        if (heartbeats.Answered(heartbeat, result, keepsPeers: contact.IsKept && (lapsed || contact.Bridges), now) is not { } sent || now >= sent + times.Fence)
            return;
        answers.Clear();
        contact.Beat(sent, lapsed);
    }

    /// <summary>A heartbeat failed, or nobody knows what became of it.</summary>
    internal void HeartbeatFailed(HeartbeatWrite heartbeat, TimeSpan now) => heartbeats.Failed(heartbeat, now);

    /// <summary>Takes the list that a pass asked for.</summary>
    internal void ClaimsListed(long number, RecordView<Claim> view, TimeSpan now)
    {
        Fence(now);
        claims.See(view);
        contact.Listed(number, view.At);
    }

    /// <summary>A list that a pass asked for failed.</summary>
    internal void ListingFailed(long number, TimeSpan now) => contact.ListingFailed(number, now);

    /// <summary>Takes the answer of a claim's write; null when nobody knows what became of it.</summary>
    internal void ClaimWritten(ClaimWrite write, WriteResult? result, TimeSpan now)
    {
        if (result is { IsWritten: true } written)
        {
            writes.Done(write.Name);
            claims.Wrote(write.Name, written.Revision, write.Value!);
        }
        else
        {
            writes.Refused(write.Name, claims.View.At.Value, now);
        }
    }

    /// <summary>A peer asks whether this node has contact.</summary>
    /// <returns>The answer. After a no nothing of a dead node is taken over here for one expiry: so long the peer may build on it.</returns>
    internal bool AnswerPeer(TimeSpan now)
    {
        if (heartbeats.HasContact(now))
            return true;
        lastDenial = now;
        heartbeats.TryContact(now);
        return false;
    }

    /// <summary>Takes a peer's answer.</summary>
    internal void PeerAnswered(string peer, TimeSpan askedAt, bool hasContact) => answers.Take(peer, askedAt, hasContact);

    /// <summary>Decides what to do now.</summary>
    /// <param name="now">The moment, taken after whatever was told before.</param>
    /// <param name="link">How things stand on the link.</param>
    internal AgentPass Pass(TimeSpan now, ILinkSight link)
    {
        started ??= now;
        steadySince = heartbeats.HasContact(now) ? steadySince ?? now : null;
        Fence(now);
        var questions = AskPeers(now);
        var holding = Hold(now, link);
        var reads = heartbeats.BeginRead(now);
        var heartbeat = heartbeats.IsDue(now) ? heartbeats.BeginHeartbeat(Status(now), now) : null;
        return new AgentPass
        {
            Holding = holding,
            ReadsOwn = reads,
            Heartbeat = heartbeat,
            Listing = contact.BeginListing(now),
            Claims = WriteClaims(now, holding, link),
            Questions = questions,
            NextLook = NextLook(now),
        };
    }

    private void Fence(TimeSpan now)
    {
        if (!contact.Fence(now))
            return;
        held.Clear();
        seenOnLink.Clear();
        answers.Clear();
    }

    private EquatableArray<string> AskPeers(TimeSpan now)
    {
        if (contact.TakenFrom is null || heartbeats.HasContact(now) || heartbeats.LastSuccess is not { } success)
            return [];
        // An outage that lasts longer is not gone through: nodes that nobody here knows may be given what is held.
        if (answers.NobodyHadContact(heartbeats.NamedPeers, now) is { } silence)
            contact.Carry(Earlier(silence, success + FenceTimes.LongestOutage));
        return heartbeats.NamedPeers.Where(peer => answers.BeginQuestion(peer, now, times.Heartbeat / 8)).ToEquatableArray();
    }

    private HeldAddresses Hold(TimeSpan now, ILinkSight link)
    {
        if (contact.CanArrive(now, bridged => held.Keys.All(claim => IsTaken(claim, bridged))))
            contact.Arrive(heartbeats.LastSuccess);
        if (contact.TakenFrom is not { } from || releases)
        {
            held.Clear();
            return HeldAddresses.Nothing;
        }
        var mayTakeOver = MayTakeOver(now);
        var addresses = new List<ClaimAddress>();
        var handedOver = new List<ClaimAddress>();
        var leaving = claims.Records.Count(claim => IsLeaving(claim.Value.Value) && !held.ContainsKey(claim.Key));
        foreach (var (claim, stored) in claims.Records)
        {
            if (held.ContainsKey(claim) && stored.Value.Address is { } standing && link.PresenceOf(standing) == LinkPresence.There)
                seenOnLink.Add(claim);
            // A revision up to the list's was perhaps decided upon while this node was silent: it is taken anew first.
            if (stored.Revision.Value <= from.Value || stored.Value.Address is not { } address)
                held.Remove(claim);
            else if (IsLeaving(stored.Value) && held.ContainsKey(claim) && leaving++ >= MostInHandover)
                addresses.Add(address);
            else if (!stored.Value.IsHeldBy(name))
                held.Remove(claim);
            else if (mayTakeOver || stored.Value.From.IsEmpty || held.ContainsKey(claim))
                Add(claim, address, stored.Value.IsHandedOver);
        }
        foreach (var gone in held.Keys.Where(claim => !claims.Records.ContainsKey(claim)).ToList())
            held.Remove(gone);
        seenOnLink.RemoveWhere(claim => claims.Find(claim)?.Value.Holder != name);
        return new HeldAddresses(addresses.ToEquatableArray(), contact.Last + times.KernelEnd, contact.Last + times.Fence) { HandedOver = handedOver.ToEquatableArray() };

        void Add(string claim, ClaimAddress address, bool isHandedOver)
        {
            held.TryAdd(claim, now);
            addresses.Add(address);
            if (isHandedOver)
                handedOver.Add(address);
        }
    }

    private bool IsLeaving(Claim claim) => claim.Holder == name && claim.Node != name && claim.Node != "";

    private bool IsTaken(string claim, Revision from) => claims.Find(claim) is not { } stored || !stored.Value.IsHeldBy(name) || stored.Revision.Value > from.Value;

    private EquatableArray<ClaimWrite> WriteClaims(TimeSpan now, HeldAddresses holding, ILinkSight link)
    {
        List<ClaimWrite>? wanted = null;
        foreach (var (claim, stored) in claims.Records)
        {
            if (stored.Value.Holder != name || Next(stored, holding, link, now) is not { } next || !writes.TryBegin(claim, claims.View.At.Value, now))
                continue;
            (wanted ??= []).Add(new ClaimWrite(claim, stored.Revision, next));
        }
        return wanted?.ToEquatableArray() ?? [];
    }

    /// <summary>
    /// Whether what was a dead node's may be had: it may still be there for as long as it builds on an answer of this node, or of an earlier
    /// start of it, that it has no contact.
    /// </summary>
    private bool MayTakeOver(TimeSpan now) => now >= started + times.Expiry && (lastDenial is not { } denial || now >= denial + times.Expiry);

    private Claim? Next(StoredRecord<Claim> stored, HeldAddresses holding, ILinkSight link, TimeSpan now)
    {
        var claim = stored.Value;
        // What may not be had yet may not be passed on either.
        if (!claim.From.IsEmpty && !held.ContainsKey(claim.Metadata.Name) && !MayTakeOver(now))
            return null;
        if (claim.Node == name && !releases)
            return IsToBeTakenAnew(stored, now) ? claim.TakenAt(heartbeats.Count) : Told(claim, link);
        if (claim.Address is { } address && (link.PresenceOf(address) != LinkPresence.Gone || holding.Addresses.AsSpan().Contains(address)))
            return null;
        // Who takes it need not ask the neighbours first, if it was here: then no other node had it.
        return IsLeaving(claim) && seenOnLink.Contains(claim.Metadata.Name) ? claim.HandedOverBy(name) : claim.For(claim.Node, claim.Node == name ? "" : claim.Node);
    }

    /// <summary>
    /// What was decided upon before this node had contact. And what was a dead node's, once this one has had it for a while: the dead one has let go, so
    /// whoever starts next need not wait for it. Not at once, for the writes of a fail-over come first.
    /// </summary>
    private bool IsToBeTakenAnew(StoredRecord<Claim> stored, TimeSpan now) =>
        (contact.RenewedFrom is { } from && stored.Revision.Value <= from.Value)
        || (!stored.Value.From.IsEmpty && held.TryGetValue(stored.Value.Metadata.Name, out var since) && now >= since + (times.Heartbeat * 2));

    /// <summary>What the claim says of its announcement, when that has changed; null when it has not.</summary>
    private Claim? Told(Claim claim, ILinkSight link) =>
        claim.Address is { } address && held.ContainsKey(claim.Metadata.Name) && claim.Telling(link.TroubleOf(address)) is var told && !ReferenceEquals(told, claim) ? told : null;

    /// <summary>
    /// A peer is taken from the list only after a whole expiry of contact: after an outage, or after this process was stopped, that a peer
    /// was not heard of is no sign that it is gone.
    /// </summary>
    private NodeStatus Status(TimeSpan now)
    {
        var known = new SortedSet<string>(peers.NotSilent(now), StringComparer.Ordinal);
        if (steadySince is not { } since || now < since + times.Expiry)
            known.UnionWith(heartbeats.NamedPeers);
        known.Remove(name);
        return identity with { Draining = drains ? true : null, Peers = [.. known] };
    }

    private TimeSpan NextLook(TimeSpan now)
    {
        var next = Earlier(heartbeats.NextLook(now), contact.NextLook(now));
        if (contact.TakenFrom is not null && !heartbeats.HasContact(now))
            next = Earlier(next, now + times.Heartbeat / 8);
        if (lastDenial is { } denial && now < denial + times.Expiry)
            next = Earlier(next, denial + times.Expiry);
        if (started + times.Expiry is { } settled && now < settled)
            next = Earlier(next, settled);
        return next;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
