using System.Globalization;
using System.Net;
using Interlook.Collections;
using Interlook.Configuration;
using Interlook.Services;
using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Files;

/// <summary>Reads one service from its YAML node; what is wrong goes to the list of problems.</summary>
internal sealed class ServiceReader(string provider, List<FileProblem> problems)
{
    private const int LongestShown = 80;

    private static readonly string[] ServiceKeys = ["name", "hosts", "targets", "tls", "ip"];
    private static readonly string[] TargetKeys = ["host", "port", "weight"];

    /// <summary>Reads a service.</summary>
    /// <returns>Null when something was wrong.</returns>
    internal ServiceDefinition? Read(YamlNode node)
    {
        var before = problems.Count;
        var fields = Fields(node, ServiceKeys, "a service with the keys name, hosts, targets, tls and ip");
        var name = Text(fields, "name", node, required: true);
        if (name is not null && !ServiceName.IsValid(name, out var problem))
            Problem(fields["name"], $"the name {problem}");
        var service = new ServiceDefinition
        {
            Name = name ?? "",
            Provider = provider,
            DnsNames = Hosts(fields).ToEquatableArray(),
            Targets = Targets(fields, node).ToEquatableArray(),
            Tls = Value(fields, "tls", SettingReaders.Flag),
            PublicIp = Value(fields, "ip", SettingReaders.Address),
        };
        return problems.Count == before ? service : null;
    }

    private List<string> Hosts(Dictionary<string, YamlNode> fields)
    {
        var names = new List<string>();
        foreach (var node in Items(fields, "hosts", "a list of host names"))
        {
            if (node is not YamlScalarNode { Value: { } text })
                Problem(node, "hosts must be a list of host names");
            else if (HostName.TryNormalize(text, out var name, out var problem))
                names.Add(name);
            else
                Problem(node, $"host name '{Shown(text)}' {problem}");
        }
        return names;
    }

    private List<Target> Targets(Dictionary<string, YamlNode> fields, YamlNode service)
    {
        var targets = new List<Target>();
        if (fields.Count > 0 && !fields.ContainsKey("targets"))
            Problem(service, "targets is missing: add a list of host and port");
        foreach (var node in Items(fields, "targets", "a list of host and port", single: false))
        {
            var before = problems.Count;
            var target = Fields(node, TargetKeys, "a target with the keys host, port and weight");
            var host = Value(target, "host", Host, node, required: true);
            var port = Value(target, "port", SettingReaders.Port, node, required: true);
            var weight = Value(target, "weight", text => (int?)SettingReaders.Number(text, 0, Target.MaxWeight)) ?? 1;
            if (problems.Count == before)
                targets.Add(new Target(host!, port, weight));
        }
        return targets;
    }

    private static string Host(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']'))
            throw new FormatException($"must be written without brackets: {text[1..^1]}");
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':') || address.ToString() == text))
        {
            return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
                ? throw new FormatException($"must be an address that can be reached, not '{text}'")
                : SettingReaders.Address(text).ToString();
        }
        return HostName.TryNormalize(text, out var name, out var problem) && name[0] != '*'
            ? name
            : throw new FormatException($"'{text}' {problem ?? "is a pattern: write an address or a host name"}");
    }

    private Dictionary<string, YamlNode> Fields(YamlNode node, string[] known, string expected)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.OrdinalIgnoreCase);
        if (node is not YamlMappingNode mapping)
        {
            Problem(node, $"{expected} is expected here");
            return fields;
        }
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                Problem(key, $"unknown key '{Shown(name)}'{Suggest(name, known)}");
            else if (!fields.TryAdd(name, value))
                Problem(key, $"key '{name}' is there twice");
        }
        return fields;
    }

    private IEnumerable<YamlNode> Items(Dictionary<string, YamlNode> fields, string key, string expected, bool single = true)
    {
        if (!fields.TryGetValue(key, out var node) || IsEmpty(node))
            return [];
        if (node is YamlSequenceNode list)
            return list.Children;
        if (single && node is YamlScalarNode)
            return [node];
        Problem(node, $"{key} must be {expected}");
        return [];
    }

    private string? Text(Dictionary<string, YamlNode> fields, string key, YamlNode parent, bool required) =>
        Value(fields, key, text => text, parent, required);

    private T? Value<T>(Dictionary<string, YamlNode> fields, string key, Func<string, T> read, YamlNode? parent = null, bool required = false)
    {
        if (!fields.TryGetValue(key, out var node) || IsEmpty(node))
        {
            if (required && (fields.Count > 0 || node is not null))
                Problem(node ?? parent!, $"{key} is missing");
            return default;
        }
        if (node is not YamlScalarNode { Value: { } text })
        {
            Problem(node, $"{key} must be a single value");
            return default;
        }
        try
        {
            return read(text);
        }
        catch (FormatException problem)
        {
            Problem(node, $"{key} {problem.Message.Replace($"'{text}'", $"'{Shown(text)}'", StringComparison.Ordinal)}");
            return default;
        }
    }

    private static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private void Problem(YamlNode node, string message) => problems.Add(FileProblem.At(node, message));

    /// <summary>Cuts what a user wrote to a length that a log line bears.</summary>
    private static string Shown(string text) =>
        text.Length <= LongestShown ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, LongestShown)}… ({text.Length} characters)");

    private static string Suggest(string name, string[] known)
    {
        if (name.Length > LongestShown)
            return $": the keys are {string.Join(", ", known)}";
        var nearest = known.MinBy(candidate => Distance(name.ToLowerInvariant(), candidate))!;
        return Distance(name.ToLowerInvariant(), nearest) <= 2 ? $": did you mean '{nearest}'?" : $": the keys are {string.Join(", ", known)}";
    }

    /// <summary>How many letters must be added, removed or changed (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
