using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>Virtual servers.</summary>
internal sealed class VirtualKind() : ObjectKind("ltm/virtual", "Virtual Server")
{
    internal override string PartsPath => "profiles";

    protected override ImmutableHashSet<string> Writable { get; } =
    [
        "description", "destination", "disabled", "enabled", "ipProtocol", "mask", "policies", "pool", "profiles", "rules", "source",
        "sourceAddressTranslation", "translateAddress", "translatePort", "vlans", "vlansDisabled", "vlansEnabled",
    ];

    internal override ImmutableSortedDictionary<string, Stored> In(Configuration configuration) => configuration.Virtuals;

    internal override Configuration With(Configuration configuration, ImmutableSortedDictionary<string, Stored> objects) =>
        configuration with { Virtuals = objects };

    internal override (Configuration Configuration, string FullPath) Create(Configuration configuration, JsonObject body)
    {
        RefuseBoth(body);
        if (body["source"] is null && ((string?)body["destination"] ?? "").AsSpan().Count(':') > 1)
        {
            body = (JsonObject)body.DeepClone();
            body["source"] = "::/0";
        }
        return base.Create(configuration, body);
    }

    internal override Configuration Change(Configuration configuration, string fullPath, JsonObject body, bool replace)
    {
        RefuseBoth(body);
        return base.Change(configuration, fullPath, body, replace);
    }

    internal override JsonObject Show(Configuration configuration, string fullPath, bool expand)
    {
        var shown = base.Show(configuration, fullPath, expand);
        shown.Remove("policies");
        var policies = PoliciesOf(Find(configuration, fullPath)).Select(path => new JsonObject { ["name"] = Last(path), ["fullPath"] = path });
        shown["policiesReference"] = Reference($"{Path}/{Tilde(fullPath)}/policies", expand ? [.. policies] : null);
        return shown;
    }

    internal override IReadOnlyList<JsonObject> ShowParts(Configuration configuration, string fullPath)
    {
        var stored = Find(configuration, fullPath);
        return
        [
            .. stored.Parts.Keys.Select(profile => Stored.Merge(
                Head(
                    "tm:ltm:virtual:profiles:profilesstate", Last(profile), profile.Split('/')[1], profile, stored.Generation,
                    $"{Path}/{Tilde(fullPath)}/profiles/{Tilde(profile)}"),
                new() { ["context"] = "all" })),
        ];
    }

    /// <summary>The addresses that virtual servers listen on: objects of their own, which go with the last of them.</summary>
    internal static IReadOnlyList<JsonObject> Addresses(Configuration configuration) =>
    [
        .. configuration.Virtuals.Values
            .Select(stored => (Partition: stored.Text("partition"), Address: Destination.Read(configuration, stored.Text("partition"), stored.Text("destination")).Address))
            .Distinct()
            .Select(each => Stored.Merge(
                Head(
                    "tm:ltm:virtual-address:virtual-addressstate", each.Address.Show(configuration, each.Partition), each.Partition,
                    $"/{each.Partition}/{each.Address.Show(configuration, each.Partition)}", 1,
                    $"ltm/virtual-address/~{each.Partition}~{each.Address.Show(configuration, each.Partition)}"),
                new() { ["address"] = each.Address.Show(configuration, each.Partition), ["autoDelete"] = "true" })),
    ];

    internal static IEnumerable<string> PoliciesOf(Stored stored) =>
        (stored.Own["policies"] as JsonArray ?? []).Select(item => (string)item!);

    protected override JsonObject Defaults() => new()
    {
        ["enabled"] = true,
        ["ipProtocol"] = "any",
        ["source"] = "0.0.0.0/0",
        ["sourceAddressTranslation"] = new JsonObject { ["type"] = "none" },
        ["translateAddress"] = "enabled",
        ["translatePort"] = "enabled",
        ["vlansDisabled"] = true,
    };

