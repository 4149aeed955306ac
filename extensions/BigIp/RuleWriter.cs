using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>Brings the rules of services into their policies, and takes them out. For one commit at a time.</summary>
internal sealed class RuleWriter(
    ServiceOperations operations,
    ServiceComparison comparison,
    PolicyPublisher publisher,
    ConfigurationKeeper keeper,
    OwnershipMark mark,
    CancellationToken stopped)
{
    /// <summary>
    /// One publication for each policy that changes. A rule that moves to another policy leaves the old one only after the new one is published.
    /// </summary>
    internal async Task PublishAsync(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        await publisher.TidyAsync(stopped);
        var moved = new List<(string Policy, ServiceWork Work)>();
        foreach (var (policy, rules) in picture.Rules)
        {
            using var ordinals = FreeOrdinals(rules).GetEnumerator();
            var changes = new List<RuleChange>();
            foreach (var work in works.Where(work => work.IsAlive))
            {
                var found = picture.Rule(policy, work.Change.Name);
                var ours = found is not null && mark.IsOf(work.Change.Key, found.Description) ? found : null;
                if (work.Wanted is { Rule: { } rule } wanted && rule.Policy == policy)
                {
                    if (ours is null || !comparison.HasRule(wanted, rule, ours))
                        changes.Add(new(work, operations.PutRule(wanted, rule, ours is null ? Next(ordinals) : null)));
                }
                else if (ours is not null && work.Wanted?.Rule is not null)
                    moved.Add((policy, work));
                else if (ours is not null)
                    changes.Add(new(work, operations.RemoveRule(policy, work.Change)));
            }
            await PublishAsync(policy, changes);
        }
        foreach (var left in moved.Where(each => each.Work.IsAlive).GroupBy(each => each.Policy, each => each.Work))
            await PublishAsync(left.Key, [.. left.Select(work => new RuleChange(work, operations.RemoveRule(left.Key, work.Change)))]);
    }

    private async Task PublishAsync(string policy, List<RuleChange> changes)
    {
        if (changes.Count == 0)
            return;
        keeper.NoteChange();
        try
        {
            await publisher.PublishAsync(policy, changes, stopped);
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            // Such as a person's draft of this policy: services whose rules stand elsewhere have no part in it.
            foreach (var change in changes)
                change.Work.Fail(refusal);
        }
    }

    /// <summary>
    /// The places that no rule has, from the first on: a rule of somebody else that shall be looked at last has a high number, and stays last.
    /// </summary>
    private static IEnumerable<int> FreeOrdinals(IReadOnlyList<WireRule> rules)
    {
        var taken = rules.Select(rule => rule.Ordinal ?? 0).ToHashSet();
        return Enumerable.Range(1, int.MaxValue).Where(ordinal => !taken.Contains(ordinal));
    }

    private static int Next(IEnumerator<int> ordinals)
    {
        ordinals.MoveNext();
        return ordinals.Current;
    }
}
