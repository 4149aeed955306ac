using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>Pools and their members.</summary>
/// <param name="isUp">What monitors see of an address and port.</param>
internal sealed class PoolKind(Func<string, int, bool> isUp) : ObjectKind("ltm/pool", "Pool")
{
    private static readonly ImmutableHashSet<string> Modes =
    [
        "round-robin", "ratio-member", "least-connections-member", "observed-member", "predictive-member", "ratio-node", "least-connections-node",
        "fastest-node", "observed-node", "predictive-node", "dynamic-ratio-node", "fastest-app-response", "least-sessions", "dynamic-ratio-member",
        "ratio-session", "ratio-least-connections-member", "ratio-least-connections-node",
    ];

    private static readonly ImmutableHashSet<string> MemberProperties =
    [
        "address", "connectionLimit", "description", "dynamicRatio", "fqdn", "inheritProfile", "logging", "monitor", "priorityGroup", "rateLimit",
        "ratio", "session", "state",
    ];

    internal override string PartsPath => "members";

    protected override ImmutableHashSet<string> Writable { get; } =
    [
        "allowNat", "allowSnat", "description", "loadBalancingMode", "members", "minActiveMembers", "monitor", "reselectTries", "serviceDownAction",
        "slowRampTime",
    ];

    /// <summary>The node of a member, both by full path.</summary>
    internal static string NodeOf(string member) => member[..PortAt(member)];

    /// <summary>The monitors that a rule such as <c>min 1 of { /Common/a /Common/b }</c> names.</summary>
    internal static IEnumerable<string> MonitorsIn(string rule) =>
        rule.Split([' ', '{', '}'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('/'));

    internal override ImmutableSortedDictionary<string, Stored> In(Configuration configuration) => configuration.Pools;

    internal override Configuration With(Configuration configuration, ImmutableSortedDictionary<string, Stored> objects) =>
        configuration with { Pools = objects };

    internal override Configuration Delete(Configuration configuration, string fullPath)
    {
        Find(configuration, fullPath);
        if (configuration.Virtuals.FirstOrDefault(each => each.Value.Text("pool") == fullPath).Key is { } user)
            throw InUse(fullPath, $"Virtual Server ({user})");
        if (configuration.Policies.FirstOrDefault(each => each.Value.Parts.Values.Any(rule => PolicyRule.PoolsOf(rule).Contains(fullPath))).Key is { } policy)
            throw InUse(fullPath, $"policy action ({policy})");
        return base.Delete(configuration, fullPath);
    }

    internal override JsonObject Show(Configuration configuration, string fullPath, bool expand)
    {
        var shown = base.Show(configuration, fullPath, expand);
        if (shown["monitor"] is not null)
            shown["monitor"] = (string)shown["monitor"]! + " "; // the appliance's trailing space
        return shown;
    }

    internal override IReadOnlyList<JsonObject> ShowParts(Configuration configuration, string fullPath)
    {
        var pool = Find(configuration, fullPath);
        return [.. pool.Parts.Select(member => ShowMember(configuration, fullPath, pool, member.Key, member.Value))];
    }

    internal override Configuration CreatePart(Configuration configuration, string fullPath, JsonObject body)
    {
        var pool = Find(configuration, fullPath);
        var (next, path, member) = Member(configuration, pool.Text("partition"), body, Stored.NoParts);
        if (pool.Parts.ContainsKey(path))
            throw RefusedException.Exists("Pool Member", $"{fullPath} {path}", pool.Text("partition"));
        return Store(next, fullPath, pool with { Parts = pool.Parts.Add(path, member) });
    }

    internal override Configuration ChangePart(Configuration configuration, string fullPath, string part, JsonObject body, bool replace)
    {
        var pool = Find(configuration, fullPath);
        if (!pool.Parts.ContainsKey(part))
            throw MemberAbsent(fullPath, part);
        var named = (JsonObject)body.DeepClone();
        named["name"] = part;
        var (next, _, member) = Member(configuration, pool.Text("partition"), named, pool.Parts, keep: !replace);
        return Store(next, fullPath, pool with { Parts = pool.Parts.SetItem(part, member) });
    }

    internal override Configuration DeletePart(Configuration configuration, string fullPath, string part)
    {
        var pool = Find(configuration, fullPath);
        return pool.Parts.ContainsKey(part)
            ? Store(configuration, fullPath, pool with { Parts = pool.Parts.Remove(part) })
            : throw MemberAbsent(fullPath, part);
    }

    protected override JsonObject Defaults() => new()
    {
        ["allowNat"] = "yes",
        ["allowSnat"] = "yes",
        ["loadBalancingMode"] = "round-robin",
        ["minActiveMembers"] = 0,
        ["reselectTries"] = 0,
        ["serviceDownAction"] = "none",
        ["slowRampTime"] = 10,
    };

    protected override Configuration Set(Configuration configuration, string fullPath, Stored before, JsonObject changes)
    {
        var members = changes["members"];
        changes.Remove("members");
        var own = Stored.Merge(before.Own, changes);
        var partition = (string)own["partition"]!;
        if (!Modes.Contains((string)own["loadBalancingMode"]!))
            throw new RefusedException(400, $"01020066:3: invalid property value \"loadBalancingMode\":\"{(string)own["loadBalancingMode"]!}\"", 26214401);
        own["monitor"] = MonitorOf(configuration, partition, (string?)own["monitor"] ?? "");
        if (own["monitor"] is null)
            own.Remove("monitor");
        var parts = before.Parts;
        if (members is JsonArray list)
        {
            parts = Stored.NoParts;
            foreach (var item in list)
            {
                var body = item is JsonObject properties ? properties : new JsonObject { ["name"] = (string)item! };
                (configuration, var path, var member) = Member(configuration, partition, body, before.Parts);
                parts = parts.SetItem(path, member);
            }
        }
        return Store(configuration, fullPath, before with { Own = own, Parts = parts });
    }

    /// <summary>The name of a member ends in a colon and its port, behind an IPv6 address in a dot and its port.</summary>
    private static int PortAt(string name)
    {
        var isV6 = name.AsSpan().Count(':') > 1;
        return name.LastIndexOf(isV6 ? '.' : ':');
    }

    private static string? MonitorOf(Configuration configuration, string partition, string rule)
    {
        if (rule.Trim() is "" or "none")
            return null;
        var words = rule.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["min", _, "of", "{", .. var named, "}"])
            return $"min {words[1]} of {{ {string.Join(' ', named.Select(Existing))} }}";
        return string.Join(" and ", words.Where(word => word != "and").Select(Existing));

        string Existing(string name)
        {
            var path = Configuration.Resolve(name, partition, configuration.Monitors.ContainsKey);
            return configuration.Monitors.ContainsKey(path) ? path : throw RefusedException.Absent("monitor", path);
        }
    }

