using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// One scheduler: what it has seen, and from that the writes of each pass. No I/O and no clock; the caller says what happened and when, by
/// one monotonic clock, and does what a pass asks for. Any number of schedulers is safe; to elect a leader only saves useless writes. Not
/// for concurrent use.
/// </summary>
internal sealed class SchedulerState
{
    private readonly FenceTimes times;
    private readonly NodeFilter filter;
    private readonly int mask;
    private readonly NodeLiveness liveness;
    private readonly KnownRecords<NodeRecord> nodes = new();
    private readonly KnownRecords<Claim> claims = new();
    private readonly KnownRecords<ClaimPool> pools = new();
    private readonly PendingWrites nodeWrites = new(FenceTimes.LongestOutage);
    private readonly PendingWrites claimWrites;
    private readonly Dictionary<string, ClaimWrite> claimsUnderWay = new(StringComparer.Ordinal);
    private readonly PendingWrites poolWrites;
    private readonly PendingWrites serviceWrites;
    private readonly Dictionary<string, (TimeSpan Started, ImmutableSortedDictionary<string, StoredRecord<Claim>> Claims)> reads = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, ServiceDemand> services = ImmutableSortedDictionary<string, ServiceDemand>.Empty;
    private (object Services, object Claims, object Pools, ServiceClaims Result, PoolWrite[] Writes)? last;
    private long servicesSeen;
    private (bool Nodes, bool Claims, bool Pools, bool Services) seen;

    /// <summary>A scheduler that has seen nothing.</summary>
    internal SchedulerState(FenceTimes times, NodeFilter filter, int mask)
    {
        (this.times, this.filter, this.mask) = (times, filter, mask);
        liveness = new NodeLiveness(times);
        claimWrites = new PendingWrites(times.Heartbeat / 4);
        poolWrites = new PendingWrites(times.Heartbeat);
        serviceWrites = new PendingWrites(times.Heartbeat);
    }

    /// <summary>The store answered a read of ours that began at this moment: the time until now counts as looked through.</summary>
    internal void Looked(TimeSpan began) => liveness.Looked(began);

    internal void NodesSeen(RecordView<NodeRecord> view, TimeSpan now)
    {
        seen.Nodes = true;
        nodes.See(view);
        liveness.See(nodes.Records, now);
    }

    internal void ClaimsSeen(RecordView<Claim> view, TimeSpan now)
    {
        seen.Claims = true;
        claims.See(view);
        foreach (var stored in claims.Records.Values)
        {
            if (stored.Value.Holder is { Length: > 0 } holder)
                liveness.Notice(holder, now);
        }
        liveness.Forget(name => claims.Records.Values.Any(claim => claim.Value.Holder == name || claim.Value.From.Contains(name)));
    }

    internal void PoolsSeen(RecordView<ClaimPool> view)
    {
        seen.Pools = true;
        pools.See(view);
    }

    /// <summary>Takes all Services as they stand.</summary>
    internal void ServicesSeen(ImmutableSortedDictionary<string, ServiceDemand> all)
    {
        seen.Services = true;
        services = all;
        servicesSeen++;
    }

    /// <summary>Takes the answer of a read of a node that a pass asked for.</summary>
    internal void NodeRead(string name, NodeRecord? record, TimeSpan now)
    {
        if (reads.Remove(name, out var read))
            liveness.Read(name, record, read.Started, read.Claims, now);
    }

    /// <summary>A read that a pass asked for failed.</summary>
    internal void NodeReadFailed(string name) => reads.Remove(name);

    /// <summary>Takes the answer of a write; null when nobody knows what became of it.</summary>
    internal void ClaimWritten(ClaimWrite write, WriteResult? result, TimeSpan now)
    {
        claimsUnderWay.Remove(write.Name);
        if (result is not { IsWritten: true } written)
        {
            claimWrites.Refused(write.Name, claims.View.At.Value, now);
            return;
        }
        claimWrites.Done(write.Name);
        if (write.Value is null)
            claims.Deleted(write.Name, write.Expected);
        else
            claims.Wrote(write.Name, written.Revision, write.Value);
    }

    /// <summary>Takes the answer of a removal; null when nobody knows what became of it.</summary>
    internal void NodeRemoved(NodeWrite write, WriteResult? result, TimeSpan now)
    {
        if (result is { IsWritten: true })
        {
            nodeWrites.Done(write.Name);
            nodes.Deleted(write.Name, write.Expected);
        }
        else
        {
            // Not soon again: it lives after all, or nobody gave us the right to.
            nodeWrites.Refused(write.Name, 0, now);
        }
    }

