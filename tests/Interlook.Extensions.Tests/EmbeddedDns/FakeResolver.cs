using System.Net;
using System.Net.Sockets;
using Interlook.Fixtures;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>A resolver on loopback, over UDP and TCP, that answers as a test says.</summary>
internal sealed class FakeResolver : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Socket datagrams;
    private readonly TcpListener listener;
    private readonly Func<byte[], bool, IEnumerable<byte[]>> answer;
    private readonly Task serving;
    private int asked;

    /// <param name="answer">What it sends back: the query and whether it came over TCP give the packets.</param>
    internal FakeResolver(Func<byte[], bool, IEnumerable<byte[]>> answer)
    {
        this.answer = answer;
        datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(Endpoint);
        listener = new(Endpoint);
        listener.Start();
        serving = Task.WhenAll(ServeDatagramsAsync(), ServeStreamsAsync());
    }

    internal IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, TestMachine.FreePort());

    /// <summary>How many queries came.</summary>
    internal int Asked => Volatile.Read(ref asked);

    /// <summary>An answer with one A record.</summary>
    internal static byte[] Address(byte[] query, byte last, bool truncated = false)
    {
        var end = 12 + query.AsSpan(12).IndexOf((byte)0) + 5;
        byte[] packet = [.. query[..end], 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 198, 51, 100, last];
        packet[2] = (byte)(0x84 | (truncated ? 2 : 0) | (query[2] & 1));
        packet[3] = 0x80;
        packet[7] = (byte)1;
        packet[11] = 0;
        return packet;
    }

    /// <summary>An answer without records.</summary>
    internal static byte[] Code(byte[] query, int code)
    {
        var packet = Address(query, 0)[..^16];
        packet[3] = (byte)(0x80 | code);
        packet[7] = 0;
        return packet;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        datagrams.Dispose();
        listener.Dispose();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        try
        {
            var buffer = new byte[4096];
            while (true)
            {
                var received = await datagrams.ReceiveFromAsync(buffer, Endpoint, stopping.Token);
                Interlocked.Increment(ref asked);
                foreach (var packet in answer(buffer[..received.ReceivedBytes], false))
                    await datagrams.SendToAsync(packet, received.RemoteEndPoint, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeStreamsAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                var stream = client.GetStream();
                Interlocked.Increment(ref asked);
                foreach (var packet in answer((await DnsQuery.ReadAsync(stream, stopping.Token)).Packet, true))
                    await stream.WriteAsync(DnsQuery.Framed(packet), stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
