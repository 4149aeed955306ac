using System.Text.Json;

namespace Interlook.Extensions.FileStore;

/// <summary>Reads members of a JSON object, with a clear refusal of what is missing or of another type.</summary>
internal static class JsonFields
{
    internal static bool Has(this JsonElement fields, string name) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    internal static string Text(this JsonElement fields, string name) =>
        fields.Member(name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw new JsonException($"{name} must be a text");

    internal static int Number(this JsonElement fields, string name) =>
        fields.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value)
            ? value
            : throw new JsonException($"{name} must be a whole number");

    internal static bool Flag(this JsonElement fields, string name) =>
        fields.Member(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag
            ? flag.GetBoolean()
            : throw new JsonException($"{name} must be true or false");

    internal static JsonElement.ArrayEnumerator Items(this JsonElement fields, string name) =>
        fields.Member(name) is { ValueKind: JsonValueKind.Array } items
            ? items.EnumerateArray()
            : throw new JsonException($"{name} must be a list");

    private static JsonElement Member(this JsonElement fields, string name) =>
        fields.ValueKind != JsonValueKind.Object
            ? throw new JsonException("an object is expected here")
            : fields.TryGetProperty(name, out var value) ? value : throw new JsonException($"{name} is missing");
}
