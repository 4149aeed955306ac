using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>Takes and answers datagrams one by one, with what the framework has everywhere.</summary>
/// <param name="socket">Bound; belongs to the loop from now on.</param>
/// <param name="responder">Answers.</param>
/// <param name="forwarder">Asks resolvers, if there are any.</param>
/// <param name="counts">Counts.</param>
internal sealed class PortableDatagramLoop(Socket socket, Responder responder, Forwarder? forwarder, QueryCounts.Lane counts) : IDatagramLoop
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    /// <inheritdoc/>
    public Task Ended => ended.Task;

    /// <inheritdoc/>
    public void Start() => new Thread(Run, 256 << 10) { IsBackground = true, Name = "dns.embedded" }.Start();

    /// <inheritdoc/>
    public void Stop()
    {
        stopping = true;
        socket.Dispose();
    }

    private void Run()
    {
        try
        {
            var (request, response) = (new byte[4096], new byte[Responder.LargestUdp]);
            var from = new SocketAddress(socket.AddressFamily);
            while (!stopping)
                ServeOne(request, response, from);
            ended.SetResult();
        }
        catch (Exception) when (stopping)
        {
            ended.SetResult();
        }
        catch (Exception fault)
        {
            socket.Dispose();
            ended.SetException(fault);
        }
    }

    private void ServeOne(byte[] request, byte[] response, SocketAddress from)
    {
        try
        {
            var received = socket.ReceiveFrom(request, SocketFlags.None, from);
            var length = responder.Answer(request.AsSpan(0, received), response, isStream: false, out var code);
            if (length == Responder.Forward)
                _ = RelayAsync(request[..received], Copy(from));
            if (length <= 0)
                return;
            counts.Count(code);
            socket.SendTo(response.AsSpan(0, length), SocketFlags.None, from);
        }
        catch (SocketException fault) when (!stopping && fault.SocketErrorCode is not (SocketError.OperationAborted or SocketError.NotSocket))
        {
            // Of one packet: too long, or its sender is gone. The next one may be fine.
        }
    }

    private async Task RelayAsync(byte[] request, SocketAddress to)
    {
        var (answer, code) = await forwarder!.AskAsync(request, isStream: false);
        counts.Count(code);
        try
        {
            socket.SendTo(answer, SocketFlags.None, to);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Who asked is gone, or we are.
        }
    }

    private static SocketAddress Copy(SocketAddress from)
    {
        var copy = new SocketAddress(from.Family, from.Size);
        from.Buffer.Span[..from.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