    /// <summary>A member as it is to be; its node is made where there is none.</summary>
    private static (Configuration Configuration, string Path, JsonObject Member) Member(
        Configuration configuration, string poolPartition, JsonObject body, ImmutableSortedDictionary<string, JsonObject> members, bool keep = false)
    {
        var (partition, name) = NameOf(poolPartition, body);
        var path = $"/{partition}/{name}";
        var before = members.GetValueOrDefault(path);
        if (!configuration.Partitions.ContainsKey(partition))
        {
            throw new RefusedException(
                400, $"01070734:3: Configuration error: Can't associate Pool Member ({path}) folder does not exist", 3);
        }
        var port = PortAt(name);
        if (port <= 0 || !int.TryParse(name[(port + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 65535)
            throw new RefusedException(400, $"01070734:3: Configuration error: {name} is no name of a Pool Member", 3);
        foreach (var (property, _) in body)
        {
            if (!MemberProperties.Contains(property) && property is not ("name" or "partition" or "fullPath" or "kind" or "generation" or "selfLink"))
                throw new RefusedException(400, $"\"{property}\" unknown property");
        }
        Availability.Check(body);
        var nodePath = NodeOf(path);
        var wanted = (string?)body["address"];
        if (!configuration.Nodes.ContainsKey(nodePath))
        {
            var node = new JsonObject { ["name"] = name[..port], ["partition"] = partition, ["address"] = wanted ?? name[..port] };
            (configuration, _) = new NodeKind().Create(configuration, node);
        }
        var address = configuration.Nodes[nodePath].Text("address");
        if (wanted is not null && RoutedAddress.Read(configuration, partition, wanted) != RoutedAddress.Read(configuration, partition, address))
            throw new RefusedException(400, before is null ? $"01070734:3: Configuration error: node {nodePath} has the address {address}" : "\"address\" may not be modified", 3);
        var member = new JsonObject
        {
            ["name"] = name,
            ["partition"] = partition,
            ["connectionLimit"] = 0,
            ["dynamicRatio"] = 1,
            ["ephemeral"] = "false",
            ["inheritProfile"] = "enabled",
            ["logging"] = "disabled",
            ["monitor"] = "default",
            ["priorityGroup"] = 0,
            ["rateLimit"] = "disabled",
            ["ratio"] = 1,
            ["session"] = "user-enabled",
            ["state"] = "user-up",
        };
        if (keep && before is not null)
            member = Stored.Merge(member, before);
        foreach (var property in body.Where(each => MemberProperties.Contains(each.Key)))
            member[property.Key] = property.Value?.DeepClone();
        member["address"] = address;
        Whole(member, "ratio", 1, 65535);
        return (configuration, path, member);
    }

    private static (string Partition, string Name) NameOf(string poolPartition, JsonObject body)
    {
        var name = (string?)body["name"] ?? throw new RefusedException(400, "\"name\" must be specified");
        if (!name.StartsWith('/'))
            return ((string?)body["partition"] ?? poolPartition, name);
        var slash = name.IndexOf('/', 1);
        return (name[1..slash], name[(slash + 1)..]);
    }

    private JsonObject ShowMember(Configuration configuration, string fullPath, Stored pool, string path, JsonObject member)
    {
        var name = (string)member["name"]!;
        var shown = Head(
            "tm:ltm:pool:members:membersstate", name, (string)member["partition"]!, path, pool.Generation, $"{Path}/{Tilde(fullPath)}/members/{Tilde(path)}");
        foreach (var (property, value) in member)
            shown.TryAdd(property, value?.DeepClone());
        shown["fqdn"] = new JsonObject { ["autopopulate"] = "disabled" };
        var port = int.Parse(name[(PortAt(name) + 1)..], CultureInfo.InvariantCulture);
        var address = RoutedAddress.Read(configuration, (string)member["partition"]!, (string)member["address"]!)!.Value.Ip;
        Availability.Show(shown, pool.Own.ContainsKey("monitor"), isUp($"{address}", port));
        return shown;
    }

    private static RefusedException InUse(string fullPath, string user) =>
        new(400, $"01070265:3: The Pool ({fullPath}) cannot be deleted because it is in use by a {user}.", 3);

    private static RefusedException MemberAbsent(string fullPath, string part) => RefusedException.Absent("Pool Member", $"{fullPath} {part}");
}
