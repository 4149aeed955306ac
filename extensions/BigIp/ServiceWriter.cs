using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>Makes and changes what services shall have. For one commit at a time.</summary>
internal sealed class ServiceWriter(
    BigIpClient client,
    PictureReader reader,
    ServiceOperations operations,
    ServiceComparison comparison,
    PolicyPublisher publisher,
    ConfigurationKeeper keeper,
    BigIpPaths paths,
    OwnershipMark mark,
    CancellationToken stopped)
{
    /// <summary>The most services in a transaction: their requests usually come well within the 30 seconds that it waits for its commit.</summary>
    internal const int ServicesInTransaction = 32;

    private int fitting = ServicesInTransaction;

    /// <summary>True once a request went out that changes something.</summary>
    internal bool HasWritten { get; set; }

    /// <summary>Makes and changes pools and virtual servers, those of a service all or none.</summary>
    internal async Task PutAsync(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        var changing = works.Where(work => work is { IsAlive: true, Wanted: { } wanted } && operations.Puts(wanted, picture)).ToList();
        if (changing.Count == 0)
            return;
        picture.Nodes = await reader.NodesAsync(picture, stopped);
        foreach (var together in changing.Chunk(fitting))
            await PutTogetherAsync(together, picture);
    }

    /// <summary>
    /// Brings rules into their policies and takes out those that are no longer wanted, with one publication for each policy. A rule that
    /// moves to another policy leaves the old one only after the new one is published.
    /// </summary>
    internal async Task PublishAsync(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        if (picture.Rules.Count == 0)
            return;
        var late = new List<(string Policy, ServiceWork Work)>();
        foreach (var (policy, rules) in picture.Rules)
        {
            using var ordinals = FreeOrdinals(rules).GetEnumerator();
            var changes = new List<RuleChange>();
            foreach (var work in works.Where(work => work.IsAlive))
            {
                var found = picture.Rule(policy, work.Change.Name);
                var isOurs = found is not null && mark.IsOf(work.Change.Key, found.Description);
                if (work.Wanted is { Rule: { } rule } wanted && rule.Policy == policy)
                {
                    if (!isOurs || !comparison.HasRule(wanted, rule, found!))
                        changes.Add(new(work, operations.PutRule(wanted, rule, isOurs, isOurs ? null : Next(ordinals))));
                }
                else if (isOurs && work.Wanted?.Rule is not null)
                    late.Add((policy, work));
                else if (isOurs)
                    changes.Add(RemoveRule(policy, work));
            }
            await PublishAsync(policy, changes);
        }
        foreach (var moved in late.Where(each => each.Work.IsAlive).GroupBy(each => each.Policy, each => each.Work))
            await PublishAsync(moved.Key, [.. moved.Select(work => RemoveRule(moved.Key, work))]);
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

    private async Task PutTogetherAsync(ServiceWork[] works, Picture picture)
    {
        var nodes = picture.Nodes!;
        var requests = new List<Operation>();
        foreach (var work in works)
        {
            (var own, nodes) = operations.Put(work.Wanted!, picture, nodes);
            requests.AddRange(own);
        }
        try
        {
            NoteWriting();
            if (requests is [var only])
                await client.SendAsync(only, stopped);
            else if (!await TryRunAsync(requests, works))
            {
                await PutSmallerAsync(works, picture);
                return;
            }
            picture.Nodes = nodes;
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            if (works.Length == 1)
            {
                works[0].Fail(refusal);
                return;
            }
            foreach (var work in works) // to find whose fault it is
                await PutTogetherAsync([work], picture);
        }
    }

    /// <summary>The appliance was too slow for a transaction of that size.</summary>
    private async Task PutSmallerAsync(ServiceWork[] works, Picture picture)
    {
        if (works.Length == 1)
        {
            throw new ExtensionException(
                Reason.Timeout, $"{client.Called}: the transaction of {works[0].Change.Key} ended before all its requests were answered; look at the appliance's load");
        }
        fitting = Math.Min(fitting, (works.Length + 1) / 2);
        foreach (var half in works.Chunk((works.Length + 1) / 2))
            await PutTogetherAsync(half, picture);
    }

    /// <returns>False when the transaction ended before its commit; nothing was done.</returns>
    private async Task<bool> TryRunAsync(List<Operation> requests, ServiceWork[] works)
    {
        var transaction = await client.BeginAsync(stopped);
        try
        {
            foreach (var request in requests)
            {
                if (!await client.TryQueueAsync(request, transaction, stopped))
                    return false;
            }
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            await client.AbandonAsync(transaction, stopped);
            throw;
        }
        var whose = works.Length == 1 ? $"service {works[0].Change.Key}" : $"{works.Length} services";
        return await client.TryCommitAsync(transaction, $"committing the objects of {whose}", stopped);
    }

    private async Task PublishAsync(string policy, List<RuleChange> changes)
    {
        if (changes.Count == 0)
            return;
        NoteWriting();
        await publisher.PublishAsync(policy, changes, stopped);
    }

    private RuleChange RemoveRule(string policy, ServiceWork work) => new(
        work,
        new(
            HttpMethod.Delete, $"{paths.Draft(policy)}/rules/{work.Change.Name}", null,
            $"removing the rule of {work.Change.Key} from policy {paths.Full(policy)}"));

    private void NoteWriting()
    {
        HasWritten = true;
        keeper.NoteChange();
    }
}
