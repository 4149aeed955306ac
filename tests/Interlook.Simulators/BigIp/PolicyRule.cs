using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>A rule of a policy: what makes one right, and how it is shown.</summary>
internal static class PolicyRule
{
    private static readonly string[] Operands = ["httpHost", "httpHeader", "httpMethod", "httpUri", "sslExtension", "sslCert", "tcp"];

    private static readonly string[] Operators = ["contains", "endsWith", "exists", "greater", "less", "startsWith"];

    private static readonly string[] Targets = ["forward", "httpHeader", "httpReply", "log", "persist", "tcl"];

    private static readonly string[] Events = ["request", "response", "sslClientHello", "sslServerHello", "clientAccepted"];

    /// <summary>The pools that a rule forwards to.</summary>
    internal static IEnumerable<string> PoolsOf(JsonObject rule) =>
        (rule["actions"] as JsonArray ?? []).Select(action => (string?)action!["pool"]).OfType<string>();

    /// <summary>Checks a rule and brings it to the form that is stored.</summary>
    /// <param name="configuration">Everything.</param>
    /// <param name="policy">The policy's full path.</param>
    /// <param name="own">The policy's properties.</param>
    /// <param name="before">The rule before; null for a new one.</param>
    /// <param name="body">What changes.</param>
    internal static JsonObject Of(Configuration configuration, string policy, JsonObject own, JsonObject? before, JsonObject body)
    {
        var rule = before is null ? new JsonObject { ["ordinal"] = 0 } : (JsonObject)before.DeepClone();
        foreach (var (name, value) in body)
        {
            if (name is "name" or "ordinal" or "description" or "conditions" or "actions")
                rule[name] = value?.DeepClone();
            else if (name is not ("fullPath" or "kind" or "generation" or "selfLink" or "conditionsReference" or "actionsReference"))
                throw new RefusedException(400, $"\"{name}\" unknown property");
        }
        var title = $"Policy '{policy}', rule '{(string?)rule["name"]}'";
        rule["conditions"] = Numbered(rule["conditions"] as JsonArray ?? []);
        rule["actions"] = Numbered(rule["actions"] as JsonArray ?? []);
        foreach (var condition in (JsonArray)rule["conditions"]!)
            Check(title, own, (JsonObject)condition!);
        foreach (var action in (JsonArray)rule["actions"]!)
            Check(configuration, title, policy, own, (JsonObject)action!);
        RefuseTwoEvents(title, rule);
        return rule;
    }

    internal static JsonObject Show(string path, string name, JsonObject rule, long generation, bool expand)
    {
        var shown = ObjectKind.Head("tm:ltm:policy:rules:rulesstate", name, null, name, generation, $"{path}/rules/{name}");
        if (rule["description"] is { } description)
            shown["description"] = description.DeepClone();
        shown["ordinal"] = rule["ordinal"]?.DeepClone();
        foreach (var part in new[] { "actions", "conditions" })
        {
            var reference = new JsonObject { ["link"] = ObjectKind.Link($"{path}/rules/{name}/{part}"), ["isSubcollection"] = true };
            if (expand && rule[part] is JsonArray { Count: > 0 } items)
                reference["items"] = new JsonArray([.. items.Select(item => ShowItem(path, name, part, (JsonObject)item!, generation))]);
            shown[$"{part}Reference"] = reference;
        }
        return shown;
    }

    /// <summary>The conditions or actions as their own GET answers them.</summary>
    internal static IReadOnlyList<JsonObject> ShowItems(string path, string name, string part, JsonObject rule, long generation) =>
        [.. (rule[part] as JsonArray ?? []).Select(item => ShowItem(path, name, part, (JsonObject)item!, generation))];

