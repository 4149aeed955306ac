using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// From what is known to the writes of one pass. Pure. A claim passes through these states, one write each:
/// <code>
/// shall / may         is                          next
/// -      -            no node                     B/B   when a node lives
/// A      A            held                        B/A   when A drains, B/B when A is dead, -/A when nobody wants it
/// B      A            to be handed over by A      B/B   written by A; by us when A is dead
/// -      A            to be given up by A         -/-   written by A; -/B when A is dead, so that a living node answers for it
/// </code>
/// </summary>
internal sealed class ClaimPlan
{
    private readonly List<ClaimWrite> writes = [];
    private readonly NodeLiveness nodes;
    private readonly Placement placement;
    private readonly TimeSpan now;
    private readonly string[] candidates;

    /// <summary>Decides at once.</summary>
    /// <param name="wanted">The claims that shall be.</param>
    /// <param name="claims">Those that are.</param>
    /// <param name="underWay">Writes of earlier passes that nobody has answered yet: what they place is counted, and not decided again.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="filter">How nodes are chosen.</param>
    /// <param name="now">The moment.</param>
    internal ClaimPlan(
        IReadOnlyDictionary<string, WantedClaim> wanted,
        ImmutableSortedDictionary<string, StoredRecord<Claim>> claims,
        IReadOnlyDictionary<string, ClaimWrite> underWay,
        NodeLiveness nodes,
        NodeFilter filter,
        TimeSpan now)
    {
        (this.nodes, this.now) = (nodes, now);
        candidates = [.. nodes.Candidates(now)];
        placement = new Placement(filter);
        foreach (var write in underWay.Values)
            placement.Count(write.Value?.Node ?? "");
        foreach (var (name, stored) in claims)
        {
            if (wanted.ContainsKey(name) && !underWay.ContainsKey(name))
                placement.Count(stored.Value.Node);
        }
        foreach (var (name, stored) in claims)
        {
            if (underWay.ContainsKey(name))
                continue;
            if (wanted.TryGetValue(name, out var claim) && stored.Value.Metadata.DeletionTimestamp is null)
                Keep(claim, name, stored);
            else
                GiveUp(name, stored);
        }
        foreach (var (name, claim) in wanted)
        {
            if (!claims.ContainsKey(name) && !underWay.ContainsKey(name))
                Create(name, claim);
        }
    }

    /// <summary>The writes, each for another claim.</summary>
    internal IReadOnlyList<ClaimWrite> Writes => writes;

    /// <summary>What the address pools' lists shall say; derived from the claims.</summary>
    internal static IEnumerable<PoolWrite> PoolWrites(
        ImmutableSortedDictionary<string, StoredRecord<ClaimPool>> pools,
        ImmutableSortedDictionary<string, StoredRecord<Claim>> claims)
    {
        foreach (var (name, stored) in pools)
        {
            var addresses = new ClaimPoolAddresses(stored.Value);
            var allocated = ImmutableSortedDictionary.CreateBuilder<string, string>();
            foreach (var (claim, record) in claims)
            {
                if (record.Value.Address is { } address && (record.Value.Pool == name || addresses.Has(address.Address)))
                    allocated[address.Address.ToString()] = claim;
            }
            if (!allocated.SequenceEqual(stored.Value.Spec.Allocated))
                yield return new(name, stored.Revision, stored.Value with { Spec = stored.Value.Spec with { Allocated = allocated.ToImmutable() } });
        }
    }

    private void Create(string name, WantedClaim wanted)
    {
        // An owner that changed its mind is not asked; only when nobody lives the claim waits without a node.
        var node = placement.Place(candidates) ?? "";
        var claim = new Claim
        {
            Metadata = ClaimMeta.Named(name).WithLabel(WellKnown.PoolLabel, wanted.Pool),
            Spec = new ClaimSpec { Cidr = wanted.Address.ToString() },
        };
        writes.Add(new(name, Revision.None, claim.OwnedBy(wanted.Services).For(node, node)));
    }

    private void Keep(WantedClaim wanted, string name, StoredRecord<Claim> stored)
    {
        var claim = Owned(stored.Value, wanted);
        var (node, holder) = Next(name, stored);
        if (node != claim.Node || holder != claim.Holder)
            claim = claim.Holder != "" && holder != claim.Holder ? claim.TakenOver(node, holder) : claim.For(node, holder);
        if (!ReferenceEquals(claim, stored.Value))
            writes.Add(new(name, stored.Revision, claim));
    }

    private static Claim Owned(Claim claim, WantedClaim wanted)
    {
        if (!claim.Services.SequenceEqual(wanted.Services))
            claim = claim.OwnedBy(wanted.Services);
        return claim.Pool == wanted.Pool ? claim : claim with { Metadata = claim.Metadata.WithLabel(WellKnown.PoolLabel, wanted.Pool) };
    }

    private (string Node, string Holder) Next(string name, StoredRecord<Claim> stored)
    {
        var (node, holder) = (stored.Value.Node, stored.Value.Holder);
        if (holder == "")
            return Assign(candidates.Contains(node) ? node : Move(node, candidates));
        if (nodes.VerdictOn(holder, now) is { } verdict)
        {
            if (!verdict.Covers(name, stored.Revision))
                return (node, holder);
            var permitted = Permitted(stored.Value);
            return permitted.Contains(node) ? Assign(node) : Assign(Move(node, permitted));
        }
        if (!nodes.IsAlive(holder, now))
            return (node, holder);
        // The holder lives, and only it can hand over.
        if (!nodes.IsDraining(holder))
        {
            if (node == holder || candidates.Contains(node))
                return (node, holder);
            placement.Discount(node);
            placement.Count(holder);
            return (holder, holder);
        }
        return (node != holder && candidates.Contains(node) ? node : Move(node, candidates) ?? node, holder);

        (string, string) Assign(string? to) => to is null ? (node, holder) : (to, to);
    }

    private string? Move(string from, IEnumerable<string> among)
    {
        if (placement.Place(among) is not { } to)
            return null;
        placement.Discount(from);
        return to;
    }

    private string[] Permitted(Claim claim) =>
        [.. candidates.Where(node => nodes.Permits(claim.Holder, node, now) && claim.From.All(former => nodes.Permits(former, node, now)))];

    /// <summary>
    /// Deleted is only what nobody holds: an address whose claim is gone may be given to anybody. A dead node cannot say that it has let go;
    /// a node that could have been given the claim says it in its place.
    /// </summary>
    private void GiveUp(string name, StoredRecord<Claim> stored)
    {
        var claim = stored.Value;
        if (claim.Holder == "")
            writes.Add(new(name, stored.Revision, null));
        else if (nodes.VerdictOn(claim.Holder, now)?.Covers(name, stored.Revision) == true && Permitted(claim) is [var other, ..])
            writes.Add(new(name, stored.Revision, claim.TakenOver("", other)));
        else if (claim.Node != "")
            writes.Add(new(name, stored.Revision, claim.For("", claim.Holder)));
    }
}
