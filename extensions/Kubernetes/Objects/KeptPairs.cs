using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// Reads labels or annotations and keeps those that mean something here. Annotations of an object may hold 256 KiB, mostly copies of the
/// object itself; they are passed over without becoming text.
/// </summary>
internal sealed class KeptPairs : JsonConverter<IReadOnlyDictionary<string, string>>
{
    private const string Ours = "interlook.";

    private static readonly FrozenSet<string> Kept = FrozenSet.Create(
        StringComparer.Ordinal, WellKnown.ServiceNameLabel, WellKnown.ExcludeBalancersLabel, WellKnown.HostnameLabel);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Dictionary<string, string>? pairs = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (key.StartsWith(Ours, StringComparison.Ordinal) || Kept.Contains(key)))
                (pairs ??= new(StringComparer.Ordinal)).Add(key, reader.GetString()!);
        }
        return (IReadOnlyDictionary<string, string>?)pairs ?? FrozenDictionary<string, string>.Empty;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value)
            writer.WriteString(key, text);
        writer.WriteEndObject();
    }
}
