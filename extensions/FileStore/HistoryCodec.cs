using System.Text.Json;
using Interlook.Entries;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>Histories: a list with a line of text for each transition, which is short in the file and readable.</summary>
public sealed class HistoryCodec : IRecordCodec<EntryHistory>
{
    /// <inheritdoc/>
    public string Plural => "histories";

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json, EntryHistory value)
    {
        Span<char> line = stackalloc char[TransitionLine.Longest];
        json.WriteStartArray();
        foreach (var transition in value.Transitions)
            json.WriteStringValue(line[..TransitionLine.Write(line, transition)]);
        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public EntryHistory Read(string key, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a history is a list of texts");
        var transitions = new List<Transition>();
        while (json.Read() && json.TokenType == JsonTokenType.String)
            transitions.Add(TransitionLine.Read(json.GetString()!));
        return json.TokenType == JsonTokenType.EndArray
            ? new EntryHistory([.. transitions])
            : throw new JsonException("a history is a list of texts");
    }

    /// <summary>The earlier system kept no history.</summary>
    public IReadOnlyDictionary<string, EntryHistory>? ReadEarlier(JsonElement document) => null;
}
