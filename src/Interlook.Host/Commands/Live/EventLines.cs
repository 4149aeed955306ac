using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Interlook.Host.Commands.Live;

/// <summary>Reads server-sent events (HTML standard, section 9.2.6) from a stream.</summary>
internal static class EventLines
{
    /// <summary>The events, until the stream ends.</summary>
    /// <param name="stream">What the server sends.</param>
    /// <param name="silence">How long the stream may say nothing, not even a comment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends the reading.</param>
    /// <exception cref="IOException">The stream broke, or was silent for too long.</exception>
    /// <exception cref="JsonException">What came is not what Interlook sends.</exception>
    internal static async IAsyncEnumerable<LiveEvent> ReadAsync(
        Stream stream, TimeSpan silence, TimeProvider time, [EnumeratorCancellation] CancellationToken stopping)
    {
        using var lines = new StreamReader(stream, Encoding.UTF8);
        var name = "";
        var content = new StringBuilder();
        while (await LineAsync(lines, silence, time, stopping) is { } line)
        {
            if (line.Length == 0)
            {
                if (content.Length > 0)
                {
                    using var document = JsonDocument.Parse(content.ToString());
                    yield return new LiveEvent(name, document.RootElement);
                }
                (name, _) = ("", content.Clear());
            }
            else if (ValueOf(line, "event") is { } event_)
            {
                name = event_;
            }
            else if (ValueOf(line, "data") is { } text)
            {
                content.Append(text);
            }
        }
    }

    private static string? ValueOf(string line, string field) =>
        line.StartsWith(field, StringComparison.Ordinal) && line.Length > field.Length && line[field.Length] == ':'
            ? line.Substring(line.Length > field.Length + 1 && line[field.Length + 1] == ' ' ? field.Length + 2 : field.Length + 1)
            : null;

    private static async Task<string?> LineAsync(StreamReader lines, TimeSpan silence, TimeProvider time, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            return await lines.ReadLineAsync(either.Token);
        }
        catch (OperationCanceledException failure) when (!stopping.IsCancellationRequested)
        {
            throw new IOException($"nothing has come for {silence.TotalSeconds:0} s", failure);
        }
    }
}
