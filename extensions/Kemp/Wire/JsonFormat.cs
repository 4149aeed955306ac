using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Interlook.Extensions.Kemp.Wire;

/// <summary>The second interface: a POST of <c>/accessv2</c> with command, credentials and parameters in one JSON object, answered in JSON.</summary>
internal sealed class JsonFormat(KempOptions options) : ICallFormat
{
    /// <inheritdoc/>
    public HttpRequestMessage Request(KempCommand command)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("cmd", command.Name);
            if (options.ApiKey is { } key)
                json.WriteString("apikey", key.Reveal());
            if (options is { Username: { } user, Password: { } password })
            {
                json.WriteString("apiuser", user);
                json.WriteString("apipass", password.Reveal());
            }
            foreach (var (name, value) in command.Parameters)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        return new(HttpMethod.Post, $"{options.Root}/accessv2")
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
    }

    /// <inheritdoc/>
    public KempReply Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("code", out var code) || !code.TryGetInt32(out var status))
                throw new FormatException("it is JSON, but has no code");
            var failed = status >= 400 || (root.TryGetProperty("status", out var word) && word.ValueEquals("fail"));
            var error = failed && root.TryGetProperty("message", out var message) ? message.ToString() : null;
            return new(failed && status < 400 ? 422 : status, error, Row(root), [.. Rows(root, "VS")]);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new FormatException("it is no JSON", problem);
        }
    }

    private static IEnumerable<ReplyRow> Rows(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var rows) && rows.ValueKind == JsonValueKind.Array ? rows.EnumerateArray().Select(Row) : [];

    private static ReplyRow Row(JsonElement element)
    {
        var row = new ReplyRow();
        foreach (var property in element.EnumerateObject())
        {
            var text = property.Value.ValueKind switch
            {
                JsonValueKind.True => "Y",
                JsonValueKind.False => "N",
                JsonValueKind.String => property.Value.GetString()!.Trim(),
                JsonValueKind.Number => property.Value.GetRawText(),
                _ => null,
            };
            if (text is not null)
                row.Elements[property.Name] = text;
        }
        row.Servers.AddRange(Rows(element, "Rs"));
        return row;
    }
}
