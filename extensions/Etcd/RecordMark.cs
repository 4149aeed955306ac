using System.Text.Json;
using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>
/// How a record says whose it is: the member <c>interlook</c> of its JSON, which CoreDNS and SkyDNS pass over as they do with every member
/// that they do not know. The host belongs to the owner: Interlooks of one instance on several hosts publish the same names side by side,
/// and none takes the others' records for its own.
/// </summary>
/// <param name="Instance">Which Interlook.</param>
/// <param name="Host">What its keys' last labels begin with.</param>
/// <param name="Key">Which service.</param>
internal readonly record struct RecordMark(string Instance, string Host, ServiceKey Key)
{
    private const string Member = "interlook";

    /// <summary>Writes the member.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(Member);
        json.WriteString("instance", Instance);
        json.WriteString("host", Host);
        json.WriteString("key", Key.Path);
        json.WriteEndObject();
    }

    /// <summary>Reads the mark of a stored value; null when it bears none, or is no record at all.</summary>
    internal static RecordMark? Read(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(Member, out var mark) && mark.ValueKind == JsonValueKind.Object
                && Text(mark, "instance") is { } instance && Text(mark, "host") is { } host
                && Text(mark, "key") is { } path && ServiceKey.TryParsePath(path, out var key)
                    ? new(instance, host, key)
                    : null;
        }
        catch (JsonException)
        {
            return null; // somebody else's, in somebody else's format
        }
    }

    private static string? Text(JsonElement mark, string name) =>
        mark.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
