using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>Reads a record, and of its metadata what the client of the API server goes by.</summary>
internal sealed class RecordConverter<T>(JsonTypeInfo<T> json, Func<T, ClaimMeta> metadata) : JsonConverter<RecordObject<T>>
    where T : class
{
    /// <inheritdoc/>
    public override RecordObject<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonSerializer.Deserialize(ref reader, json) ?? throw new JsonException("there is no object");
        var known = metadata(value);
        // Longer than the record, and a server that is not sent them keeps its own.
        known.Others?.Remove("managedFields");
        return new() { Value = value, Metadata = new() { Name = known.Name, Uid = Text(known, "uid"), ResourceVersion = Text(known, "resourceVersion") } };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RecordObject<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, json);

    private static string Text(ClaimMeta known, string key) =>
        known.Others is { } others && others.TryGetValue(key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
