using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Serving;
using Interlook.Fixtures;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>TCP: framing, many questions at once, clients that are slow, silent or too many.</summary>
public sealed class StreamTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>Waits for the end of a connection; with bytes that nobody has read it comes as a reset.</summary>
    private static async Task EndAsync(TcpClient client)
    {
        try
        {
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Stopping));
        }
        catch (IOException)
        {
            // Reset.
        }
    }

    [Fact]
    public async Task Many_questions_on_one_connection_are_all_answered()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        var answers = await server.Endpoint.AskStreamAsync(
            [.. Enumerable.Range(0, 3000).Select(i => DnsQuery.Of(i % 2 == 0 ? "shop.example.org" : "none.example.org", "A", id: i))]);

        Assert.Equal(Enumerable.Range(0, 3000), answers.Select(answer => answer.Id).Order());
        Assert.All(answers, answer => Assert.Equal(answer.Id % 2 == 0 ? 0 : 3, answer.Code));
    }

    [Fact]
    public async Task A_question_may_come_byte_by_byte_and_the_next_with_its_end()
    {
        await using var server = await EmbeddedServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Endpoint, Stopping);
        client.NoDelay = true;
        var stream = client.GetStream();
        var first = DnsQuery.Framed(DnsQuery.Of("one.example.org", "A", id: 1));

        foreach (var part in first[..^1])
            await stream.WriteAsync(new[] { part }, Stopping);
        await stream.WriteAsync((byte[])[first[^1], .. DnsQuery.Framed(DnsQuery.Of("two.example.org", "A", id: 2))], Stopping);

        Assert.Equal(1, (await DnsQuery.ReadAsync(stream, Stopping)).Id);
        Assert.Equal(2, (await DnsQuery.ReadAsync(stream, Stopping)).Id);
    }

    [Fact]
    public async Task A_client_may_close_its_side_and_still_gets_its_answer()
    {
        await using var server = await EmbeddedServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Endpoint, Stopping);
        var stream = client.GetStream();

        await stream.WriteAsync(DnsQuery.Framed(DnsQuery.Of("one.example.org", "A")), Stopping);
        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(3, (await DnsQuery.ReadAsync(stream, Stopping)).Code);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Stopping));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 3, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 12, 1, 2, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task What_cannot_be_answered_ends_the_connection(byte[] bytes)
    {
        await using var server = await EmbeddedServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Endpoint, Stopping);

        await client.GetStream().WriteAsync(bytes, Stopping);

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Stopping));
    }

    [Fact]
    public async Task A_message_of_the_largest_size_is_read_whole()
    {
        await using var server = await EmbeddedServer.StartAsync();
        var question = DnsQuery.Of("none.example.org", "A", opt: DnsQuery.Opt(1232));
        var padding = ushort.MaxValue - question.Length - 4;
        byte[] options = [0, 12, (byte)(padding >> 8), (byte)padding, .. new byte[padding]];

        var answer = await server.Endpoint.AskStreamAsync(DnsQuery.Of("none.example.org", "A", opt: DnsQuery.Opt(1232, 0, false, options)));

        Assert.Equal(3, answer[0].Code);
    }

    [Fact]
    public async Task A_client_without_a_whole_question_is_let_go_after_a_while()
    {
        var clock = new ManualTimeProvider();
        await using var server = await EmbeddedServer.StartAsync(time: clock);
        using var silent = new TcpClient();
        await silent.ConnectAsync(server.Endpoint, Stopping);
        using var halfway = new TcpClient();
        await halfway.ConnectAsync(server.Endpoint, Stopping);
        await halfway.GetStream().WriteAsync(new byte[] { 0, 30, 1 }, Stopping);

        // The server starts to wait when it has taken the connection, which it says to nobody.
        var ends = Task.WhenAll(EndAsync(silent), EndAsync(halfway));
        await Eventually.TrueAsync("both connections end", () =>
        {
            clock.Advance(StreamConnection.Patience);
            return ends.IsCompleted;
        });

        await ends;
    }

    [Fact]
    public async Task A_client_that_takes_no_answers_is_let_go_and_holds_up_nobody()
    {
        var clock = new ManualTimeProvider();
        await using var server = await EmbeddedServer.StartAsync(time: clock);
        await server.PublishAsync("many", "192.0.2.20", [.. Enumerable.Range(0, 60).Select(i => $"a-name-that-takes-room-{i:00}.example.org")]);
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(server.Endpoint, Stopping);
        var question = DnsQuery.Framed(DnsQuery.Of("20.2.0.192.in-addr.arpa", "PTR"));
        var questions = Enumerable.Repeat(question, 1000).SelectMany(bytes => bytes).ToArray();

        var failing = Task.Run(
            async () =>
            {
                while (true)
                    await client.GetStream().WriteAsync(questions, Stopping);
            },
            Stopping);
        await Eventually.TrueAsync("the connection ends", () =>
        {
            clock.Advance(StreamConnection.Patience / 4);
            return failing.IsCompleted;
        });

        await Assert.ThrowsAsync<IOException>(() => failing);
        Assert.Equal(3, (await server.Endpoint.AskStreamAsync(DnsQuery.Of("none.example.org", "A")))[0].Code);
    }

    [Fact]
    public async Task Connections_beyond_the_most_are_closed_and_those_before_go_on()
    {
        await using var server = await EmbeddedServer.StartAsync();
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < StreamListener.MostConnections; i++)
            {
                clients.Add(new TcpClient());
                await clients[i].ConnectAsync(server.Endpoint, Stopping);
                await clients[i].GetStream().WriteAsync(DnsQuery.Framed(DnsQuery.Of("none.example.org", "A", id: i)), Stopping);
                Assert.Equal(i, (await DnsQuery.ReadAsync(clients[i].GetStream(), Stopping)).Id);
            }
            using var further = new TcpClient();
            await further.ConnectAsync(server.Endpoint, Stopping);

            Assert.Equal(0, await further.GetStream().ReadAsync(new byte[1], Stopping));
            await clients[0].GetStream().WriteAsync(DnsQuery.Framed(DnsQuery.Of("none.example.org", "A", id: 9)), Stopping);
            Assert.Equal(9, (await DnsQuery.ReadAsync(clients[0].GetStream(), Stopping)).Id);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
        await Eventually.TrueAsync("there is room again", async () => (await server.Endpoint.AskStreamAsync(DnsQuery.Of("none.example.org", "A"))).Count == 1);
    }
}
