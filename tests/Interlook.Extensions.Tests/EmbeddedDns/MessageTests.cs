using System.Net.Sockets;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>Packets that are no ordinary queries, sent byte by byte.</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private const int FormErr = 1;
    private const int NotImp = 4;
    private const int Refused = 5;
    private const int NotAuth = 9;
    private const int BadVers = 16;

    private EmbeddedServer server = null!;

    /// <summary>What is wrong, and how it is answered; each is a change of a sound query.</summary>
    public static TheoryData<string, byte[], int> Wrong => new()
    {
        { "no question", Header(questions: 0), FormErr },
        { "two questions", [.. Header(questions: 2), .. Question, .. Question], FormErr },
        { "a question that is missing", Header(questions: 1), FormErr },
        { "a name cut short", [.. Header(), 4, 0x73], FormErr },
        { "no type", [.. Header(), .. DnsQuery.Name("shop.example.org"), 0, 1], FormErr },
        { "a pointer to itself", [.. Header(), 0xC0, 12, 0, 1, 0, 1], FormErr },
        { "a pointer into the header", [.. Header(), 1, 0x61, 0xC0, 0, 0, 1, 0, 1], FormErr },
        { "an unknown kind of label", [.. Header(), 0x41, 0x61, 0, 0, 1, 0, 1], FormErr },
        { "a name of 256 bytes", [.. Header(), .. Long(256), 0, 1, 0, 1], FormErr },
        { "an answer that is missing", [.. Header(answers: 1), .. Question], FormErr },
        { "an answer that points to itself", [.. Header(answers: 1), .. Question, 0xC0, 34, .. Record(1)], FormErr },
        { "an answer longer than the packet", [.. Header(answers: 1), .. Question, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 9], FormErr },
        { "bytes behind the end", [.. Header(), .. Question, 0], FormErr },
        { "OPT twice", [.. Header(additional: 2), .. Question, .. DnsQuery.Opt(1232), .. DnsQuery.Opt(1232)], FormErr },
        { "OPT as an answer", [.. Header(answers: 1), .. Question, .. DnsQuery.Opt(1232)], FormErr },
        { "OPT with a name", [.. Header(additional: 1), .. Question, 1, 0x61, .. DnsQuery.Opt(1232)], FormErr },
        { "an option cut short", [.. Header(additional: 1), .. Question, .. DnsQuery.Opt(1232, 0, false, 0, 3, 0, 9, 1)], FormErr },
        { "TSIG before another record", [.. Header(additional: 2), .. Question, 0, .. Record(250), 0, .. Record(1)], FormErr },
        { "a signed query", [.. Header(additional: 1), .. Question, 0, .. Record(250)], NotAuth },
        { "EDNS version 1", [.. Header(additional: 1), .. Question, .. DnsQuery.Opt(1232, version: 1)], BadVers },
        { "a transfer", DnsQuery.Of("example.org", "AXFR"), Refused },
        { "class CH", DnsQuery.Of("version.bind", "TXT", kind: 3), Refused },
        { "class CH of a name of ours", DnsQuery.Of("shop.example.org", "A", kind: 3), Refused },
        { "class NONE", DnsQuery.Of("shop.example.org", "A", kind: 254), FormErr },
        { "class ANY", DnsQuery.Of("shop.example.org", "A", kind: 255), Refused },
        { "an obsolete type", DnsQuery.Of("example.org", "MAILA"), NotImp },
        { "opcode IQUERY", [.. Header(flags: 1 << 11), .. Question], NotImp },
        { "opcode STATUS", [.. Header(flags: 2 << 11), .. Question], NotImp },
        { "opcode NOTIFY", [.. Header(flags: 4 << 11), .. Question], NotImp },
        { "opcode UPDATE", [.. Header(flags: 5 << 11), .. Question], NotImp },
        { "opcode 15 and nothing else", Header(flags: 15 << 11, questions: 0), NotImp },
    };

    private static byte[] Question => [.. DnsQuery.Name("shop.example.org"), 0, 1, 0, 1];

    public async ValueTask InitializeAsync()
    {
        server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_no_query_for_us_gets_its_code_and_nothing_else(string what, byte[] packet, int code)
    {
        var overUdp = await server.Endpoint.AskAsync(packet);
        var overTcp = (await server.Endpoint.AskStreamAsync(packet))[0];

        foreach (var answer in new[] { overUdp, overTcp })
        {
            Assert.Equal((what, code), (what, answer.Code));
            Assert.True(answer is { IsResponse: true, Id: 0x1234, IsAuthoritative: false });
            Assert.Equal((packet[2] >> 3) & 15, answer.Opcode);
            Assert.Empty(answer.Answers);
            Assert.Empty(answer.Authority);
            Assert.Empty(answer.Additional);
        }
    }

    [Fact]
    public async Task Neither_a_response_nor_less_than_a_header_is_answered()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server.Endpoint, TestContext.Current.CancellationToken);

        await socket.SendAsync(DnsQuery.Of("shop.example.org", "A", flags: 0x8000), TestContext.Current.CancellationToken);
        await socket.SendAsync(new byte[11], TestContext.Current.CancellationToken);
        await socket.SendAsync(Array.Empty<byte>(), TestContext.Current.CancellationToken);
        await socket.SendAsync(DnsQuery.Of("shop.example.org", "A", id: 7), TestContext.Current.CancellationToken);

        // What comes first, from the one socket that this client's packets reach, is the answer to the last.
        var buffer = new byte[512];
        var length = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal(7, DnsMessage.Read(buffer[..length]).Id);
    }

    [Fact]
    public async Task Flags_come_back_as_the_RFCs_say()
    {
        var all = await server.Endpoint.AskAsync(DnsQuery.Of("shop.example.org", "A", flags: 0x0770)); // AA TC RD Z AD CD, which a query should not all have
        var none = await server.Endpoint.AskAsync(DnsQuery.Of("shop.example.org", "A"));

        Assert.Equal([0x85, 0x10], all.Packet[2..4]); // QR AA RD, CD
        Assert.Equal([0x84, 0x00], none.Packet[2..4]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4096, true)]
    public async Task EDNS_is_answered_with_EDNS(int size, bool dnssecOk)
    {
        byte[] options = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 12, 0, 2, 0, 0]; // a cookie and padding

        var answer = await server.Endpoint.AskAsync(DnsQuery.Of("shop.example.org", "A", opt: DnsQuery.Opt(size, 0, dnssecOk, options)));
        var without = await server.Endpoint.AskAsync(DnsQuery.Of("shop.example.org", "A"));

        Assert.Equal((1232, 0, 0, dnssecOk), answer.Opt);
        Assert.Single(answer.Answers);
        Assert.Null(without.Opt);
    }

    [Fact]
    public async Task Other_records_in_a_query_change_nothing()
    {
        byte[] packet = [.. Header(answers: 1, additional: 2), .. Question, 0xC0, 12, .. Record(1), .. DnsQuery.Opt(1232), 0xC0, 17, .. Record(99)];

        var answer = await server.Endpoint.AskAsync(packet);

        Assert.Equal(["shop.example.org. 60 IN A 192.0.2.10"], answer.Answers);
    }

    [Fact]
    public async Task What_does_not_fit_is_truncated_and_comes_whole_over_TCP()
    {
        var names = Enumerable.Range(0, 60).Select(i => $"a-rather-long-name-so-that-it-takes-room-{i:00}.example.org").ToArray();
        await server.PublishAsync("many", "192.0.2.20", names);
        const string Reverse = "20.2.0.192.in-addr.arpa";

        foreach (var (query, room) in new[]
        {
            (DnsQuery.Of(Reverse, "PTR"), 512), (DnsQuery.Of(Reverse, "PTR", opt: DnsQuery.Opt(100)), 512), (DnsQuery.Of(Reverse, "PTR", opt: DnsQuery.Opt(65535)), 1232),
        })
        {
            var answer = await server.Endpoint.AskAsync(query);

            Assert.True(answer.IsTruncated);
            Assert.True(answer.Packet.Length <= room);
            Assert.Equal(0, answer.Code);
        }
        var whole = (await server.Endpoint.AskStreamAsync(DnsQuery.Of(Reverse, "PTR")))[0];
        Assert.False(whole.IsTruncated);
        Assert.Equal(60, whole.Answers.Count);
        Assert.Contains("-59.example.org.", await Fixtures.Dig.AskAsync(server.Endpoint, "-x", "192.0.2.20"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_middle_sized_answer_fits_the_size_that_was_asked_for_and_no_smaller_one()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"a-rather-long-name-so-that-it-takes-room-{i:00}.example.org").ToArray();
        await server.PublishAsync("some", "192.0.2.21", names);
        const string Reverse = "21.2.0.192.in-addr.arpa";
        var length = (await server.Endpoint.AskStreamAsync(DnsQuery.Of(Reverse, "PTR", opt: DnsQuery.Opt(512))))[0].Packet.Length;

        var fits = await server.Endpoint.AskAsync(DnsQuery.Of(Reverse, "PTR", opt: DnsQuery.Opt(length)));
        var tight = await server.Endpoint.AskAsync(DnsQuery.Of(Reverse, "PTR", opt: DnsQuery.Opt(length - 1)));

        Assert.InRange(length, 513, 1231);
        Assert.False(fits.IsTruncated);
        Assert.True(tight.IsTruncated);
    }

    [Fact]
    public async Task The_longest_name_and_label_are_answered()
    {
        var label = new string('a', 63);
        var longest = string.Join('.', label, label, label, new string('b', 49), "example.org"); // 253 characters, 255 bytes
        await server.PublishAsync("long", "192.0.2.30", longest);

        var found = await server.Endpoint.AskAsync(longest, "A");
        var none = await server.Endpoint.AskAsync(DnsQuery.Of('x' + longest[1..], "A", opt: DnsQuery.Opt(1232)));
        var service = await server.Endpoint.AskAsync(longest, "SRV");

        Assert.Equal(255, DnsQuery.Name(longest).Length);
        Assert.Single(found.Answers);
        Assert.Equal(3, none.Code);
        Assert.Single(none.Authority);
        Assert.Empty(service.Answers);
    }

    [Fact]
    public async Task Labels_of_any_bytes_are_read_and_come_back_as_they_were()
    {
        var name = "\u0001\u00ff \\.x\u0000y.example.org";

        var answer = await server.Endpoint.AskAsync(name, "A");

        Assert.Equal(3, answer.Code);
        Assert.Equal(name + ".", answer.Question!.Value.Name);
    }

    private static byte[] Header(int flags = 0, int questions = 1, int answers = 0, int additional = 0) =>
        [0x12, 0x34, (byte)(flags >> 8), (byte)flags, 0, (byte)questions, 0, (byte)answers, 0, 0, 0, (byte)additional];

    /// <summary>The part of a record behind its name, without content.</summary>
    private static byte[] Record(byte type) => [0, type, 0, 1, 0, 0, 0, 0, 0, 0];

    private static byte[] Long(int length)
    {
        var name = new List<byte>();
        while (name.Count < length - 1)
        {
            var label = Math.Min(63, length - 2 - name.Count);
            name.Add((byte)label);
            name.AddRange(Enumerable.Repeat((byte)'a', label));
        }
        name.Add(0);
        return [.. name];
    }
}
