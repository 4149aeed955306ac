using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>Reads the conditions of an endpoint. There are 27 of them, and many thousand endpoints: equal ones are one object.</summary>
internal sealed class SharedConditions : JsonConverter<EndpointConditions?>
{
    private static readonly ImmutableArray<bool?> Values = [null, false, true];

    private static readonly ImmutableArray<EndpointConditions> All =
    [
        .. from ready in Values from serving in Values from terminating in Values
           select new EndpointConditions { Ready = ready, Serving = serving, Terminating = terminating },
    ];

    /// <inheritdoc/>
    public override EndpointConditions? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("conditions are no object");
        var (ready, serving, terminating) = (0, 0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("ready"u8))
                ready = ReadValue(ref reader);
            else if (reader.ValueTextEquals("serving"u8))
                serving = ReadValue(ref reader);
            else if (reader.ValueTextEquals("terminating"u8))
                terminating = ReadValue(ref reader);
            else
                reader.Skip();
        }
        return All[(((ready * Values.Length) + serving) * Values.Length) + terminating];
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EndpointConditions? value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        WriteValue(writer, "ready"u8, value?.Ready);
        WriteValue(writer, "serving"u8, value?.Serving);
        WriteValue(writer, "terminating"u8, value?.Terminating);
        writer.WriteEndObject();
    }

    private static int ReadValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => 0,
            JsonTokenType.False => 1,
            JsonTokenType.True => 2,
            _ => throw new JsonException("a condition is neither true nor false"),
        };
    }

    private static void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } known)
            writer.WriteBoolean(name, known);
    }
}
