using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A moment that the API wants with exactly six decimals (kind MicroTime of meta/v1).</summary>
/// <param name="At">The moment.</param>
[JsonConverter(typeof(Json))]
internal readonly record struct MicroTime(DateTimeOffset At)
{
    internal sealed class Json : JsonConverter<MicroTime>
    {
        /// <inheritdoc/>
        public override MicroTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetDateTimeOffset());

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, MicroTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }
}
