using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>
/// Relays queries for names that are not ours to resolvers: over UDP from a port of its own each, over TCP when the answer is truncated; the next
/// resolver when one is silent or fails. Keeps nothing. Safe for concurrent use.
/// </summary>
/// <param name="resolvers">Whom to ask, in this order; the one that answered last goes first.</param>
/// <param name="responder">Builds the answers that no resolver gives.</param>
/// <param name="time">Times the attempts.</param>
internal sealed class Forwarder(IReadOnlyList<IPEndPoint> resolvers, Responder responder, TimeProvider time) : IDisposable
{
    /// <summary>The most queries under way; a further one is answered SERVFAIL at once.</summary>
    internal const int MostOutstanding = 1000;

    /// <summary>How often all resolvers are tried: a lost datagram is asked for once more.</summary>
    private const int Rounds = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.2);

    private readonly CancellationTokenSource stopping = new();
    private int outstanding;
    private int preferred;

    /// <summary>Asks the resolvers.</summary>
    /// <param name="request">The client's query, which was read without fault.</param>
    /// <param name="isStream">True when the client came over TCP and takes an answer of any length.</param>
    /// <returns>An answer in every case: the resolver's, a truncated one, or SERVFAIL. Never fails.</returns>
    internal async Task<(byte[] Answer, ResponseCode Code)> AskAsync(byte[] request, bool isStream)
    {
        try
        {
            if (Interlocked.Increment(ref outstanding) > MostOutstanding)
                return Fail(request);
            return await AskEachAsync(request, isStream);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Fail(request);
        }
        finally
        {
            Interlocked.Decrement(ref outstanding);
        }
    }

    /// <summary>Gives up what is under way, and from now on what comes.</summary>
    public void Dispose() => stopping.Cancel(); // not disposed: a query on its way here may still look at it

    private async Task<(byte[] Answer, ResponseCode Code)> AskEachAsync(byte[] request, bool isStream)
    {
        var question = ForwardedQuestion.Of(request);
        byte[]? unhelpful = null;
        var first = Volatile.Read(ref preferred);
        for (var attempt = 0; attempt < Rounds * resolvers.Count; attempt++)
        {
            var which = (first + attempt) % resolvers.Count;
            if (await TryAsync(resolvers[which], question) is not { } answer)
                continue;
            if ((ResponseCode)(answer[3] & 15) is ResponseCode.ServFail or ResponseCode.Refused or ResponseCode.NotImp)
            {
                unhelpful = answer;
                if (attempt >= resolvers.Count - 1)
                    break;
                continue;
            }
            Volatile.Write(ref preferred, which);
            return Return(question, answer, isStream);
        }
        return unhelpful is null ? Fail(request) : Return(question, unhelpful, isStream);
    }

    /// <summary>Asks one resolver once; null when it does not answer, or not what was asked.</summary>
    private async Task<byte[]?> TryAsync(IPEndPoint resolver, ForwardedQuestion question)
    {
        // Whoever guesses port and ID may answer in the resolver's place (RFC 5452): the kernel chooses the one, a strong generator the other.
        var id = (ushort)RandomNumberGenerator.GetInt32(1 << 16);
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping.Token);
        try
        {
            var answer = await AskOverUdpAsync(resolver, question, id, either.Token);
            return (answer[2] & 0x02) == 0 ? answer : await AskOverTcpAsync(resolver, question, id, either.Token);
        }
        catch (SocketException)
        {
            return null; // refused, unreachable: the next one
        }
        catch (EndOfStreamException)
        {
            return null;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<byte[]> AskOverUdpAsync(IPEndPoint resolver, ForwardedQuestion question, ushort id, CancellationToken stopping)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(resolver, stopping); // from now on the kernel drops what others send
        await socket.SendAsync(question.Packet(id), stopping);
        var buffer = new byte[4096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, stopping);
            if (question.IsAnsweredBy(buffer.AsSpan(0, length), id))
                return buffer[..length];
        }
    }

    private static async Task<byte[]> AskOverTcpAsync(IPEndPoint resolver, ForwardedQuestion question, ushort id, CancellationToken stopping)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(resolver, stopping);
        await using var stream = new NetworkStream(socket);
        var packet = question.Packet(id);
        byte[] framed = [(byte)(packet.Length >> 8), (byte)packet.Length, .. packet];
        await stream.WriteAsync(framed, stopping);
        while (true)
        {
            var prefix = new byte[2];
            await stream.ReadExactlyAsync(prefix, stopping);
            var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
            await stream.ReadExactlyAsync(answer, stopping);
            if (question.IsAnsweredBy(answer, id))
                return answer;
        }
    }

    private (byte[] Answer, ResponseCode Code) Return(ForwardedQuestion question, byte[] answer, bool isStream)
    {
        question.Restore(answer);
        var code = (ResponseCode)(answer[3] & 15);
        if (isStream || answer.Length <= question.Limit)
            return (answer, code);
        var shortened = new byte[Responder.LargestUdp];
        return (shortened[..responder.Truncate(question.Request, shortened)], code);
    }

    private (byte[] Answer, ResponseCode Code) Fail(byte[] request)
    {
        var answer = new byte[Query.HeaderLength + DnsName.MaxLength + 4 + 11];
        return (answer[..responder.Fail(request, answer)], ResponseCode.ServFail);
    }
}
