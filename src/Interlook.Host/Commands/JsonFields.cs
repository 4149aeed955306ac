using System.Globalization;
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

        /// <summary>A time, to the second; nothing for the year 1, which stands for a time that is not set.</summary>
        internal string Time(string name) =>
            DateTimeOffset.TryParse(element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
                ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : "";

        internal bool Flag(string name) => element.Field(name).ValueKind == JsonValueKind.True;

        internal JsonElement Field(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field) ? field : default;

        /// <summary>The members of an object; none when it is not one.</summary>
        internal IEnumerable<(string Name, JsonElement Value)> Members =>
            element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(member => (member.Name, member.Value)) : [];

        /// <summary>The items of an array; none when it is not one.</summary>
        internal IEnumerable<JsonElement> Items => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
    }
}
