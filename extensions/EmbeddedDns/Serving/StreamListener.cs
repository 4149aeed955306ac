using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>Serves one TCP socket (RFC 7766).</summary>
/// <param name="socket">Listening; belongs to the listener from now on.</param>
/// <param name="responder">Answers.</param>
/// <param name="forwarder">Asks resolvers, if there are any.</param>
/// <param name="counts">Counts.</param>
/// <param name="time">Times out connections that do nothing.</param>
internal sealed class StreamListener(Socket socket, Responder responder, Forwarder? forwarder, QueryCounts.Lane counts, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The most connections at once; a further one is closed at once.</summary>
    internal const int MostConnections = 512;

    /// <summary>A pause when the system has no descriptor left for a connection.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stopping = new();
    private Task accepting = Task.CompletedTask;
    private int open;

    /// <summary>How many connections are open.</summary>
    internal int Open => Volatile.Read(ref open);

    /// <summary>Ends when it accepts no more.</summary>
    internal Task Ended => accepting;

    /// <summary>Begins to accept.</summary>
    internal void Start() => accepting = AcceptAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        socket.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing); // what ended it was said before
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        try
        {
            while (!stopping.IsCancellationRequested)
                await AcceptOneAsync();
        }
        catch (Exception fault) when (stopping.IsCancellationRequested && fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task AcceptOneAsync()
    {
        Socket client;
        try
        {
            client = await socket.AcceptAsync(stopping.Token);
        }
        catch (SocketException) when (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Breath, time, stopping.Token);
            return;
        }
        if (Interlocked.Increment(ref open) > MostConnections)
        {
            client.Dispose();
            Interlocked.Decrement(ref open);
            return;
        }
        _ = ServeAsync(client);
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var connection = new StreamConnection(client, responder, forwarder, counts, time, stopping.Token);
            await connection.RunAsync();
        }
        catch (Exception ending) when (ending is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went, did nothing for too long, or we stop: the connection's end in each case.
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }
}
