using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>One open event stream: JSON, an event a line. Read by one reader; owns its connection.</summary>
internal sealed class DockerEventStream(
    DockerEndpoint endpoint, HttpMessageInvoker connection, HttpResponseMessage answer, Stream body) : IAsyncDisposable
{
    private const int LongestLine = 4 * 1024 * 1024;
    private const byte RecordSeparator = 0x1E; // application/json-seq (RFC 7464) puts it before each text

    private readonly PipeReader reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));

    /// <summary>Hands every event to <paramref name="take"/>, which must not wait: the daemon drops events of a slow reader without a word.</summary>
    /// <returns>When the daemon, or something in between, ended the stream; a line cut short is dropped.</returns>
    /// <exception cref="ExtensionException">A whole line is not an event.</exception>
    internal async Task ReadAsync(Action<DockerEvent> take, CancellationToken stopping)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(stopping);
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException)
            {
                return;
            }
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, out var line))
            {
                if (Parse(line) is { } happened)
                    take(happened);
            }
            if (rest.Length > LongestLine)
                throw Malformed("a line has no end", null);
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await reader.CompleteAsync();
        answer.Dispose();
        connection.Dispose();
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private DockerEvent? Parse(ReadOnlySequence<byte> line)
    {
        if (!line.IsEmpty && line.FirstSpan[0] == RecordSeparator)
            line = line.Slice(1);
        if (line.IsEmpty || (line.Length == 1 && line.FirstSpan[0] == '\r'))
            return null;
        try
        {
            var json = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize(ref json, DockerJson.Default.DockerEvent);
        }
        catch (JsonException failure)
        {
            throw Malformed(failure.Message, failure);
        }
    }

    private ExtensionException Malformed(string problem, Exception? failure) =>
        new(Reason.Malformed, $"the event stream of Docker {endpoint.Text} cannot be read: {problem}; look at the daemon, or at what stands between", innerException: failure);
}
