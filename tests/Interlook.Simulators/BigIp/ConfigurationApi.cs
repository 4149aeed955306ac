using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>What calls below <c>/mgmt/tm</c> do with the configuration. Pure.</summary>
/// <param name="isUp">What monitors see of an address and port.</param>
internal sealed class ConfigurationApi(Func<string, int, bool> isUp)
{
    private static readonly PolicyKind Policies = new();

    private readonly FrozenDictionary<string, ObjectKind> kinds = new ObjectKind[]
    {
        new NodeKind(), new PoolKind(isUp), new VirtualKind(), Policies,
    }.Concat(MonitorKind.Types.Select(type => new MonitorKind(type))).ToFrozenDictionary(kind => kind.Path, StringComparer.Ordinal);

    /// <summary>Carries out a call.</summary>
    /// <returns>The configuration after it, and the answer; null for an empty one.</returns>
    /// <exception cref="RefusedException">It is refused, and nothing changes.</exception>
    internal (Configuration Configuration, JsonObject? Answer) Do(Configuration configuration, ApiCall call)
    {
        var path = call.Path;
        if (path is ["tm", "auth", "partition", ..])
            return (configuration, ShowPartition(configuration, call));
        if (path is ["tm", "ltm", "virtual-address"] && call.Method == "GET")
            return (configuration, Collection("ltm/virtual-address", VirtualKind.Addresses(configuration), call));
        var length = path is ["tm", "ltm", "monitor", ..] ? 4 : 3;
        if (path.Length < length || !kinds.TryGetValue(string.Join('/', path.Skip(1).Take(length - 1)), out var kind))
            throw NotRegistered(path);
        var rest = path.Skip(length).ToArray();
        return rest switch
        {
            [] => OfCollection(configuration, kind, call),
            [var item] => OfItem(configuration, kind, FullPath(item), call),
            [var item, var parts, .. var part] when parts == kind.PartsPath => OfParts(configuration, kind, FullPath(item), part, call),
            _ => throw NotRegistered(path),
        };
    }

    /// <summary>Everything configured, a line an object; without counters and times.</summary>
    internal IEnumerable<string> Lines(Configuration configuration) =>
        kinds.Values.SelectMany(kind => kind.In(configuration).Select(each =>
            $"{kind.Path} {each.Key} {Line(each.Value.Own)} {string.Join(' ', each.Value.Parts.Select(part => $"{part.Key}={Line(part.Value)}"))}"));

