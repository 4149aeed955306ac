using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>Builds queries byte by byte, sound ones and others, and asks them.</summary>
internal static class DnsQuery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal static readonly IReadOnlyDictionary<string, int> Types = new (string Name, int Number)[]
    {
        ("A", 1), ("NS", 2), ("CNAME", 5), ("SOA", 6), ("PTR", 12), ("HINFO", 13), ("MX", 15), ("TXT", 16), ("AAAA", 28), ("SRV", 33),
        ("DS", 43), ("RRSIG", 46), ("DNSKEY", 48), ("TYPE65", 65), ("IXFR", 251), ("AXFR", 252), ("MAILB", 253), ("MAILA", 254),
        ("ANY", 255),
    }.ToDictionary(type => type.Name, type => type.Number);

    /// <summary>A query of one question.</summary>
    internal static byte[] Of(string name, string type, int flags = 0, int id = 0x1234, int kind = 1, byte[]? opt = null) =>
    [
        (byte)(id >> 8), (byte)id, (byte)(flags >> 8), (byte)flags, 0, 1, 0, 0, 0, 0, 0, (byte)(opt is null ? 0 : 1),
        .. Name(name), 0, (byte)Types[type], (byte)(kind >> 8), (byte)kind, .. opt ?? [],
    ];

    /// <summary>An OPT record (RFC 6891 section 6.1.2).</summary>
    internal static byte[] Opt(int size, int version = 0, bool dnssecOk = false, params byte[] options) =>
    [
        0, 0, 41, (byte)(size >> 8), (byte)size, 0, (byte)version, (byte)(dnssecOk ? 0x80 : 0), 0,
        (byte)(options.Length >> 8), (byte)options.Length, .. options,
    ];

    internal static byte[] Name(string name) =>
    [
        .. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => Encoding.Latin1.GetBytes(label).Prepend((byte)label.Length)),
        0,
    ];

    /// <summary>Asks over UDP.</summary>
    internal static async Task<DnsMessage> AskAsync(this IPEndPoint server, byte[] query)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, late.Token);
        await socket.SendAsync(query, late.Token);
        var buffer = new byte[65535];
        var length = await socket.ReceiveAsync(buffer, late.Token);
        return DnsMessage.Read(buffer[..length]);
    }

    /// <summary>Asks over UDP.</summary>
    internal static Task<DnsMessage> AskAsync(this IPEndPoint server, string name, string type) => server.AskAsync(Of(name, type));

    /// <summary>Asks over TCP, all queries at once on one connection; answers in the order they come.</summary>
    internal static async Task<IReadOnlyList<DnsMessage>> AskStreamAsync(this IPEndPoint server, params byte[][] queries)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, late.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(queries.SelectMany(Framed).ToArray(), late.Token);
        var answers = new List<DnsMessage>();
        while (answers.Count < queries.Length)
            answers.Add(await ReadAsync(stream, late.Token));
        return answers;
    }

    internal static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    internal static async Task<DnsMessage> ReadAsync(Stream stream, CancellationToken stopping)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, stopping);
        var message = new byte[(length[0] << 8) | length[1]];
        await stream.ReadExactlyAsync(message, stopping);
        return DnsMessage.Read(message);
    }
}
