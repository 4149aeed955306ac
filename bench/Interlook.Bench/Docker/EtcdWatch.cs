using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Interlook.Bench.Docker;

/// <summary>Somebody else who watches etcd: when each key was there for him, and when it was gone. Its thread does nothing else.</summary>
internal sealed class EtcdWatch : IDisposable
{
    private readonly RawHttp stream;
    private readonly ConcurrentDictionary<(string Service, bool IsGone), TaskCompletionSource<long>> seen = new();
    private volatile bool ended;

    /// <summary>Opens the watch of every key below <c>/skydns/</c>.</summary>
    public EtcdWatch(RawHttp stream)
    {
        this.stream = stream;
        var (first, afterLast) = (Encode("/skydns/"), Encode("/skydns0"));
        stream.Open("POST", "/v3/watch", $$$"""{"create_request":{"key":"{{{first}}}","range_end":"{{{afterLast}}}"}}""");
        new Thread(Read) { IsBackground = true, Name = "etcd watch" }.Start();
    }

    /// <summary>When the first key of a service was there, in nanoseconds of <see cref="RawReader.Now"/>.</summary>
    public Task<long> WrittenAsync(string service) => Of(service, false).Task;

    /// <summary>When it was gone.</summary>
    public Task<long> GoneAsync(string service) => Of(service, true).Task;

    public void Dispose()
    {
        ended = true;
        stream.Dispose();
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private TaskCompletionSource<long> Of(string service, bool isGone) =>
        seen.GetOrAdd((service, isGone), _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Read()
    {
        try
        {
            // A long line may come in pieces; only its end is a line break.
            var line = new ArrayBufferWriter<byte>();
            while (true)
            {
                line.Write(stream.NextLine());
                if (line.WrittenSpan is not [.., (byte)'\n'])
                    continue;
                Take(line.WrittenSpan, RawReader.Now);
                line.ResetWrittenCount();
            }
        }
        catch (Exception) when (ended)
        {
            // Disposing closes the socket under the read.
        }
    }

    // Written are "type" for deletes only; a put is what the interface leaves out.
    private void Take(ReadOnlySpan<byte> line, long now)
    {
        var json = new Utf8JsonReader(line);
        using var answer = JsonDocument.ParseValue(ref json);
        if (!answer.RootElement.GetProperty("result").TryGetProperty("events", out var events))
            return;
        foreach (var happened in events.EnumerateArray())
        {
            var key = Encoding.UTF8.GetString(happened.GetProperty("kv").GetProperty("key").GetBytesFromBase64());
            Of(key.Split('/')[^2], happened.TryGetProperty("type", out _)).TrySetResult(now);
        }
    }
}
