using System.Collections.Immutable;

namespace Interlook.Extensions.BigIp;

/// <summary>Deletes what services no longer want, and the nodes that nobody uses any more. For one commit at a time.</summary>
internal sealed class ServiceRemover(
    BigIpClient client,
    PictureReader reader,
    ServiceComparison comparison,
    ConfigurationKeeper keeper,
    BigIpPaths paths,
    OwnershipMark mark,
    CancellationToken stopped)
{
    private ImmutableHashSet<RoutedAddress> unused = [];

    /// <summary>Has the next commit try nodes of ours that no pool of ours seemed to use, such as one that the appliance held on to.</summary>
    internal void Suspect(IEnumerable<RoutedAddress> addresses) => Interlocked.Exchange(ref unused, [.. addresses]);

    /// <summary>Deletes virtual servers, then pools, then nodes: each is used by the one before.</summary>
    internal async Task RemoveAsync(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        foreach (var work in works.Where(work => work.IsAlive && work.Wanted?.Destination is null))
        {
            try
            {
                await RemoveAsync(work, picture);
            }
            catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
            {
                work.Fail(refusal);
            }
        }
        await SweepAsync(works, picture);
    }

    private async Task RemoveAsync(ServiceWork work, Picture picture)
    {
        var (key, name) = (work.Change.Key, work.Change.Name);
        if (picture.Virtuals.TryGetValue(name, out var found) && mark.IsOf(key, found.Description))
        {
            keeper.NoteChange();
            await client.DeleteAsync(paths.Of(BigIpPaths.Virtuals, name), $"deleting virtual server {paths.Full(name)} of {key}", stopped);
        }
        if (work.Wanted is null && picture.Pools.TryGetValue(name, out var pool) && mark.IsOf(key, pool.Description))
        {
            keeper.NoteChange();
            await client.DeleteAsync(paths.Of(BigIpPaths.Pools, name), $"deleting pool {paths.Full(name)} of {key}", stopped);
        }
    }

    /// <summary>
    /// Deletes nodes of ours that a service may have left. Whether another pool uses one, in whatever partition, only the appliance knows:
    /// it then refuses, and the node stays for its other users.
    /// </summary>
    private async Task SweepAsync(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        var left = new SortedSet<RoutedAddress>(works.Where(work => work.IsAlive).SelectMany(work => FormerOf(work, picture)));
        left.UnionWith(Interlocked.Exchange(ref unused, []));
        left.ExceptWith(works.Where(work => work.Wanted is not null).SelectMany(work => work.Wanted!.Members.Select(member => member.Address)));
        left.ExceptWith(UsedByOthers(works, picture));
        if (left.Count == 0)
            return;
        var nodes = await reader.NodesAsync(picture, stopped);
        foreach (var address in left)
        {
            if (nodes.Find(address) is not { } node || !mark.IsOurs(node.Description))
                continue;
            keeper.NoteChange();
            var attempt = $"deleting node /{node.Partition}/{node.Name}, which nobody of ours uses";
            if (await client.TryDeleteAsync(BigIpPaths.Of(BigIpPaths.Nodes, node.Partition!, node.Name!), attempt, stopped))
                nodes = nodes.Without(address);
        }
        picture.Nodes = nodes;
    }

    private IEnumerable<RoutedAddress> FormerOf(ServiceWork work, Picture picture)
    {
        var mine = picture.Pools.TryGetValue(work.Change.Name, out var pool) && mark.IsOf(work.Change.Key, pool.Description)
            ? comparison.AddressesOf(pool)
            : [];
        return mine.Concat(work.Change.Former);
    }

    private IEnumerable<RoutedAddress> UsedByOthers(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        var changed = works.Where(work => work.IsAlive).Select(work => work.Change.Name).ToHashSet(StringComparer.Ordinal);
        return picture.Pools.Where(pool => !changed.Contains(pool.Key)).SelectMany(pool => comparison.AddressesOf(pool.Value));
    }
}
