using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// Talks with the other nodes when the store is silent, by datagrams: what is lost is asked again by whoever asks. One key for each start of
/// the process: an answer of an earlier start is no answer. What is not sealed with the right key is not even looked at.
/// </summary>
/// <param name="socket">Bound; of both families, or of IPv4 alone. Disposed with this.</param>
/// <param name="address">The address that the peers are told.</param>
/// <param name="time">The clock.</param>
internal sealed class PeerTalk(Socket socket, IPAddress address, TimeProvider time) : IDisposable
{
    // Longer than any datagram: what is cut off on the way in is an error with some kernels' calls and not with others.
    private const int LongestDatagram = 65536;

    private static readonly TimeSpan AfterFault = TimeSpan.FromMilliseconds(20);

    private readonly byte[] key = RandomNumberGenerator.GetBytes(PeerMessage.KeyLength);
    private readonly OpenQuestions questions = new();
    private readonly AnswerBudget budget = new(time);

    /// <summary>What the node's record says of it.</summary>
    internal NodeStatus Identity => new() { Address = address.ToString(), Port = ((IPEndPoint)socket.LocalEndPoint!).Port, Key = Convert.ToBase64String(key) };

    /// <summary>Opens a socket in the network namespace of the calling thread.</summary>
    /// <param name="port">Where to listen; 0 lets the kernel choose.</param>
    /// <exception cref="ExtensionException">The port is taken.</exception>
    internal static Socket Open(int port)
    {
        var socket = Socket.OSSupportsIPv6
            ? new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true }
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Blocking = false; // a full queue loses a question; the next follows soon
            socket.Bind(new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new ExtensionException(Reason.Invalid, $"UDP port {port}, by which nodes ask each other, cannot be had: {failure.Message}", innerException: failure);
        }
    }

    /// <summary>Asks a peer; what cannot be sent is as good as lost.</summary>
    /// <param name="peer">Its name.</param>
    /// <param name="status">What its record says of it.</param>
    /// <param name="askedAt">The moment of the question; it comes back with the answer.</param>
    internal void Ask(string peer, NodeStatus status, TimeSpan askedAt)
    {
        Span<byte> of = stackalloc byte[PeerMessage.KeyLength];
        if (!IPAddress.TryParse(status.Address, out var to)
            || status.Port is not (> 0 and <= IPEndPoint.MaxPort and var port)
            || status.Key is null
            || !Convert.TryFromBase64String(status.Key, of, out var length)
            || length != PeerMessage.KeyLength)
        {
            return;
        }
        var question = PeerMessage.Ask();
        questions.Add(question.Nonce, new OpenQuestion(peer, of.ToArray(), askedAt));
        Send(question.Write(of), new IPEndPoint(to, port));
    }

    /// <summary>Answers a peer.</summary>
    internal void Answer(PeerNews.Asked asked, bool hasContact) => Send(asked.Question.Answer(hasContact).Write(key), asked.From);

    /// <summary>
    /// What comes from peers, one after the other. While the reader is busy it waits in the kernel's buffer, and what does not fit is lost.
    /// </summary>
    internal async IAsyncEnumerable<PeerNews> HearAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var buffer = new byte[LongestDatagram];
        EndPoint anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            SocketReceiveFromResult received;
            try
            {
                received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody, stopping);
            }
            catch (SocketException)
            {
                // An error of what was sent before, an interface that went: the next datagram may come all the same.
                await Task.Delay(AfterFault, time, stopping);
                continue;
            }
            if (Understand(buffer.AsSpan(0, received.ReceivedBytes), received.RemoteEndPoint) is { } news)
                yield return news;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private PeerNews? Understand(ReadOnlySpan<byte> datagram, EndPoint from)
    {
        if (PeerMessage.Read(datagram) is not { } message)
            return null;
        if (message.Kind == PeerMessage.Kinds.Question)
            return PeerMessage.IsSealedWith(datagram, key) && budget.TrySpend() ? new PeerNews.Asked(message, from) : null;
        return questions.Find(message.Nonce) is { } question && PeerMessage.IsSealedWith(datagram, question.Key) && questions.Close(message.Nonce)
            ? new PeerNews.Answered(question.Peer, question.AskedAt, message.Kind == PeerMessage.Kinds.Contact)
            : null;
    }

    private void Send(byte[] datagram, EndPoint to)
    {
        if (to is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } plain && socket.AddressFamily == AddressFamily.InterNetworkV6)
            to = new IPEndPoint(plain.Address.MapToIPv6(), plain.Port);
        try
        {
            socket.SendTo(datagram, to);
        }
        catch (SocketException)
        {
            // No route, a full queue, a port that nobody has: as if it had been lost on the way.
        }
    }
}