    /// <summary>Takes the answer of a write; null when nobody knows what became of it.</summary>
    internal void PoolWritten(PoolWrite write, WriteResult? result, TimeSpan now)
    {
        if (result is not { IsWritten: true } written)
        {
            poolWrites.Refused(write.Name, pools.View.At.Value, now);
            return;
        }
        poolWrites.Done(write.Name);
        pools.Wrote(write.Name, written.Revision, write.Value);
    }

    /// <summary>A Service was written or refused; what stands in it is seen with the next view of the Services.</summary>
    internal void ServiceWritten(ServiceWrite write, TimeSpan now) => serviceWrites.Refused(write.Service, servicesSeen, now);

    /// <summary>Decides what to do now. Nothing before every kind was seen once: what is not known is not empty.</summary>
    internal SchedulerPass Pass(TimeSpan now)
    {
        if (seen is not (true, true, true, true))
            return SchedulerPass.Nothing;
        var (wanted, lists) = Wanted();
        var plan = new ClaimPlan(wanted.Wanted, claims.Records, claimsUnderWay, liveness, filter, now);
        var writes = plan.Writes.Where(write => claimWrites.TryBegin(write.Name, claims.View.At.Value, now)).ToEquatableArray();
        foreach (var write in writes)
            claimsUnderWay.Add(write.Name, write);
        return new SchedulerPass
        {
            Reads = Reads(now),
            Nodes = Removals(now),
            Claims = writes,
            Pools = lists.Where(write => poolWrites.TryBegin(write.Name, pools.View.At.Value, now)).ToEquatableArray(),
            Services = wanted.Writes.Where(write => serviceWrites.TryBegin(write.Service, servicesSeen, now)).ToEquatableArray(),
            Refusals = [.. wanted.Refusals, .. Unserved(wanted, now)],
            Problems = wanted.Problems.ToEquatableArray(),
        };
    }

    /// <summary>When something may be to do though nothing was seen; null when never.</summary>
    internal TimeSpan? NextLook(TimeSpan now) => liveness.NextExpiry(now);

    /// <summary>The Services whose addresses no node can have now.</summary>
    private IEnumerable<ServiceRefusal> Unserved(ServiceClaims wanted, TimeSpan now)
    {
        if (!liveness.IsSettled(now) || liveness.Candidates(now).Any())
            yield break;
        foreach (var (name, claim) in wanted.Wanted)
        {
            if (claims.Find(name)?.Value is { Holder: { Length: > 0 } holder } && liveness.VerdictOn(holder, now) is null)
                continue;
            foreach (var service in claim.Services.ToArray())
                yield return new(service, Reason.Unavailable, $"no living node can have {claim.Address.Address}: {service} waits for one");
        }
    }

    private (ServiceClaims Wanted, PoolWrite[] Lists) Wanted()
    {
        if (last is { } known && ReferenceEquals(known.Services, services) && ReferenceEquals(known.Claims, claims.Records) && ReferenceEquals(known.Pools, pools.Records))
            return (known.Result, known.Writes);
        var result = new ServiceClaims([.. services.Values], pools.Records.Values.Select(pool => pool.Value), claims.Records, mask);
        var writes = ClaimPlan.PoolWrites(pools.Records, claims.Records).ToArray();
        last = (services, claims.Records, pools.Records, result, writes);
        return (result, writes);
    }

    /// <summary>
    /// Nodes that are gone for good and have no claim. From whom a claim was once taken over does not matter any more: the longest outage is over.
    /// </summary>
    private EquatableArray<NodeWrite> Removals(TimeSpan now)
    {
        List<NodeWrite>? removals = null;
        foreach (var name in liveness.Gone(now))
        {
            if (nodes.Find(name) is { } record && !claims.Records.Values.Any(claim => claim.Value.Holder == name || claim.Value.Node == name) && nodeWrites.TryBegin(name, 0, now))
                (removals ??= []).Add(new(name, record.Revision));
        }
        return removals?.ToEquatableArray() ?? [];
    }

    /// <summary>A silent node that holds something is read, and read again when a claim of it was changed since.</summary>
    private EquatableArray<string> Reads(TimeSpan now)
    {
        List<string>? names = null;
        foreach (var name in liveness.Suspects(now))
        {
            if (reads.ContainsKey(name) || !claims.Records.Any(claim => claim.Value.Value.Holder == name && !IsCovered(name, claim.Key, claim.Value.Revision)))
                continue;
            reads[name] = (now, claims.Records);
            (names ??= []).Add(name);
        }
        return names?.ToEquatableArray() ?? [];

        bool IsCovered(string node, string claim, Revision revision) => liveness.VerdictOn(node, now)?.Covers(claim, revision) == true;
    }
}
