using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>Policies: changed as drafts, and published.</summary>
internal sealed class PolicyKind() : ObjectKind("ltm/policy", "Policy")
{
    private static readonly string[] Strategies = ["all-match", "best-match", "first-match"];

    internal override string PartsPath => "rules";

    protected override ImmutableHashSet<string> Writable { get; } =
        ["controls", "description", "requires", "rules", "strategy", "subPath"];

    internal static bool IsDraft(string fullPath) => fullPath.Split('/') is [_, _, "Drafts", _];

    internal override ImmutableSortedDictionary<string, Stored> In(Configuration configuration) => configuration.Policies;

    internal override Configuration With(Configuration configuration, ImmutableSortedDictionary<string, Stored> objects) =>
        configuration with { Policies = objects };

    internal override (Configuration Configuration, string FullPath) Create(Configuration configuration, JsonObject body)
    {
        var named = body;
        var written = (string?)body["name"] ?? "";
        if ((string?)body["subPath"] == "Drafts" || written.Contains("/Drafts/", StringComparison.Ordinal))
        {
            named = (JsonObject)body.DeepClone();
            named["name"] = written.Replace("/Drafts/", "/", StringComparison.Ordinal);
        }
        var (partition, name) = NameIn(configuration, named);
        var (published, draft) = ($"/{partition}/{name}", $"/{partition}/Drafts/{name}");
        if (ReferenceEquals(named, body))
            throw Immutable(published);
        if (configuration.Policies.ContainsKey(published))
        {
            throw new RefusedException(
                400, $"01070734:3: Configuration error: Published policy \"{published}\" exists, use create-draft to create a draft copy .", 3);
        }
        if (configuration.Policies.ContainsKey(draft))
            throw RefusedException.Exists(Noun, draft, partition);
        var fresh = new Stored(
            new JsonObject { ["name"] = name, ["partition"] = partition, ["subPath"] = "Drafts", ["status"] = "draft" }, Stored.NoParts, 0);
        var changes = Stored.Merge(Defaults(), Properties(named));
        return (Set(configuration, draft, fresh, changes), draft);
    }

    internal override Configuration Change(Configuration configuration, string fullPath, JsonObject body, bool replace)
    {
        var found = Find(configuration, fullPath);
        if (body["createDraft"] is { } wish && (bool)wish)
            return CreateDraft(configuration, fullPath, found);
        if (!IsDraft(fullPath))
            throw Immutable(fullPath);
        return base.Change(configuration, fullPath, body, replace);
    }

    internal override Configuration Delete(Configuration configuration, string fullPath)
    {
        Find(configuration, fullPath);
        if (configuration.Virtuals.Values.Any(stored => VirtualKind.PoliciesOf(stored).Contains(fullPath)))
            throw new RefusedException(400, $"01070635:3: The policy ({fullPath}) is referenced by one or more virtuals.", 3);
        return base.Delete(configuration, fullPath);
    }

    /// <summary>A copy of a published policy that may be changed.</summary>
    internal Configuration CreateDraft(Configuration configuration, string fullPath)
    {
        return CreateDraft(configuration, fullPath, Find(configuration, fullPath));
    }

    /// <summary>A draft becomes the published policy, and is gone.</summary>
    internal Configuration Publish(Configuration configuration, string draft)
    {
        var stored = Find(configuration, draft);
        if (!IsDraft(draft))
            throw Immutable(draft);
        var own = (JsonObject)stored.Own.DeepClone();
        own.Remove("subPath");
        own["status"] = "published";
        var without = configuration with { Policies = configuration.Policies.Remove(draft) };
        return Store(without, draft.Replace("/Drafts/", "/", StringComparison.Ordinal), stored with { Own = own });
    }

    internal override IReadOnlyList<JsonObject> ShowParts(Configuration configuration, string fullPath) => ShowRules(configuration, fullPath, expand: false);

    /// <summary>The rules, with their conditions and actions when these are asked for.</summary>
    internal IReadOnlyList<JsonObject> ShowRules(Configuration configuration, string fullPath, bool expand)
    {
        var stored = Find(configuration, fullPath);
        var path = $"{Path}/{Tilde(fullPath)}";
        return
        [
            .. stored.Parts
                .OrderBy(rule => (int)rule.Value["ordinal"]!)
                .Select(rule => PolicyRule.Show(path, rule.Key, rule.Value, stored.Generation, expand)),
        ];
    }

