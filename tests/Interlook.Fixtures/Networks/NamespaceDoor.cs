using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Fixtures.Networks;

/// <summary>
/// A way from a namespace to a server of the tests' own machine: whoever connects within the namespace to 127.0.0.1 and the server's port
/// is connected to the server. So names and certificates are right on both sides. Shut, it is as if the server were not there; blocked, as
/// if the network lost everything: for this namespace alone.
/// </summary>
public sealed class NamespaceDoor : IAsyncDisposable
{
    private readonly NetworkNamespace inside;
    private readonly IPEndPoint server;
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly CancellationTokenSource life = new();
    private readonly TcpListener listener;
    private readonly Task accepting;
    private volatile bool isShut;
    private volatile TaskCompletionSource passage = Passed();

    private NamespaceDoor(NetworkNamespace inside, IPEndPoint server)
    {
        this.inside = inside;
        this.server = server;
        listener = Listen();
        accepting = AcceptAsync();
    }

    /// <summary>Opens a door.</summary>
    /// <param name="inside">Where it is used.</param>
    /// <param name="server">Where it leads to, on 127.0.0.1.</param>
    public static NamespaceDoor Open(NetworkNamespace inside, Uri server)
    {
        ArgumentNullException.ThrowIfNull(inside);
        ArgumentNullException.ThrowIfNull(server);
        return new(inside, new(IPAddress.Loopback, server.Port));
    }

    /// <summary>Ends all connections, and every new one at once.</summary>
    public void Shut()
    {
        isShut = true;
        foreach (var socket in open.Keys)
            socket.Close(0); // a reset, as of a server that is gone
    }

    /// <summary>Carries nothing more in either direction; connections stay, and new ones are taken and get no answer.</summary>
    public void Block() => passage = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends a <see cref="Shut"/> or a <see cref="Block"/>. What was sent meanwhile arrives now.</summary>
    public void Reopen()
    {
        isShut = false;
        passage.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Shut();
        await life.CancelAsync();
        listener.Stop();
        await accepting;
        life.Dispose();
    }

    private TcpListener Listen() => inside.Do(() =>
    {
        var made = new TcpListener(IPAddress.Loopback, server.Port);
        made.Start();
        return made;
    });

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await listener.AcceptSocketAsync(life.Token));
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // closed
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            try
            {
                open[near] = open[far] = true;
                near.NoDelay = far.NoDelay = true; // a wire holds nothing back until the last was acknowledged
                if (isShut)
                    return;
                await far.ConnectAsync(server, life.Token);
                await using var nearStream = new NetworkStream(near);
                await using var farStream = new NetworkStream(far);
                await Task.WhenAny(CopyAsync(nearStream, farStream), CopyAsync(farStream, nearStream));
            }
            catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                // One of the two is gone, and so is the other now.
            }
            finally
            {
                open.TryRemove(near, out _);
                open.TryRemove(far, out _);
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, life.Token) is > 0 and var length)
        {
            await passage.Task.WaitAsync(life.Token);
            await to.WriteAsync(buffer.AsMemory(0, length), life.Token);
        }
    }

    private static TaskCompletionSource Passed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
