using System.Text.Json;

namespace Interlook.Host.Commands;

/// <summary>Reads fields of an API answer for showing: what is missing or null is shown as nothing.</summary>
internal static class JsonFields
{
    extension(JsonElement element)
    {
        internal string Text(string name) => element.Field(name) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() ?? "",
            { ValueKind: JsonValueKind.True } => "yes",
            { ValueKind: JsonValueKind.False } => "no",
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.Array } array => string.Join(", ", array.EnumerateArray().Select(item => item.ToString())),
            _ => "",
        };

        internal bool Flag(string name) => element.Field(name).ValueKind == JsonValueKind.True;

        internal JsonElement Field(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field) ? field : default;

        /// <summary>The items of an array; none when it is not one.</summary>
        internal IEnumerable<JsonElement> Items => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
    }
}
