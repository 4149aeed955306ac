using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>Nodes: an address belongs to one only, across partitions.</summary>
internal sealed class NodeKind() : ObjectKind("ltm/node", "Node")
{
    protected override ImmutableHashSet<string> Writable { get; } =
        ["address", "connectionLimit", "description", "dynamicRatio", "fqdn", "logging", "monitor", "rateLimit", "ratio", "session", "state"];

    internal override ImmutableSortedDictionary<string, Stored> In(Configuration configuration) => configuration.Nodes;

    internal override Configuration With(Configuration configuration, ImmutableSortedDictionary<string, Stored> objects) =>
        configuration with { Nodes = objects };

    internal override Configuration Delete(Configuration configuration, string fullPath)
    {
        Find(configuration, fullPath);
        foreach (var (pool, stored) in configuration.Pools)
        {
            if (stored.Parts.Keys.Any(member => PoolKind.NodeOf(member) == fullPath))
                throw new RefusedException(400, $"01070110:3: Node address '{fullPath}' is referenced by a member of pool '{pool}'.", 3);
        }
        return base.Delete(configuration, fullPath);
    }

    internal override JsonObject Show(Configuration configuration, string fullPath, bool expand)
    {
        var shown = base.Show(configuration, fullPath, expand);
        Availability.Show(shown, (string?)shown["monitor"] is not ("default" or "none"), isUp: true);
        return shown;
    }

    /// <summary>The node that has an address.</summary>
    internal static string? Holder(Configuration configuration, RoutedAddress address) => configuration.Nodes
        .FirstOrDefault(node => RoutedAddress.Read(configuration, node.Value.Text("partition"), node.Value.Text("address")) == address).Key;

    protected override JsonObject Defaults() => new()
    {
        ["connectionLimit"] = 0,
        ["dynamicRatio"] = 1,
        ["ephemeral"] = "false",
        ["logging"] = "disabled",
        ["monitor"] = "default",
        ["rateLimit"] = "disabled",
        ["ratio"] = 1,
        ["session"] = "user-enabled",
        ["state"] = "user-up",
    };

    protected override Configuration Set(Configuration configuration, string fullPath, Stored before, JsonObject changes)
    {
        Availability.Check(changes);
        var own = Stored.Merge(before.Own, changes);
        var partition = (string)own["partition"]!;
        var written = (string?)own["address"] ?? throw new RefusedException(400, "\"address\" must be specified");
        var address = RoutedAddress.Read(configuration, partition, written)
            ?? throw new RefusedException(400, $"01070320:3: {written} is not an IP address.", 3);
        var shown = address.Show(configuration, partition);
        if (before.Own.ContainsKey("address") && before.Text("address") != shown)
            throw new RefusedException(400, "\"address\" may not be modified", 3);
        if (!before.Own.ContainsKey("address") && Holder(configuration, address) is not null)
            throw new RefusedException(400, $"0107176c:3: Invalid Node, the IP address {shown} already exists.", 3);
        Whole(own, "ratio", 1, 65535);
        own["address"] = shown;
        return Store(configuration, fullPath, before with { Own = own });
    }
}
