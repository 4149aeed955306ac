using System.Text.Json;
using Interlook.Storage;

namespace Interlook.Specification;

/// <summary>Notes in JSON. An earlier system kept them as a list of texts.</summary>
public sealed class NoteCodec : IRecordCodec<Note>
{
    /// <inheritdoc/>
    public string Plural => "notes";

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json, Note value)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(value);
        json.WriteStartObject();
        json.WriteString("text", value.Text);
        json.WriteNumber("number", value.Number);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public Note Read(string key, ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var fields = document.RootElement;
        return fields.ValueKind == JsonValueKind.Object
            && fields.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            && fields.TryGetProperty("number", out var number) && number.TryGetInt32(out var value)
                ? new Note(text.GetString()!, value)
                : throw new JsonException($"'{key}' is not a note");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Note>? ReadEarlier(JsonElement document) =>
        document.ValueKind == JsonValueKind.Array
            ? document.EnumerateArray().Select((text, index) => new Note(text.GetString()!, index)).ToDictionary(note => note.Text)
            : null;
}
