using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A port that is written as a number or as a name (IntOrString in the API).</summary>
/// <param name="Text">As it is written.</param>
[JsonConverter(typeof(Json))]
internal readonly record struct PortName(string Text)
{
    /// <summary>The number; null when it is a name.</summary>
    internal int? Number => int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal sealed class Json : JsonConverter<PortName>
    {
        /// <inheritdoc/>
        public override PortName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.Number ? reader.GetInt32().ToString(CultureInfo.InvariantCulture) : reader.GetString() ?? "");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, PortName value, JsonSerializerOptions options)
        {
            if (value.Number is { } number)
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(value.Text);
        }
    }
}
