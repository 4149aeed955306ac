using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>Reads an array of texts of which the first is used; null when there is none.</summary>
internal sealed class FirstItem : JsonConverter<string?>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("an array is expected");
        var texts = (JsonConverter<string>)options.GetTypeInfo(typeof(string)).Converter;
        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            first ??= texts.Read(ref reader, typeof(string), options);
        return first;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
