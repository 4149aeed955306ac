using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>
/// One client over TCP: messages behind two bytes of length each (RFC 1035 section 4.2.2), as many as it likes, answered as they are ready
/// (RFC 7766 section 6.2.1.1).
/// </summary>
internal sealed class StreamConnection : IDisposable
{
    /// <summary>The longest wait for a whole query, and for a client to take an answer (RFC 7766 section 6.2.3: seconds).</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int Prefix = 2;
    private const int LargestMessage = ushort.MaxValue;
    private const int FirstRoom = 1024;
    private const int Gathered = 16 << 10;
    private const int MostForwarded = 16;

    private readonly Socket socket;
    private readonly Responder responder;
    private readonly Forwarder? forwarder;
    private readonly QueryCounts.Lane counts;
    private readonly TimeProvider time;
    private readonly CancellationToken stopping;
    private readonly SemaphoreSlim writing = new(1);
    private readonly SemaphoreSlim forwarding = new(MostForwarded);
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstRoom);
    private int filled;

    /// <param name="socket">The client; belongs to the connection from now on.</param>
    /// <param name="responder">Answers.</param>
    /// <param name="forwarder">Asks resolvers, if there are any.</param>
    /// <param name="counts">Counts.</param>
    /// <param name="time">Times out a client that does nothing.</param>
    /// <param name="stopping">Ends the connection.</param>
    internal StreamConnection(
        Socket socket, Responder responder, Forwarder? forwarder, QueryCounts.Lane counts, TimeProvider time, CancellationToken stopping)
    {
        this.socket = socket;
        this.responder = responder;
        this.forwarder = forwarder;
        this.counts = counts;
        this.time = time;
        this.stopping = stopping;
        socket.NoDelay = true;
    }

    /// <summary>Answers until the client goes, is silent for too long, or sends what is no query.</summary>
    internal async Task RunAsync()
    {
        while (await ReceiveAsync() && await AnswerAsync())
        {
        }
        for (var i = 0; i < MostForwarded; i++) // what is still under way to resolvers
            await forwarding.WaitAsync(stopping);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    /// <summary>Waits for at least one whole message. A client that sends it byte by byte has no longer for it than another.</summary>
    /// <returns>False when the client has closed its side.</returns>
    private async Task<bool> ReceiveAsync()
    {
        if (HasMessage(0))
            return true;
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        while (!HasMessage(0))
        {
            MakeRoom();
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), either.Token);
            if (received == 0)
                return false;
            filled += received;
        }
        return true;
    }

    private bool HasMessage(int at) => filled - at >= Prefix && filled - at >= Prefix + LengthAt(at);

    private int LengthAt(int at) => BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(at));

    private void MakeRoom()
    {
        var needed = filled >= Prefix ? Prefix + LengthAt(0) : FirstRoom;
        if (filled < buffer.Length && needed <= buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, filled + FirstRoom));
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    /// <summary>Answers every whole message that is there; answers that are ready together leave together.</summary>
    /// <returns>False when one of them was no query.</returns>
    private async Task<bool> AnswerAsync()
    {
        var answers = ArrayPool<byte>.Shared.Rent(Gathered + Prefix + LargestMessage);
        try
        {
            var (at, ready, sound) = (0, 0, true);
            for (; sound && HasMessage(at); at += Prefix + LengthAt(at))
            {
                var request = buffer.AsMemory(at + Prefix, LengthAt(at));
                var length = responder.Answer(request.Span, answers.AsSpan(ready + Prefix, LargestMessage), isStream: true, out var code);
                if (length == Responder.Forward)
                    await RelayAsync(request.ToArray());
                sound = length != Responder.Drop;
                if (length <= 0)
                    continue;
                counts.Count(code);
                BinaryPrimitives.WriteUInt16BigEndian(answers.AsSpan(ready), (ushort)length);
                ready += Prefix + length;
                if (ready < Gathered)
                    continue;
                await SendAsync(answers.AsMemory(0, ready));
                ready = 0;
            }
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
            if (ready > 0)
                await SendAsync(answers.AsMemory(0, ready));
            return sound;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answers);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        await writing.WaitAsync(either.Token);
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes, either.Token)..];
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task RelayAsync(byte[] request)
    {
        await forwarding.WaitAsync(stopping);
        _ = ForwardAsync(request);
    }

    private async Task ForwardAsync(byte[] request)
    {
        try
        {
            var (answer, code) = await forwarder!.AskAsync(request, isStream: true);
            counts.Count(code);
            byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
            await SendAsync(framed);
        }
        catch (Exception ending) when (ending is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone; the loop that reads from it sees that too.
        }
        finally
        {
            forwarding.Release();
        }
    }
}
