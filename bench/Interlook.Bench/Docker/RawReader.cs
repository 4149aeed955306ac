using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;

namespace Interlook.Bench.Docker;

/// <summary>
/// The floor: a thread of its own that reads Docker's events and inspects each container that starts, with blocking calls; or that reads
/// their ends. Times are nanoseconds since the daemon made the event, by the one clock that both have.
/// </summary>
internal sealed class RawReader : IDisposable
{
    private readonly RawHttp events;
    private readonly RawHttp requests;
    private readonly bool isOfEnds;
    private readonly Action<string>? then;
    private readonly ConcurrentDictionary<string, (long Made, TaskCompletionSource<double> Took)> starts = new();
    private volatile bool ended;

    /// <summary>Opens the stream; events from here on are seen.</summary>
    /// <param name="socketPath">The daemon's socket.</param>
    /// <param name="then">What else the floor does for a container, given its name, before its time counts; null for nothing.</param>
    /// <param name="isOfEnds">True reads ends instead of starts, and inspects nothing.</param>
    public RawReader(string socketPath, Action<string>? then = null, bool isOfEnds = false)
    {
        this.then = then;
        this.isOfEnds = isOfEnds;
        var daemon = new UnixDomainSocketEndPoint(socketPath);
        requests = new RawHttp(daemon);
        requests.Ask("GET", "/version");
        events = new RawHttp(daemon);
        events.Open("GET", $"/events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22{(isOfEnds ? "die" : "start")}%22%5D%7D");
        new Thread(Read) { IsBackground = true, Name = "raw reader" }.Start();
    }

    /// <summary>Now, in nanoseconds since 1970: the daemon's <c>timeNano</c> is the same clock.</summary>
    public static long Now => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>How many events were seen.</summary>
    public int Count => starts.Count(start => start.Value.Took.Task.IsCompleted);

    /// <summary>Milliseconds from a container's event to the end of what the floor does for it.</summary>
    public Task<double> TookAsync(string name) => Of(name).Took.Task;

    /// <summary>When the daemon made a container's event; after <see cref="TookAsync"/>.</summary>
    public long Made(string name) => starts[name].Made;

    public void Dispose()
    {
        ended = true;
        events.Dispose();
        requests.Dispose();
    }

    private (long Made, TaskCompletionSource<double> Took) Of(string name) =>
        starts.GetOrAdd(name, _ => (0, new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously)));

    private void Read()
    {
        try
        {
            while (true)
                Take(events.NextLine());
        }
        catch (Exception) when (ended)
        {
            // Disposing closes the socket under the read.
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        using var happened = JsonDocument.ParseValue(ref json);
        var actor = happened.RootElement.GetProperty("Actor");
        var name = actor.GetProperty("Attributes").GetProperty("name").GetString()!;
        if (!isOfEnds)
            requests.Ask("GET", $"/containers/{actor.GetProperty("ID").GetString()}/json");
        then?.Invoke(name);
        var done = Now;
        var made = happened.RootElement.GetProperty("timeNano").GetInt64();
        var start = starts[name] = (made, Of(name).Took);
        start.Took.TrySetResult((done - made) / 1e6);
    }
}
