using System.Net;
using System.Net.Sockets;

namespace Interlook.Bench.Docker;

/// <summary>Stands between a program and a Docker daemon, hands everything on as it comes, and notes when the first list of containers was asked for.</summary>
internal sealed class ListRelay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<long> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string socket;

    /// <param name="socket">The path of the daemon's socket.</param>
    public ListRelay(string socket)
    {
        this.socket = socket;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the program finds the daemon.</summary>
    public string Endpoint => $"tcp://{listener.LocalEndpoint}";

    /// <summary>When the first list was asked for, in nanoseconds of <see cref="RawReader.Now"/>.</summary>
    public Task<long> Asked => asked.Task;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private async Task ServeAsync(TcpClient program)
    {
        using var daemon = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (program)
        {
            program.NoDelay = true;
            await daemon.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            await using var there = new NetworkStream(daemon);
            await using var here = program.GetStream();
            await Task.WhenAny(CopyAsync(here, there, Look), CopyAsync(there, here, _ => { }));
        }
    }

    private void Look(ReadOnlySpan<byte> request)
    {
        if (!asked.Task.IsCompleted && request.IndexOf("/containers/json"u8) >= 0)
            asked.TrySetResult(RawReader.Now);
    }

    private static async Task CopyAsync(Stream from, Stream to, SpanAction look)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var length)
            {
                look(buffer.AsSpan(0, length));
                await to.WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }

    private delegate void SpanAction(ReadOnlySpan<byte> bytes);
}