    internal override Configuration CreatePart(Configuration configuration, string fullPath, JsonObject body)
    {
        var draft = Draft(configuration, fullPath);
        var name = (string?)body["name"] ?? throw new RefusedException(400, "\"name\" must be specified");
        if (draft.Parts.ContainsKey(name))
            throw RefusedException.Exists("policy rule", $"{fullPath} {name}", draft.Text("partition"));
        return SetRule(configuration, fullPath, draft, name, null, body);
    }

    internal override Configuration ChangePart(Configuration configuration, string fullPath, string part, JsonObject body, bool replace)
    {
        var draft = Draft(configuration, fullPath);
        var before = draft.Parts.GetValueOrDefault(part) ?? throw RuleAbsent(fullPath, part);
        var named = (JsonObject)body.DeepClone();
        named["name"] = part;
        return SetRule(configuration, fullPath, draft, part, replace ? null : before, named);
    }

    internal override Configuration DeletePart(Configuration configuration, string fullPath, string part)
    {
        var draft = Draft(configuration, fullPath);
        return draft.Parts.ContainsKey(part)
            ? Store(configuration, fullPath, draft with { Parts = draft.Parts.Remove(part) })
            : throw RuleAbsent(fullPath, part);
    }

    internal JsonObject FindRule(Configuration configuration, string fullPath, string part) =>
        Find(configuration, fullPath).Parts.GetValueOrDefault(part) ?? throw RuleAbsent(fullPath, part);

    protected override JsonObject Defaults() => [];

    protected override Configuration Set(Configuration configuration, string fullPath, Stored before, JsonObject changes)
    {
        var rules = changes["rules"];
        changes.Remove("rules");
        var own = Stored.Merge(before.Own, changes);
        var strategy = (string?)own["strategy"] is { Length: > 0 } named ? named : throw new RefusedException(400, "one or more properties must be specified: strategy");
        var last = strategy[(strategy.LastIndexOf('/') + 1)..];
        own["strategy"] = Strategies.Contains(last) ? $"/Common/{last}" : throw RefusedException.Absent("policy strategy", strategy);
        var parts = before.Parts;
        if (rules is JsonArray list)
        {
            parts = Stored.NoParts;
            foreach (var item in list)
            {
                var body = (JsonObject)item!;
                var name = (string?)body["name"] ?? throw new RefusedException(400, "\"name\" must be specified");
                parts = parts.SetItem(name, PolicyRule.Of(configuration, fullPath, own, null, body));
            }
        }
        return Store(configuration, fullPath, before with { Own = own, Parts = parts });
    }

    private Configuration CreateDraft(Configuration configuration, string fullPath, Stored published)
    {
        if (IsDraft(fullPath))
            throw Immutable(fullPath);
        var draft = $"/{published.Text("partition")}/Drafts/{published.Text("name")}";
        if (configuration.Policies.ContainsKey(draft))
            throw RefusedException.Exists(Noun, draft, published.Text("partition"));
        var own = (JsonObject)published.Own.DeepClone();
        own["subPath"] = "Drafts";
        own["status"] = "draft";
        return Store(configuration, draft, published with { Own = own });
    }

    private Configuration SetRule(Configuration configuration, string fullPath, Stored draft, string name, JsonObject? before, JsonObject body)
    {
        RefuseEmpty(body);
        Properties(new JsonObject { ["description"] = body["description"]?.DeepClone() }); // no markup
        var rule = PolicyRule.Of(configuration, fullPath, draft.Own, before, body);
        return Store(configuration, fullPath, draft with { Parts = draft.Parts.SetItem(name, rule) });
    }

    private Stored Draft(Configuration configuration, string fullPath)
    {
        var stored = Find(configuration, fullPath);
        return IsDraft(fullPath) ? stored : throw Immutable(fullPath);
    }

    private static void RefuseEmpty(JsonObject body)
    {
        if (body.Count == 0)
            throw new RefusedException(400, "one or more properties must be specified");
    }

    private static RefusedException Immutable(string fullPath)
    {
        var slash = fullPath.LastIndexOf('/');
        return new(
            400,
            $"01071abb:3: Cannot create/modify published policy '{fullPath}' directly, try specifying a draft folder like '{fullPath[..slash]}/Drafts{fullPath[slash..]}'.",
            3);
    }

    private static RefusedException RuleAbsent(string fullPath, string part) => RefusedException.Absent("policy rule", $"{fullPath} {part}");
}
