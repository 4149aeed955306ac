using System.Globalization;
using System.Text.Json;
using Interlook.Collections;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Extensions.FileStore;

/// <summary>
/// Reads the earlier system's file of entries: a map of service name to entry, written at shutdown. It had lists of targets, and before
/// that hosts with one port; one DNS name, later several; and its zero time 0001-01-01 for none.
/// </summary>
internal sealed class EarlierEntries(string provider, EquatableArray<string> steps, Func<string, string> canonicalStep)
{
    /// <summary>Reads the file, if this is one.</summary>
    internal Dictionary<string, Entry>? Read(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object
            || document.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.Object || Find(member.Value, "service") is null))
            return null;
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var member in document.EnumerateObject())
        {
            var key = new ServiceKey(ServiceKey.DefaultWorkflow, member.Name);
            if (!ServiceName.IsValid(member.Name, out var problem))
                throw new JsonException($"the name of service '{member.Name}' {problem}");
            try
            {
                if (!entries.TryAdd(key.Path, ReadEntry(key, member.Value)))
                    throw new JsonException("is there twice");
            }
            catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
            {
                throw new JsonException($"the entry of service '{member.Name}': {fault.Message}", fault);
            }
        }
        return entries;
    }

    private Entry ReadEntry(ServiceKey key, JsonElement fields)
    {
        var definition = ReadDefinition(key, Find(fields, "service")!.Value);
        var state = canonicalStep(Text(fields, "state"));
        var expected = Text(fields, "expected_state") == Entry.Undeployed ? ExpectedState.Undeployed : ExpectedState.Deployed;
        var detected = Time(fields, "time_detected") ?? Time(fields, "last_update") ?? DateTimeOffset.UnixEpoch;
        return new Entry
        {
            Key = key,
            Desired = definition,
            Expected = expected,
            State = state is Entry.Deployed or Entry.Undeployed || steps.Contains(state) ? state : definition.Provider,
            Steps = Behind(state, definition),
            Info = Text(fields, "error") is { Length: > 0 } error ? error : Text(fields, "info") is { Length: > 0 } info ? info : null,
            TimeDetected = detected,
            LastUpdate = Time(fields, "last_update") ?? detected,
            CloseTime = state is Entry.Deployed or Entry.Undeployed ? Time(fields, "close_time") : null,
        };
    }

    /// <summary>What the steps have done: all of them when deployed; up to where it stands, and not known how well, when on its way.</summary>
    private EquatableArray<StepRecord> Behind(string state, ServiceDefinition definition)
    {
        if (state == Entry.Deployed)
            return steps.Select(step => new StepRecord(step, null, definition, [])).ToEquatableArray();
        if (state is Entry.Undeployed or "" || state.StartsWith("provider.", StringComparison.Ordinal))
            return [];
        var reached = steps.ToList().IndexOf(state);
        return steps.Take(reached < 0 ? steps.Count : reached + 1) // a step this workflow does not have: any may have run
            .Select(step => new StepRecord(step, null, null, [definition]))
            .ToEquatableArray();
    }

    private ServiceDefinition ReadDefinition(ServiceKey key, JsonElement fields)
    {
        var found = canonicalStep(Text(fields, "provider"));
        return new ServiceDefinition
        {
            Name = key.Service,
            Provider = found.StartsWith("provider.", StringComparison.Ordinal) ? string.Intern(found) : provider,
            Targets = ReadTargets(fields).ToEquatableArray(),
            Tls = Find(fields, "tls") is { ValueKind: JsonValueKind.True },
            PublicIp = DefinitionJson.Address(Text(fields, "public_ip")),
            DnsNames = Texts(fields, "dns_name")
                .Where(name => name.Length > 0)
                .Select(name => HostName.TryNormalize(name, out var canonical, out _) ? canonical : name)
                .ToEquatableArray(),
        };
    }

    private static IEnumerable<Target> ReadTargets(JsonElement fields)
    {
        if (Find(fields, "targets") is { ValueKind: JsonValueKind.Array } targets)
        {
            return targets.EnumerateArray().Select(target => new Target(
                string.Intern(Text(target, "host")), Port(target), Math.Clamp(Whole(target, "weight") ?? 1, 1, Target.MaxWeight)));
        }
        return Texts(fields, "hosts").Select(host => new Target(string.Intern(host), Port(fields)));
    }

    private static int Port(JsonElement fields) =>
        Whole(fields, "port") is { } port and >= 1 and <= 65535 ? port : throw new JsonException("port is missing or not from 1 to 65535");

    private static int? Whole(JsonElement fields, string name) => Find(fields, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) => value,
        { ValueKind: JsonValueKind.String } text
            when int.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        null or { ValueKind: JsonValueKind.Null } => null,
        _ => throw new JsonException($"{name} is not a whole number"),
    };

    private static IEnumerable<string> Texts(JsonElement fields, string name) => Find(fields, name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(item => item.GetString() ?? ""),
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        null or { ValueKind: JsonValueKind.Null } => [],
        _ => throw new JsonException($"{name} is not a list of texts"),
    };

    private static string Text(JsonElement fields, string name) => Find(fields, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        null or { ValueKind: JsonValueKind.Null } => "",
        _ => throw new JsonException($"{name} is not a text"),
    };

    private static DateTimeOffset? Time(JsonElement fields, string name)
    {
        var text = Text(fields, name);
        if (text.Length == 0 || text.StartsWith("0001-01-01T", StringComparison.Ordinal))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new JsonException($"{name} is not a time: '{text}'");
    }

    /// <summary>A member, its name matched without regard to case, as the earlier system's reader did.</summary>
    private static JsonElement? Find(JsonElement fields, string name)
    {
        if (fields.ValueKind != JsonValueKind.Object)
            throw new JsonException("is not an object");
        foreach (var member in fields.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }
        return null;
    }
}
