using System.Text.Json;
using System.Text.Json.Serialization;
using Interlook.Provisioners;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>What is kept of a text that is only ever compared. Null and the empty text are one.</summary>
[JsonConverter(typeof(Json))]
internal readonly record struct TextDigest
{
    private const int Digits = 16;

    private readonly ulong digest;

    private TextDigest(ulong digest) => this.digest = digest;

    /// <summary>The digest of a text.</summary>
    public static implicit operator TextDigest(string? text) =>
        string.IsNullOrEmpty(text) ? default : new(Convert.ToUInt64(NameDigest.Hex(text, Digits), 16));

    internal sealed class Json : JsonConverter<TextDigest>
    {
        /// <inheritdoc/>
        public override TextDigest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("a text is expected");

        /// <summary>Writes the digest: the text is not known any more, and nobody is sent one.</summary>
        public override void Write(Utf8JsonWriter writer, TextDigest value, JsonSerializerOptions options) => writer.WriteNumberValue(value.digest);
    }
}
