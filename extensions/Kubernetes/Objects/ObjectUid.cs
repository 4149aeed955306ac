using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// What tells an object from every other, also from one of the same name before or after it. Servers give UUIDs, which are kept as numbers: a fifth of the
/// room of their text. The API promises only a text, so anything else is kept as it is.
/// </summary>
[JsonConverter(typeof(Json))]
internal readonly record struct ObjectUid
{
    private readonly Guid number;
    private readonly string? other;

    private ObjectUid(Guid number, string? other) => (this.number, this.other) = (number, other);

    /// <summary>The uid that is written so; empty for none.</summary>
    public static implicit operator ObjectUid(string? text) =>
        Guid.TryParseExact(text, "D", out var number) && number != Guid.Empty && number.ToString() == text
            ? new(number, null)
            : new(Guid.Empty, text is "" ? null : text);

    /// <summary>As it is written; empty when there is none.</summary>
    public override string ToString() => other ?? (number == Guid.Empty ? "" : number.ToString());

    internal sealed class Json : JsonConverter<ObjectUid>
    {
        private const int Length = 36;

        /// <inheritdoc/>
        public override ObjectUid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException("a text is expected");
            Span<byte> written = stackalloc byte[Length];
            return !reader.HasValueSequence && Utf8Parser.TryParse(reader.ValueSpan, out Guid number, out _) && number != Guid.Empty
                && Utf8Formatter.TryFormat(number, written, out _) && reader.ValueSpan.SequenceEqual(written)
                ? new ObjectUid(number, null)
                : reader.GetString();
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, ObjectUid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
