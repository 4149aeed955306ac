using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// Reads texts, and gives those that come again and again (types, protocols, namespaces, names of nodes, addresses) as one string. It remembers
/// the last text of each slot of a table, so it neither grows nor keeps what is gone. Safe for concurrent use: a race costs a second copy.
/// </summary>
internal sealed class SharedTexts : JsonConverter<string>
{
    private const int Slots = 1 << 11;

    /// <summary>What is longer rarely comes twice.</summary>
    private const int Longest = 64;

    private readonly string?[] slots = new string?[Slots];

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Share(reader) : throw new JsonException("a text is expected");

    /// <inheritdoc/>
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Share(reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    private string Share(in Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
            return reader.GetString()!;
        var hash = new HashCode();
        hash.AddBytes(reader.ValueSpan);
        ref var slot = ref slots[hash.ToHashCode() & (Slots - 1)];
        return slot is { } known && reader.ValueTextEquals(known) ? known : slot = reader.GetString()!;
    }
}
