using System.Collections.Immutable;
using System.Text.Json;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Reads the text of a list, each object for itself: one that cannot be read takes no other with it.</summary>
internal static class ListText
{
    /// <summary>Reads a list, or a page of one.</summary>
    /// <exception cref="JsonException">It is no list.</exception>
    internal static ObjectList<T> Read<T>(ReadOnlySpan<byte> json, ResourceKind<T> kind)
        where T : KubernetesObject
    {
        var objects = ImmutableArray.CreateBuilder<T>();
        var broken = ImmutableArray.CreateBuilder<BrokenObject>();
        var (version, next, hasItems) = ("", "", false);
        var reader = new Utf8JsonReader(json);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                (version, next) = ReadMetadata(ref reader);
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                hasItems = true;
                ReadItems(ref reader, json, kind, objects, broken);
            }
            else
            {
                reader.Skip();
            }
        }
        return hasItems && version != ""
            ? new(objects.DrainToImmutable(), broken.DrainToImmutable(), version, next)
            : throw new JsonException("there are no items, or no version of them");
    }

    private static void ReadItems<T>(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ResourceKind<T> kind, ImmutableArray<T>.Builder objects,
        ImmutableArray<BrokenObject>.Builder broken)
        where T : KubernetesObject
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("the items are no array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var begin = (int)reader.TokenStartIndex;
            reader.Skip();
            if (kind.Read(json[begin..(int)reader.BytesConsumed], out var problem) is { } item)
                objects.Add(item);
            else
                broken.Add(problem!);
        }
    }

    private static (string Version, string Continue) ReadMetadata(ref Utf8JsonReader reader)
    {
        var (version, next) = ("", "");
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            var isContinue = reader.ValueTextEquals("continue"u8);
            reader.Read();
            if (isVersion)
                version = reader.GetString() ?? "";
            else if (isContinue)
                next = reader.GetString() ?? "";
            else
                reader.Skip();
        }
        return (version, next);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new JsonException("an object is expected");
    }
}
