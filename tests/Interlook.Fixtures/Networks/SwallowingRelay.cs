using System.Net;
using System.Net.Sockets;

namespace Interlook.Fixtures.Networks;

/// <summary>
/// Passes TCP connections on to a server, until it is told to swallow: then those that are open stay open, and nothing passes any more, as behind a
/// firewall that forgot them. New ones pass.
/// </summary>
public sealed class SwallowingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource life = new();
    private readonly List<Task> passing = [];
    private readonly IPEndPoint server;
    private readonly Task accepting;
    private CancellationTokenSource swallow = new();
    private int connections;

    public SwallowingRelay(IPEndPoint server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)listener.LocalEndpoint;

    /// <summary>How many connections were made.</summary>
    public int Connections => connections;

    /// <summary>Swallows what is sent on the connections that are open now.</summary>
    public async Task SwallowAsync()
    {
        using var former = swallow;
        swallow = new();
        await former.CancelAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(passing);
        swallow.Dispose();
        life.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(life.Token);
                connections++;
                passing.Add(PassAsync(client, swallow.Token));
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // over
        }
    }

    private async Task PassAsync(TcpClient client, CancellationToken swallowed)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(server, life.Token);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(swallowed, life.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), end.Token), far.GetStream().CopyToAsync(near.GetStream(), end.Token));
            if (!swallowed.IsCancellationRequested)
                return; // one side ended it
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, life.Token);
        }
        catch (Exception over) when (over is IOException or SocketException or OperationCanceledException)
        {
            // one side ended it, or the test
        }
    }
}