    private static JsonObject ShowItem(string path, string rule, string part, JsonObject item, long generation)
    {
        var name = (string)item["name"]!;
        var shown = ObjectKind.Head($"tm:ltm:policy:rules:{part}:{part}state", name, null, name, generation, $"{path}/rules/{rule}/{part}/{name}");
        foreach (var (property, value) in item)
            shown.TryAdd(property, value?.DeepClone());
        if (part == "conditions")
        {
            if (!Operators.Any(item.ContainsKey))
                shown.TryAdd("equals", true);
            foreach (var flag in new[] { "external", "present", "remote" })
                shown.TryAdd(flag, true);
            shown.TryAdd("index", 0);
            return shown;
        }
        shown.TryAdd("select", true);
        foreach (var number in new[] { "code", "expirySecs", "length", "offset", "port", "status", "timeout", "vlanId" })
            shown.TryAdd(number, 0);
        if ((string?)item["pool"] is { } pool)
            shown["poolReference"] = new JsonObject { ["link"] = ObjectKind.Link($"ltm/pool/{ObjectKind.Tilde(pool)}") };
        return shown;
    }

    private static JsonArray Numbered(JsonArray items)
    {
        var numbered = new JsonArray();
        foreach (var item in items)
        {
            var copy = (JsonObject)item!.DeepClone();
            if (!copy.ContainsKey("name"))
                copy["name"] = numbered.Count.ToString(CultureInfo.InvariantCulture);
            foreach (var derived in new[] { "kind", "fullPath", "generation", "selfLink", "poolReference" })
                copy.Remove(derived);
            numbered.Add(copy);
        }
        return numbered;
    }

    private static void Check(string title, JsonObject own, JsonObject condition)
    {
        var operand = Operands.FirstOrDefault(condition.ContainsKey);
        var selector = operand switch
        {
            "httpHost" => condition.ContainsKey("host") || condition.ContainsKey("all") || condition.ContainsKey("port"),
            "sslExtension" => condition.ContainsKey("serverName") || condition.ContainsKey("alpn"),
            null => false,
            _ => true,
        };
        if (!selector)
            throw new RefusedException(400, $"01071706:3: {title}; missing operand.", 3);
        var needed = operand!.StartsWith("http", StringComparison.Ordinal) ? new[] { "http" }
            : operand.StartsWith("ssl", StringComparison.Ordinal) ? ["client-ssl", "ssl-persistence"] : [];
        if (needed.Length > 0 && !needed.Any(aspect => Names(own, "requires").Contains(aspect)))
            throw new RefusedException(400, $"01071705:3: {title}; operand '{operand}' requires aspect '{needed[0]}'.", 3);
    }

    private static void Check(Configuration configuration, string title, string policy, JsonObject own, JsonObject action)
    {
        if (action.ContainsKey("select") && action.ContainsKey("replace"))
            throw new RefusedException(400, "\"select\" may not be specified with \"replace\"");
        if (!Targets.Any(action.ContainsKey) || (action.ContainsKey("forward") && !action.ContainsKey("pool") && !action.ContainsKey("reset")))
            throw new RefusedException(400, $"0107186c:3: {title}; missing or invalid target.", 3);
        if (action.ContainsKey("forward") && !Names(own, "controls").Contains("forwarding"))
            throw new RefusedException(400, $"01071705:3: {title}; action 'forward' requires control 'forwarding'.", 3);
        if ((string?)action["pool"] is not { } pool)
            return;
        var path = Configuration.Resolve(pool, policy.Split('/')[1], configuration.Pools.ContainsKey);
        action["pool"] = configuration.Pools.ContainsKey(path) ? path : throw RefusedException.Absent("Pool", path);
    }

    private static void RefuseTwoEvents(string title, JsonObject rule)
    {
        var events = ((JsonArray)rule["conditions"]!).Concat((JsonArray)rule["actions"]!)
            .SelectMany(item => Events.Where(name => (bool?)item![name] == true))
            .Distinct();
        if (events.Count() > 1)
            throw new RefusedException(400, $"01071707:3: {title}; conditions and actions must be of the same event.", 3);
    }

    private static IEnumerable<string> Names(JsonObject own, string property) => (own[property] as JsonArray ?? []).Select(item => (string)item!);
}
