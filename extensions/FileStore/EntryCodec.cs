using System.Globalization;
using System.Text.Json;
using Interlook.Collections;
using Interlook.Entries;
using Interlook.Services;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>
/// Entries with the field names of the earlier system. <c>service</c> is the fullest definition; other definitions stand once each in
/// <c>definitions</c>, where they say only in what they differ from it, and steps name them by number: 0 is <c>service</c>, 1 the first.
/// </summary>
/// <param name="provider">The default workflow's provider: whose the earlier system's services are when it names no other.</param>
/// <param name="steps">The default workflow's steps: what the earlier system's deployed entries have behind them.</param>
/// <param name="canonicalStep">Gives an extension's name of today for one of its aliases, and any other text unchanged.</param>
public sealed class EntryCodec(string provider, EquatableArray<string> steps, Func<string, string> canonicalStep) : IRecordCodec<Entry>
{
    /// <inheritdoc/>
    public string Plural => "entries";

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json, Entry value)
    {
        var service = value.Service;
        var definitions = new DefinitionTable(service);
        json.WriteStartObject();
        json.WriteString("state"u8, value.State);
        json.WriteString("expected_state"u8, value.Expected == ExpectedState.Deployed ? Entry.Deployed : Entry.Undeployed);
        json.WriteBoolean("work_in_progress"u8, value.WorkInProgress);
        WriteTime(json, "wip_time", value.WipTime);
        WriteTime(json, "time_detected", value.TimeDetected);
        WriteTime(json, "last_update", value.LastUpdate);
        WriteTime(json, "close_time", value.CloseTime);
        json.WriteString("error"u8, value.Failure?.Message ?? "");
        json.WriteString("info"u8, value.Info ?? "");
        json.WritePropertyName("service"u8);
        DefinitionJson.Write(json, service, null);
        json.WriteNumber("desired"u8, definitions.NumberOf(value.Desired));
        WriteSteps(json, value.Steps, definitions);
        if (value.Failure is { } failure)
        {
            json.WriteStartObject("failure"u8);
            json.WriteString("step"u8, failure.Step);
            json.WriteString("reason"u8, failure.Reason.ToString());
            json.WriteNumber("attempts"u8, failure.Attempts);
            json.WriteEndObject();
        }
        definitions.Write(json);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public Entry Read(string key, ref Utf8JsonReader json)
    {
        if (!ServiceKey.TryParsePath(key, out var name))
            throw new JsonException($"the key '{key}' is not of the form workflow/service");
        using var document = JsonDocument.ParseValue(ref json);
        var fields = document.RootElement;
        var definitions = DefinitionTable.Read(fields);
        return new Entry
        {
            Key = new ServiceKey(string.Intern(name.Workflow), definitions[0].Name == name.Service ? definitions[0].Name : name.Service),
            State = string.Intern(fields.Text("state")),
            Expected = ReadExpected(fields.Text("expected_state")),
            WipTime = ReadTime(fields, "wip_time"),
            TimeDetected = ReadTime(fields, "time_detected") ?? throw new JsonException("time_detected is missing"),
            LastUpdate = ReadTime(fields, "last_update") ?? throw new JsonException("last_update is missing"),
            CloseTime = ReadTime(fields, "close_time"),
            Info = fields.Text("info") is { Length: > 0 } info ? info : null,
            Desired = definitions[fields.Number("desired")],
            Steps = ReadSteps(fields, definitions),
            Failure = ReadFailure(fields),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Entry>? ReadEarlier(JsonElement document) =>
        new EarlierEntries(provider, steps, canonicalStep).Read(document);

    private static void WriteSteps(Utf8JsonWriter json, EquatableArray<StepRecord> steps, DefinitionTable definitions)
    {
        json.WriteStartArray("steps"u8);
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("step"u8, step.Step);
            if (step.Given is { } given)
                json.WriteNumber("given"u8, definitions.NumberOf(given));
            if (step.Acknowledged is { } acknowledged)
                json.WriteNumber("acknowledged"u8, definitions.NumberOf(acknowledged));
            if (step.Attempted.Count > 0)
            {
                json.WriteStartArray("attempted"u8);
                foreach (var attempt in step.Attempted)
                    json.WriteNumberValue(definitions.NumberOf(attempt));
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static EquatableArray<StepRecord> ReadSteps(JsonElement fields, DefinitionTable definitions) =>
        fields.Items("steps").Select(step => new StepRecord(
            string.Intern(step.Text("step")),
            step.Has("given") ? definitions[step.Number("given")] : null,
            step.Has("acknowledged") ? definitions[step.Number("acknowledged")] : null,
            step.Has("attempted")
                ? step.Items("attempted").Select(number => definitions[number.GetInt32()]).ToEquatableArray()
                : [])).ToEquatableArray();

    private static StepFailure? ReadFailure(JsonElement fields)
    {
        if (!fields.Has("failure"))
            return null;
        var failure = fields.GetProperty("failure"u8);
        return Enum.TryParse<Reason>(failure.Text("reason"), out var reason) && Enum.IsDefined(reason)
            ? new StepFailure(string.Intern(failure.Text("step")), reason, fields.Text("error"), failure.Number("attempts"))
            : throw new JsonException($"'{failure.Text("reason")}' is not a reason");
    }

    private static ExpectedState ReadExpected(string text) => text switch
    {
        Entry.Deployed => ExpectedState.Deployed,
        Entry.Undeployed => ExpectedState.Undeployed,
        _ => throw new JsonException($"expected_state is '{text}' and must be deployed or undeployed"),
    };

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known.UtcDateTime);
        else
            json.WriteNull(name);
    }

    private static DateTimeOffset? ReadTime(JsonElement fields, string name)
    {
        if (!fields.Has(name))
            return null;
        return DateTimeOffset.TryParse(
            fields.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new JsonException($"{name} is not a time: '{fields.Text(name)}'");
    }
}
