using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>
/// Reads who manages fields of an object (Kubernetes' page "Server-Side Apply", section "Field management"), and keeps those of our kind. Which
/// fields they are is passed over: it is longer than the object.
/// </summary>
internal sealed class FieldOwners : JsonConverter<ImmutableArray<string>>
{
    /// <summary>What the names of all our managers begin with.</summary>
    internal const string Ours = "interlook.io/";

    private const string Manager = "manager";

    /// <summary>The last that was read: nearly every object of ours is managed by one, and the same. A race costs a second copy.</summary>
    private volatile string[] known = [];

    /// <inheritdoc/>
    public override ImmutableArray<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ImmutableArray<string> found = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var isManager = reader.ValueTextEquals(Manager);
                reader.Read();
                if (isManager && reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && name.StartsWith(Ours, StringComparison.Ordinal))
                    found = found.Contains(name) ? found : found.Add(name);
                else
                    reader.Skip();
            }
        }
        return Share(found);
    }

    private ImmutableArray<string> Share(ImmutableArray<string> found)
    {
        var last = known;
        if (found.IsEmpty || found.AsSpan().SequenceEqual(last))
            return ImmutableCollectionsMarshal.AsImmutableArray(found.IsEmpty ? [] : last);
        known = ImmutableCollectionsMarshal.AsArray(found)!;
        return found;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImmutableArray<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var name in value)
        {
            writer.WriteStartObject();
            writer.WriteString(Manager, name);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
