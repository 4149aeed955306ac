using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Interlook.Services;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>A little target on loopback: hands out its connections, or answers each by itself. Checks that come and go are not handed out.</summary>
internal sealed class TestTarget : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly Channel<Socket> connections = Channel.CreateUnbounded<Socket>();
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Socket, CancellationToken, Task>? answer;
    private readonly Task accepting;

    /// <param name="answer">What it does with each connection; null hands them to <see cref="AcceptAsync"/>.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="port">0 for any.</param>
    public TestTarget(Func<Socket, CancellationToken, Task>? answer = null, string address = "127.0.0.1", int port = 0)
    {
        this.answer = answer;
        var ip = IPAddress.Parse(address);
        listener = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(ip, port));
        listener.Listen(4096);
        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        accepting = RunAsync();
    }

    public IPEndPoint Endpoint { get; }

    public int Port => Endpoint.Port;

    /// <summary>Sends everything back.</summary>
    public static TestTarget Echo(int port = 0) => new(EchoAsync, port: port);

    /// <summary>Says its name to everyone, then echoes.</summary>
    public static TestTarget Named(char name) => new(async (socket, stopping) =>
    {
        await socket.SendAsync(new[] { (byte)name }, stopping);
        await EchoAsync(socket, stopping);
    });

    public Target Target(int weight = 1) => new(Endpoint.Address.ToString(), Port, weight);

    /// <summary>The next connection that is no check: one that sent something.</summary>
    public async Task<Socket> AcceptAsync(CancellationToken stopping)
    {
        while (true)
        {
            var socket = await connections.Reader.ReadAsync(stopping);
            try
            {
                if (await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, stopping) > 0)
                    return socket;
            }
            catch (SocketException)
            {
                // A check, which ends by a reset.
            }
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private static async Task EchoAsync(Socket socket, CancellationToken stopping)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, stopping) is > 0 and var read)
            await socket.SendAsync(buffer.AsMemory(0, read), stopping);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stop.Token);
                socket.NoDelay = true;
                if (answer is null)
                    connections.Writer.TryWrite(socket);
                else
                    _ = AnswerAsync(socket);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended, or closes it.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await answer!(socket, stop.Token);
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A check, or a client that went; the test may end.
            }
        }
    }
}