    private static string Line(JsonObject properties) =>
        new JsonObject(properties.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone()))).ToJsonString();

    private static string FullPath(string segment) => segment.StartsWith('~') ? segment.Replace('~', '/') : $"/Common/{segment}";

    private static (Configuration, JsonObject?) OfCollection(Configuration configuration, ObjectKind kind, ApiCall call)
    {
        switch (call.Method)
        {
            case "GET":
                return (configuration, Collection(
                    kind.Path, kind.In(configuration).Keys.Select(path => kind.Show(configuration, path, call.Expands)), call));
            case "POST" when kind == Policies && (string?)call.Body["command"] == "publish":
                return (Policies.Publish(configuration, (string?)call.Body["name"] ?? ""), new() { ["command"] = "publish", ["name"] = (string?)call.Body["name"] });
            case "POST":
                var (created, path) = kind.Create(configuration, call.Body);
                return (created, kind.Show(created, path, expand: false));
            default:
                throw ObjectKind.NotServed();
        }
    }

    private static (Configuration, JsonObject?) OfItem(Configuration configuration, ObjectKind kind, string fullPath, ApiCall call)
    {
        switch (call.Method)
        {
            case "GET":
                return (configuration, Selected(kind.Show(configuration, fullPath, call.Expands), call));
            case "PATCH" when kind == Policies && call.Query.GetValueOrDefault("options") == "create-draft":
                var drafted = Policies.CreateDraft(configuration, fullPath);
                return (drafted, kind.Show(drafted, fullPath, expand: false));
            case "PATCH" or "PUT":
                var changed = kind.Change(configuration, fullPath, call.Body, call.Method == "PUT");
                return (changed, kind.Show(changed, fullPath, expand: false));
            case "DELETE":
                return (kind.Delete(configuration, fullPath), null);
            default:
                throw ObjectKind.NotServed();
        }
    }

    private static (Configuration, JsonObject?) OfParts(Configuration configuration, ObjectKind kind, string fullPath, string[] part, ApiCall call)
    {
        var path = $"{kind.Path}/{ObjectKind.Tilde(fullPath)}/{kind.PartsPath}";
        if (part.Length == 0)
        {
            if (call.Method == "GET")
            {
                var items = kind == Policies ? Policies.ShowRules(configuration, fullPath, call.Expands) : kind.ShowParts(configuration, fullPath);
                return (configuration, Collection(path, items, call));
            }
            if (call.Method != "POST")
                throw ObjectKind.NotServed();
            var created = kind.CreatePart(configuration, fullPath, call.Body);
            return (created, new() { ["name"] = (string?)call.Body["name"], ["selfLink"] = ObjectKind.Link($"{path}/{(string?)call.Body["name"]}") });
        }
        var name = kind == Policies ? part[0] : FullPath(part[0]);
        if (part.Length > 1)
        {
            return kind == Policies && call.Method == "GET" && part is [_, "conditions" or "actions"]
                ? (configuration, Collection($"{path}/{name}/{part[1]}", PolicyRule.ShowItems(path[..^6], name, part[1], Policies.FindRule(configuration, fullPath, name), 1), call))
                : throw NotRegistered(call.Path);
        }
        return call.Method switch
        {
            "GET" => (configuration, FindPart(configuration, kind, fullPath, name, call)),
            "PATCH" or "PUT" => Changed(kind.ChangePart(configuration, fullPath, name, call.Body, call.Method == "PUT"), kind, fullPath, name, call),
            "DELETE" => (kind.DeletePart(configuration, fullPath, name), null),
            _ => throw ObjectKind.NotServed(),
        };
    }

    private static (Configuration, JsonObject?) Changed(Configuration configuration, ObjectKind kind, string fullPath, string name, ApiCall call) =>
        (configuration, FindPart(configuration, kind, fullPath, name, call));

    private static JsonObject FindPart(Configuration configuration, ObjectKind kind, string fullPath, string name, ApiCall call)
    {
        var items = kind == Policies ? Policies.ShowRules(configuration, fullPath, call.Expands) : kind.ShowParts(configuration, fullPath);
        return items.FirstOrDefault(item => (string?)item["fullPath"] == name)
            ?? throw RefusedException.Absent(kind == Policies ? "policy rule" : "Pool Member", $"{fullPath} {name}");
    }

    private static JsonObject ShowPartition(Configuration configuration, ApiCall call)
    {
        if (call.Method != "GET")
            throw ObjectKind.NotServed();
        var shown = configuration.Partitions.ToDictionary(
            partition => partition.Key,
            partition => Stored.Merge(
                ObjectKind.Head("tm:auth:partition:partitionstate", partition.Key, null, partition.Key, 1, $"auth/partition/{partition.Key}"),
                new() { ["defaultRouteDomain"] = partition.Value }),
            StringComparer.Ordinal);
        if (call.Path.Length == 3)
            return Collection("auth/partition", shown.Values, call);
        return shown.GetValueOrDefault(call.Path[3]) ?? throw RefusedException.Absent("partition", call.Path[3]);
    }

    private static JsonObject Collection(string path, IEnumerable<JsonObject> items, ApiCall call)
    {
        var last = path[(path.LastIndexOf('/') + 1)..];
        var kindPath = string.Join(':', path.Split('/').Where(part => !part.StartsWith('~')));
        var collection = new JsonObject { ["kind"] = $"tm:{kindPath}:{last}collectionstate", ["selfLink"] = ObjectKind.Link(path) };
        if (call.Query.GetValueOrDefault("$filter") is { } filter)
        {
            if (filter.Split(' ') is not ["partition", "eq", var partition])
                throw new RefusedException(400, $"invalid filter: {filter}");
            items = items.Where(item => (string?)item["partition"] == partition);
        }
        items = items.Skip(Number(call, "$skip") ?? 0).Take(Number(call, "$top") ?? int.MaxValue);
        var shown = items.Select(item => (JsonNode?)Selected(item, call)).ToArray();
        if (shown.Length > 0)
            collection["items"] = new JsonArray(shown);
        return collection;
    }

    private static int? Number(ApiCall call, string name) =>
        call.Query.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static JsonObject Selected(JsonObject shown, ApiCall call)
    {
        if (call.Query.GetValueOrDefault("$select") is not { } select)
            return shown;
        var names = select.Split(',');
        foreach (var name in shown.Select(property => property.Key).Except(names).ToList())
            shown.Remove(name);
        return shown;
    }

    internal static RefusedException NotRegistered(IEnumerable<string> path) =>
        new(404, $"Public URI path not registered: /mgmt/{string.Join('/', path)}");
}
