using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A port that is written as a number or as a name (IntOrString in the API).</summary>
[JsonConverter(typeof(Json))]
internal readonly record struct PortName
{
    private readonly int number; // 0 is none

    /// <summary>A port that has a number.</summary>
    internal PortName(int number) => this.number = number;

    /// <summary>A port that is written so; null for none.</summary>
    internal PortName(string? text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            Name = text;
    }

    /// <summary>The number; null when it is a name.</summary>
    internal int? Number => number == 0 ? null : number;

    /// <summary>The name; null when it is a number.</summary>
    internal string? Name { get; }

    internal sealed class Json : JsonConverter<PortName>
    {
        /// <inheritdoc/>
        public override PortName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? new(reader.GetInt32()) : new(reader.GetString());

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, PortName value, JsonSerializerOptions options)
        {
            if (value.Number is { } number)
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(value.Name);
        }
    }
}
