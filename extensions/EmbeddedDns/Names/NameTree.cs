using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>
/// All names that exist, with the names between them and their zone (RFC 4592 section 2.2). Immutable: a change gives a new tree, which shares what
/// did not change. Safe to share between threads.
/// </summary>
/// <param name="Map">The names.</param>
internal sealed record NameTree(NameMap Map)
{
    /// <summary>No names.</summary>
    internal static NameTree Empty { get; } = new(NameMap.Empty);

    /// <summary>Adds a zone whose name is not there yet. A zone around it has to be added before it.</summary>
    internal NameTree WithZone(Zone zone) => Appear(new NameNode(zone.Name, zone));

    /// <summary>Puts records at a name, in place of those of the same type. The name lies in a zone that was added.</summary>
    internal NameTree With(DnsName name, RecordSet set)
    {
        if (Map.Find(name) is not { } node)
            return Appear(new NameNode(name, ZoneOf(name)) { Sets = [set] });
        return Replace(node with { Sets = [.. node.Sets.Where(other => other.Type != set.Type), set] });
    }

    /// <summary>Takes the records of a type from a name, and the name with its last.</summary>
    internal NameTree Without(DnsName name, RecordType type) =>
        Map.Find(name) is { } node && node.Find(type) is not null
            ? Prune(node with { Sets = [.. node.Sets.Where(set => set.Type != type)] })
            : this;

    /// <summary>The closest zone around a name, or null.</summary>
    internal Zone? FindZone(DnsName name)
    {
        for (var at = name; at is not null; at = at.Parent)
        {
            if (Map.Find(at) is { } node)
                return node.Zone;
        }
        return null;
    }

    private Zone ZoneOf(DnsName name) => FindZone(name) ?? throw new InvalidOperationException($"no zone holds {name}");

    /// <summary>Adds a node, and the empty names between it and what exists.</summary>
    private NameTree Appear(NameNode node)
    {
        var tree = new NameTree(Map.With(node));
        // A zone's name counts in the zone around it: it is where that one delegates.
        if (node.Name.Parent is not { } above || (node.IsApex && tree.FindZone(above) is null))
            return tree;
        var wildcard = node.Name.IsWildcard ? node : null;
        return tree.Map.Find(above) is { } parent
            ? tree.Replace(parent with { Children = parent.Children + 1, Wildcard = wildcard ?? parent.Wildcard })
            : tree.Appear(new NameNode(above, tree.ZoneOf(above)) { Children = 1, Wildcard = wildcard });
    }

    private NameTree Replace(NameNode node)
    {
        var tree = new NameTree(Map.With(node));
        return node.Name.IsWildcard && tree.Map.Find(node.Name.Parent!) is { } parent ? tree.Replace(parent with { Wildcard = node }) : tree;
    }

    private NameTree Prune(NameNode node)
    {
        if (node.Sets.Length > 0 || node.Children > 0 || node is { IsApex: true, Zone.IsOfAddress: false })
            return Replace(node);
        var map = Map.Without(node.Name);
        if (node.Name.Parent is not { } above || map.Find(above) is not { } parent)
            return new(map);
        return new NameTree(map).Prune(parent with
        {
            Children = parent.Children - 1,
            Wildcard = node.Name.IsWildcard ? null : parent.Wildcard,
        });
    }
}
