using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// Reads labels or annotations and keeps those that mean something here. Annotations of an object may hold 256 KiB, mostly copies of the
/// object itself; they are passed over without becoming text.
/// </summary>
internal sealed class KeptPairs : JsonConverter<IReadOnlyDictionary<string, string>>
{
    private static readonly byte[] Ours = "interlook."u8.ToArray();

    private static readonly byte[][] Others =
    [
        .. new[] { WellKnown.ServiceNameLabel, WellKnown.ExcludeBalancersLabel, WellKnown.HostnameLabel, WellKnown.ExternalIpAnnotation }.Select(Encoding.UTF8.GetBytes),
    ];

    private const int Slots = 1 << 10;

    private readonly FewPairs?[] singles = new FewPairs?[Slots];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("labels are no object");
        var texts = (JsonConverter<string>)options.GetTypeInfo(typeof(string)).Converter;
        List<string>? pairs = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = IsKept(reader) ? texts.ReadAsPropertyName(ref reader, typeof(string), options) : null;
            reader.Read();
            if (key is null || reader.TokenType != JsonTokenType.String)
                reader.Skip();
            else
                (pairs ??= new(2)).AddRange([key, texts.Read(ref reader, typeof(string), options)!]);
        }
        return pairs switch
        {
            null => FewPairs.None,
            [var key, var value] => Single(key, value),
            _ => pairs.Chunk(2).Reverse().Aggregate(FewPairs.None, (rest, pair) => rest.Before(pair[0], pair[1])),
        };
    }

    /// <summary>One pair is often the same one: the node of an endpoint. A race costs a second copy.</summary>
    private FewPairs Single(string key, string value)
    {
        ref var slot = ref singles[string.GetHashCode(value, StringComparison.Ordinal) & (Slots - 1)];
        return slot is { } known && known.IsOnly(key, value) ? known : slot = FewPairs.None.Before(key, value);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value)
            writer.WriteString(key, text);
        writer.WriteEndObject();
    }

    private static bool IsKept(in Utf8JsonReader reader)
    {
        // A key has no letter that JSON would have to escape, and an object is read in one piece.
        var key = reader.ValueSpan;
        if (key.StartsWith(Ours))
            return true;
        foreach (var other in Others)
        {
            if (key.SequenceEqual(other))
                return true;
        }
        return false;
    }
}
