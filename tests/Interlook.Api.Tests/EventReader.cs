using System.Text.Json;

namespace Interlook.Api.Tests;

/// <summary>A client of GET /events that reads event by event.</summary>
internal sealed class EventReader(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    /// <summary>One event, or a comment.</summary>
    internal sealed record Event(long Id, string Name, JsonElement Data)
    {
        public string? Comment { get; init; }
    }

    public static async Task<EventReader> OpenAsync(HttpClient client, CancellationToken stopping)
    {
        var answer = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, stopping);
        answer.EnsureSuccessStatusCode();
        return new EventReader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(stopping)));
    }

    public HttpResponseMessage Answer => answer;

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<Event?> NextAsync(CancellationToken stopping)
    {
        var (id, name) = (0L, "");
        JsonElement content = default;
        while (await lines.ReadLineAsync(stopping) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = long.Parse(line.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                content = Parse(line[6..]);
            else if (line.StartsWith(':'))
                return new Event(0, "", default) { Comment = line };
            else if (line.Length == 0 && name.Length > 0)
                return new Event(id, name, content);
        }
        return null;
    }

    /// <summary>The next event of that name; others are passed over.</summary>
    public async Task<Event> NextAsync(string name, CancellationToken stopping)
    {
        while (await NextAsync(stopping) is { } next)
        {
            if (next.Name == name)
                return next;
        }
        throw new EndOfStreamException($"the stream ended before an event '{name}'");
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
