using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>Reads an array that may be null, as servers written in Go print an empty one; it takes no more room than its items.</summary>
/// <param name="sharesEqual">True for what is mostly the same as the one before: equal ones are then one array.</param>
internal sealed class NullableItems<T>(bool sharesEqual = false) : JsonConverter<ImmutableArray<T>>
{
    private volatile T[] last = []; // a race costs a second copy

    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("an array is expected");
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = ImmutableArray.CreateBuilder<T>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null among the items of an array"));
        return sharesEqual ? Share(items) : items.DrainToImmutable();
    }

    private ImmutableArray<T> Share(ImmutableArray<T>.Builder items)
    {
        var known = ImmutableCollectionsMarshal.AsImmutableArray(last);
        if (known.SequenceEqual(items))
            return known;
        var fresh = items.DrainToImmutable();
        last = ImmutableCollectionsMarshal.AsArray(fresh)!;
        return fresh;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options)
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value.IsDefault ? [] : value)
            JsonSerializer.Serialize(writer, item, type);
        writer.WriteEndArray();
    }
}
