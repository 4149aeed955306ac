using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// Reads texts, and gives those that come again and again (types, protocols, namespaces, names of nodes, addresses) as one string. It remembers
/// the last text of each slot of a table, so it neither grows nor keeps what is gone. Safe for concurrent use: a race costs a second copy.
/// </summary>
internal sealed class SharedTexts : JsonConverter<string>
{
    private const int Slots = 1 << 13;

    /// <summary>What is longer rarely comes twice.</summary>
    private const int Longest = 64;

    private readonly string?[] slots = new string?[Slots];

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("a text is expected");
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
            return reader.GetString();
        var text = reader.ValueSpan;
        var hash = new HashCode();
        hash.AddBytes(text);
        ref var slot = ref slots[hash.ToHashCode() & (Slots - 1)];
        if (slot is { } known && reader.ValueTextEquals(known))
            return known;
        return slot = reader.GetString();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