    protected override Configuration Set(Configuration configuration, string fullPath, Stored before, JsonObject changes)
    {
        var profiles = changes["profiles"] as JsonArray;
        changes.Remove("profiles");
        var own = Stored.Merge(before.Own, changes);
        if (changes["disabled"] is not null)
            own.Remove("enabled");
        else if (changes["enabled"] is not null)
            own.Remove("disabled");
        var partition = (string)own["partition"]!;
        var written = (string?)own["destination"] ?? throw new RefusedException(400, "\"destination\" must be specified");
        var destination = Destination.Read(configuration, partition, written);
        own["destination"] = destination.Show(configuration, partition);
        if (((string)own["source"]!).Contains(':', StringComparison.Ordinal) != (destination.Address.Ip.AddressFamily == AddressFamily.InterNetworkV6))
            throw new RefusedException(400, $"01070716:3: Virtual Server {fullPath}: source and destination must be of one address family.", 3);
        Canonicalize(configuration, own, partition);
        RefuseClash(configuration, fullPath, own, destination);
        var parts = profiles is null ? before.Parts : ProfilesOf(configuration, profiles, partition);
        if (parts.IsEmpty)
            parts = Stored.NoParts.Add((string?)own["ipProtocol"] == "tcp" ? "/Common/tcp" : "/Common/fastL4", []);
        return Store(configuration, fullPath, before with { Own = own, Parts = parts });
    }

    private static void RefuseBoth(JsonObject body)
    {
        if (body.ContainsKey("enabled") && body.ContainsKey("disabled"))
            throw new RefusedException(400, "\"enabled\" may not be specified with \"disabled\"");
    }

    private static void Canonicalize(Configuration configuration, JsonObject own, string partition)
    {
        if ((string?)own["pool"] is { Length: > 0 } pool and not "none")
        {
            var path = Configuration.Resolve(pool, partition, configuration.Pools.ContainsKey);
            own["pool"] = configuration.Pools.ContainsKey(path) ? path : throw RefusedException.Absent("Pool", path);
        }
        else
            own.Remove("pool");
        if (own["policies"] is not JsonArray named)
            return;
        var policies = new JsonArray();
        foreach (var item in named)
        {
            var name = item is JsonObject reference ? (string?)reference["fullPath"] ?? (string?)reference["name"] ?? "" : (string)item!;
            var path = Configuration.Resolve(name, partition, configuration.Policies.ContainsKey);
            if (!configuration.Policies.ContainsKey(path) || PolicyKind.IsDraft(path))
                throw RefusedException.Absent("Policy", path);
            policies.Add((JsonNode)path);
        }
        own["policies"] = policies;
    }

    private static void RefuseClash(Configuration configuration, string fullPath, JsonObject own, Destination destination)
    {
        foreach (var (path, other) in configuration.Virtuals)
        {
            if (path != fullPath
                && Destination.Read(configuration, other.Text("partition"), other.Text("destination")) == destination
                && Same(other.Own, own, "ipProtocol")
                && Same(other.Own, own, "source")
                && Same(other.Own, own, "vlans"))
            {
                throw new RefusedException(
                    400,
                    $"01070333:3: Virtual Server {fullPath} illegally shares destination address, source address, service port, ip-protocol, and vlan with Virtual Server {path}.",
                    3);
            }
        }
    }

    private static bool Same(JsonObject one, JsonObject other, string property) => JsonNode.DeepEquals(one[property], other[property]);

    private static ImmutableSortedDictionary<string, JsonObject> ProfilesOf(Configuration configuration, JsonArray profiles, string partition)
    {
        var parts = Stored.NoParts;
        foreach (var item in profiles)
        {
            var name = item is JsonObject profile ? (string?)profile["fullPath"] ?? (string?)profile["name"] ?? "" : (string)item!;
            var path = Configuration.Resolve(name, partition, configuration.Profiles.Contains);
            parts = configuration.Profiles.Contains(path) ? parts.SetItem(path, []) : throw RefusedException.Absent("profile", path);
        }
        return parts;
    }

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];
}
