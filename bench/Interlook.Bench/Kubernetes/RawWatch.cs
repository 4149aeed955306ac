using System.Collections.Concurrent;
using System.Text;
using Interlook.Bench.Docker;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// A bare reader of a watch of Services, on a thread of its own with blocking reads: the floor of whoever follows them, and somebody else's eyes
/// on their statuses. It takes from a line what it needs without reading it as JSON.
/// </summary>
internal sealed class RawWatch : IDisposable
{
    private readonly RawHttp stream;
    private readonly Action<string>? onAdded;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> added = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> written = new();
    private byte[] rest = new byte[64 * 1024]; // a line may come in several chunks, and a chunk hold several lines
    private int length;
    private int count;
    private long last;
    private volatile bool ended;

    /// <summary>Opens the watch.</summary>
    /// <param name="stream">Its connection.</param>
    /// <param name="version">From where on.</param>
    /// <param name="onAdded">What else the floor does for a Service that came, on this thread; null for nothing.</param>
    public RawWatch(RawHttp stream, string version, Action<string>? onAdded = null)
    {
        this.stream = stream;
        this.onAdded = onAdded;
        stream.Open("GET", $"/api/v1/services?watch=true&resourceVersion={version}&timeoutSeconds=600");
        new Thread(Read) { IsBackground = true, Name = "raw watch" }.Start();
    }

    /// <summary>How many Services were seen with an address.</summary>
    public int Written => Volatile.Read(ref count);

    /// <summary>When the newest of them was first seen so, by <see cref="RawReader.Now"/>.</summary>
    public long LastWritten => Volatile.Read(ref last);

    /// <summary>When a Service came, by <see cref="RawReader.Now"/>.</summary>
    public Task<long> AddedAsync(string name) => Of(added, name).Task;

    /// <summary>When it was first seen with an address.</summary>
    public Task<long> WrittenAsync(string name) => Of(written, name).Task;

    /// <summary>Waits until so many were seen with an address.</summary>
    public async Task UntilWrittenAsync(int services, CancellationToken stopping)
    {
        while (Written < services)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, stopping);
    }

    public void Dispose()
    {
        ended = true;
        stream.Dispose();
    }

    private static TaskCompletionSource<long> Of(ConcurrentDictionary<string, TaskCompletionSource<long>> moments, string name) =>
        moments.GetOrAdd(name, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Read()
    {
        try
        {
            while (true)
                Take(stream.NextLine());
        }
        catch (Exception) when (ended)
        {
            // Disposing closes the socket under the read.
        }
    }

    private void Take(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty)
            throw new EndOfStreamException("the watch ended before the benchmark");
        for (int at; (at = chunk.IndexOf((byte)'\n')) >= 0; chunk = chunk[(at + 1)..])
        {
            if (length == 0)
            {
                TakeLine(chunk[..at]);
                continue;
            }
            Keep(chunk[..at]);
            TakeLine(rest.AsSpan(0, length));
            length = 0;
        }
        Keep(chunk);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (length + part.Length > rest.Length)
            Array.Resize(ref rest, 2 * (length + part.Length));
        part.CopyTo(rest.AsSpan(length));
        length += part.Length;
    }

    // The server writes the name first among the metadata; "f:ingress" is how it says who manages an address, and no address.
    private void TakeLine(ReadOnlySpan<byte> line)
    {
        var now = RawReader.Now;
        var begin = line.IndexOf("\"metadata\":{\"name\":\""u8);
        if (begin < 0)
            return;
        var text = line[(begin + 20)..];
        var name = Encoding.ASCII.GetString(text[..text.IndexOf((byte)'"')]);
        if (line.StartsWith("{\"type\":\"ADDED\""u8))
        {
            Of(added, name).TrySetResult(now);
            onAdded?.Invoke(name);
        }
        if (line.IndexOf("\"ingress\":["u8) >= 0 && Of(written, name).TrySetResult(now))
        {
            Volatile.Write(ref last, now);
            Interlocked.Increment(ref count);
        }
    }
}
