using Interlook.Extensions.EmbeddedDns.Serving;
using Interlook.Fixtures;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>Names that are not ours, with resolvers to ask.</summary>
public sealed class ForwardTests
{
    private const int ServFail = 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Other_names_are_asked_of_the_resolver_and_own_ones_are_not(bool overTcp)
    {
        await using var resolver = new FakeResolver((query, _) => [FakeResolver.Address(query, 1)]);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [resolver.Endpoint]);
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        var other = await AskAsync(server, DnsQuery.Of("WWW.example.net", "A", flags: 0x0100, id: 77), overTcp);
        var own = await AskAsync(server, DnsQuery.Of("shop.example.org", "A", flags: 0x0100), overTcp);
        var none = await AskAsync(server, DnsQuery.Of("none.example.org", "A", flags: 0x0100), overTcp);

        Assert.Equal(["WWW.example.net. 9 IN A 198.51.100.1"], other.Answers);
        Assert.True(other is { Id: 77, IsAuthoritative: false, RecursionDesired: true, RecursionAvailable: true });
        Assert.True(own is { IsAuthoritative: true, RecursionDesired: true, RecursionAvailable: true });
        Assert.Equal(3, none.Code);
        Assert.Equal(1, resolver.Asked);
    }

    [Fact]
    public async Task A_real_resolver_s_answers_come_through()
    {
        await using var bind = await BindServer.StartAsync(new Dictionary<string, string>
        {
            ["example.net"] = "$TTL 60\n@ SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\nwww AAAA 2001:db8::1\n"
                + string.Concat(Enumerable.Range(1, 90).Select(i => $"many A 198.51.100.{i}\n")),
        });
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [bind.Endpoint]);

        Assert.Equal(["2001:db8::1"], await Dig.ShortAsync(server.Endpoint, "www.example.net", "AAAA"));
        Assert.Contains("NXDOMAIN", await Dig.AskAsync(server.Endpoint, "none.example.net"), StringComparison.Ordinal);
        Assert.Equal(90, (await Dig.ShortAsync(server.Endpoint, "many.example.net", "A")).Count);
        var truncated = await server.Endpoint.AskAsync(DnsQuery.Of("many.example.net", "A", opt: DnsQuery.Opt(4096)));
        Assert.True(truncated is { IsTruncated: true, Opt: not null } && truncated.Packet.Length <= 1232);
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_over_TCP()
    {
        await using var resolver = new FakeResolver((query, overTcp) => [FakeResolver.Address(query, 2, truncated: !overTcp)]);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [resolver.Endpoint]);

        var answer = await server.AskAsync("www.example.net", "A");

        Assert.False(answer.IsTruncated);
        Assert.Equal(2, resolver.Asked);
    }

    [Fact]
    public async Task An_answer_to_another_question_or_under_another_ID_is_passed_over()
    {
        await using var resolver = new FakeResolver((query, _) =>
        [
            Changed(FakeResolver.Address(query, 66), 0),
            Changed(FakeResolver.Address(query, 66), 14),
            FakeResolver.Address(query, 66)[..20],
            Changed(FakeResolver.Address(query, 66), query.Length - 3),
            query,
            [],
            FakeResolver.Address(query, 1),
        ]);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [resolver.Endpoint]);

        var answer = await server.AskAsync("www.example.net", "A");

        Assert.Equal(["www.example.net. 9 IN A 198.51.100.1"], answer.Answers);
    }

    [Fact]
    public async Task The_next_resolver_is_asked_when_one_fails_and_stays_the_first()
    {
        await using var broken = new FakeResolver((query, _) => [FakeResolver.Code(query, ServFail)]);
        await using var sound = new FakeResolver((query, _) => [FakeResolver.Address(query, 1)]);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [EmbeddedServer.FreeEndpoint(), broken.Endpoint, sound.Endpoint]);

        await server.AskAsync("www.example.net", "A");
        var answer = await server.AskAsync("www.example.net", "A");

        Assert.Single(answer.Answers);
        Assert.Equal(1, broken.Asked);
        Assert.Equal(2, sound.Asked);
    }

    [Fact]
    public async Task A_silent_resolver_is_given_up_and_the_client_told()
    {
        var clock = new ManualTimeProvider();
        await using var silent = new FakeResolver((_, _) => []);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [silent.Endpoint], clock);

        var asking = server.AskAsync("www.example.net", "A");
        await Eventually.TrueAsync("the client has its answer", () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            return asking.IsCompleted;
        });

        var answer = await asking;
        Assert.Equal(ServFail, answer.Code);
        Assert.Equal("www.example.net.", answer.Question!.Value.Name);
        Assert.Equal(2, silent.Asked);
    }

    [Fact]
    public async Task More_than_it_bears_is_answered_at_once()
    {
        await using var silent = new FakeResolver((_, _) => []);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [silent.Endpoint], new ManualTimeProvider());

        var crowd = Enumerable.Range(0, Forwarder.MostOutstanding + 5).Select(_ => server.AskAsync("www.example.net", "A")).ToList();
        for (var i = 0; i < 5; i++)
        {
            var answered = await Task.WhenAny(crowd);
            crowd.Remove(answered);
            Assert.Equal(ServFail, (await answered).Code);
        }

        Assert.Equal(Forwarder.MostOutstanding, crowd.Count(asking => !asking.IsCompleted));
        await server.DisposeAsync();
        _ = Task.WhenAll(crowd).ContinueWith(task => task.Exception, Stopping, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    [Theory]
    [InlineData("AXFR", 1)]
    [InlineData("A", 3)]
    [InlineData("A", 255)]
    public async Task Transfers_and_other_classes_are_not_forwarded(string type, int kind)
    {
        await using var resolver = new FakeResolver((query, _) => [FakeResolver.Address(query, 1)]);
        await using var server = await EmbeddedServer.StartAsync(options => options.Forward = [resolver.Endpoint]);

        var answer = await server.Endpoint.AskAsync(DnsQuery.Of("example.net", type, kind: kind));

        Assert.Equal(5, answer.Code);
        Assert.Equal(0, resolver.Asked);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static async Task<DnsMessage> AskAsync(EmbeddedServer server, byte[] query, bool overTcp) =>
        overTcp ? (await server.Endpoint.AskStreamAsync(query))[0] : await server.Endpoint.AskAsync(query);

    private static byte[] Changed(byte[] packet, int at)
    {
        packet[at] ^= 1;
        return packet;
    }
}
