using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>What is answered to a sound query, as <c>dig</c> and a reader of the tests' own see it.</summary>
public sealed class AnswerTests
{
    private const int NoError = 0;
    private const int NXDomain = 3;
    private const int Refused = 5;

    [Fact]
    public async Task Every_name_of_a_service_has_its_address()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org", "www.shop.example.org");

        Assert.Equal(["192.0.2.10"], await Dig.ShortAsync(server.Endpoint, "shop.example.org", "A"));
        Assert.Equal(["192.0.2.10"], await Dig.ShortAsync(server.Endpoint, "www.shop.example.org", "A"));
        var answer = await server.AskAsync("shop.example.org", "A");
        Assert.True(answer is { IsResponse: true, IsAuthoritative: true, RecursionAvailable: false, IsTruncated: false, Code: NoError });
        Assert.Equal(["shop.example.org. 60 IN A 192.0.2.10"], answer.Answers);
        Assert.Empty(answer.Authority);
        Assert.Empty(answer.Additional);
    }

    [Fact]
    public async Task An_IPv6_address_is_an_AAAA_record_and_no_other()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await server.PublishAsync("shop", "2001:db8::10", "shop.example.org");

        Assert.Equal(["2001:db8::10"], await Dig.ShortAsync(server.Endpoint, "shop.example.org", "AAAA"));
        var four = await server.AskAsync("shop.example.org", "A");
        Assert.Equal(NoError, four.Code);
        Assert.Empty(four.Answers);
        Assert.Single(four.Authority);
        Assert.Equal(
            ["shop.example.org."],
            await Dig.ShortAsync(server.Endpoint, "0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "PTR"));
    }

    [Fact]
    public async Task An_address_has_the_names_that_lead_to_it()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org", "*.shop.example.org", "a.example.org");

        Assert.Equal(["a.example.org.", "shop.example.org."], await Dig.ShortAsync(server.Endpoint, "10.2.0.192.in-addr.arpa", "PTR"));
        var other = await server.AskAsync("10.2.0.192.in-addr.arpa", "A");
        Assert.True(other is { Code: NoError, IsAuthoritative: true });
        Assert.StartsWith("10.2.0.192.in-addr.arpa. 60 IN SOA ns.example.org. hostmaster.example.org. ", Assert.Single(other.Authority), StringComparison.Ordinal);
        Assert.Equal(Refused, (await server.AskAsync("11.2.0.192.in-addr.arpa", "PTR")).Code);
        Assert.Equal(Refused, (await server.AskAsync("2.0.192.in-addr.arpa", "SOA")).Code);
    }

    [Fact]
    public async Task Within_a_reverse_zone_that_is_listed_an_address_without_a_service_does_not_exist()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Zones = ["example.org", "2.0.192.in-addr.arpa"]);

        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        Assert.Equal(["shop.example.org."], await Dig.ShortAsync(server.Endpoint, "10.2.0.192.in-addr.arpa", "PTR"));
        var other = await server.AskAsync("11.2.0.192.in-addr.arpa", "PTR");
        Assert.Equal(NXDomain, other.Code);
        Assert.StartsWith("2.0.192.in-addr.arpa. 60 IN SOA ", Assert.Single(other.Authority), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_that_share_an_address_share_its_reverse_name()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");
        await server.PublishAsync("blog", "192.0.2.10", "blog.example.org");

        await server.WithdrawAsync("shop");

        Assert.Equal(["blog.example.org."], await Dig.ShortAsync(server.Endpoint, "10.2.0.192.in-addr.arpa", "PTR"));
        await server.WithdrawAsync("blog");
        Assert.Equal(Refused, (await server.AskAsync("10.2.0.192.in-addr.arpa", "PTR")).Code);
    }

    [Fact]
    public async Task A_service_has_SRV_records_by_its_protocol_and_its_address_goes_with_them()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await server.PublishAsync("plain", "192.0.2.10", "plain.example.org");
        await server.PublishAsync(EmbeddedServer.Define("safe", "2001:db8::1", "safe.example.org") with { Tls = true });

        var plain = await server.AskAsync("_http._tcp.plain.example.org", "SRV");
        Assert.Equal(["_http._tcp.plain.example.org. 60 IN SRV 0 0 80 plain.example.org."], plain.Answers);
        Assert.Equal(["plain.example.org. 60 IN A 192.0.2.10"], plain.Additional);
        var safe = await server.AskAsync("_https._tcp.safe.example.org", "SRV");
        Assert.Equal(["_https._tcp.safe.example.org. 60 IN SRV 0 0 443 safe.example.org."], safe.Answers);
        Assert.Equal(["safe.example.org. 60 IN AAAA 2001:db8::1"], safe.Additional);
        Assert.Equal(NXDomain, (await server.AskAsync("_https._tcp.plain.example.org", "SRV")).Code);
        Assert.Equal(NoError, (await server.AskAsync("_tcp.plain.example.org", "SRV")).Code);
    }

    [Fact]
    public async Task A_zone_has_a_SOA_and_a_name_server_with_the_listeners_address()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Ttl = TimeSpan.FromSeconds(300));

        var soa = await server.AskAsync("example.org", "SOA");
        var servers = await server.AskAsync("example.org", "NS");

        Assert.Matches(@"^example\.org\. 300 IN SOA ns\.example\.org\. hostmaster\.example\.org\. \d+ 3600 600 1209600 300$", Assert.Single(soa.Answers));
        Assert.Equal(["example.org. 300 IN NS ns.example.org."], servers.Answers);
        Assert.Equal(["ns.example.org. 300 IN A 127.0.0.1"], servers.Additional);
        Assert.Equal(["127.0.0.1"], await Dig.ShortAsync(server.Endpoint, "ns.example.org", "A"));
    }

    [Fact]
    public async Task Name_servers_may_be_named_in_and_outside_of_the_zone()
    {
        await using var server = await EmbeddedServer.StartAsync(options =>
        {
            options.Nameservers = ["ns1.example.org", "ns.example.net"];
            options.Hostmaster = Interlook.Extensions.EmbeddedDns.Names.DnsName.Parse("dns.example.net");
        });

        var servers = await server.AskAsync("example.org", "NS");

        Assert.Equal(["example.org. 60 IN NS ns1.example.org.", "example.org. 60 IN NS ns.example.net."], servers.Answers);
        Assert.Equal(["ns1.example.org. 60 IN A 127.0.0.1"], servers.Additional);
        Assert.Contains(" SOA ns1.example.org. dns.example.net. ", (await server.AskAsync("example.org", "SOA")).Answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_may_take_the_name_server_s_name_and_give_it_back()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await server.PublishAsync("dns", "2001:db8::53", "ns.example.org");

        Assert.Empty(await Dig.ShortAsync(server.Endpoint, "ns.example.org", "A"));
        Assert.Equal(["2001:db8::53"], await Dig.ShortAsync(server.Endpoint, "ns.example.org", "AAAA"));
        Assert.Equal(["ns.example.org. 60 IN AAAA 2001:db8::53"], (await server.AskAsync("example.org", "NS")).Additional);
        await server.WithdrawAsync("dns");
        Assert.Equal(["127.0.0.1"], await Dig.ShortAsync(server.Endpoint, "ns.example.org", "A"));
        Assert.Empty(await Dig.ShortAsync(server.Endpoint, "ns.example.org", "AAAA"));
    }

    [Fact]
    public async Task A_name_is_found_in_any_case_and_comes_back_in_the_case_asked()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        var answer = await server.AskAsync("sHOp.EXAMPLE.oRg", "A");
        var none = await server.AskAsync("NoNe.EXAMPLE.oRg", "A");

        Assert.Equal("sHOp.EXAMPLE.oRg.", answer.Question!.Value.Name);
        Assert.Equal(["sHOp.EXAMPLE.oRg. 60 IN A 192.0.2.10"], answer.Answers);
        Assert.StartsWith("EXAMPLE.oRg. 60 IN SOA ns.EXAMPLE.oRg. ", none.Authority[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_told_apart_from_what_has_no_such_record()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "www.shop.example.org");

        foreach (var (name, type, code) in new[]
        {
            ("none.example.org", "A", NXDomain), ("x.www.shop.example.org", "A", NXDomain), ("www.shop.example.org", "AAAA", NoError),
            ("shop.example.org", "A", NoError), ("example.org", "A", NoError), ("example.org", "TXT", NoError), ("www.shop.example.org", "ANY", NoError),
        })
        {
            var answer = await server.AskAsync(name, type);

            Assert.Equal((name, code), (name, answer.Code));
            Assert.True(answer.IsAuthoritative);
            if (type == "ANY")
                continue;
            Assert.Empty(answer.Answers);
            Assert.Matches(@"^example\.org\. 60 IN SOA .* 60$", Assert.Single(answer.Authority));
        }
    }

    [Fact]
    public async Task A_name_that_was_withdrawn_is_gone_with_the_empty_names_above_it()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("deep", "192.0.2.10", "a.b.c.example.org");
        await server.PublishAsync("side", "192.0.2.11", "d.c.example.org");

        await server.WithdrawAsync("deep");

        Assert.Equal(NXDomain, (await server.AskAsync("a.b.c.example.org", "A")).Code);
        Assert.Equal(NXDomain, (await server.AskAsync("b.c.example.org", "A")).Code);
        Assert.Equal(NoError, (await server.AskAsync("c.example.org", "A")).Code);
        await server.WithdrawAsync("side");
        Assert.Equal(NXDomain, (await server.AskAsync("c.example.org", "A")).Code);
    }

    [Fact]
    public async Task A_wildcard_answers_for_names_that_do_not_exist_and_for_no_others()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("many", "192.0.2.1", "*.app.example.org");
        await server.PublishAsync("one", "2001:db8::1", "one.app.example.org");
        await server.PublishAsync("deep", "192.0.2.3", "x.deep.app.example.org");

        foreach (var (name, type, expected) in new[]
        {
            ("any.app.example.org", "A", "192.0.2.1"), ("a.b.c.app.example.org", "A", "192.0.2.1"), ("*.app.example.org", "A", "192.0.2.1"),
            ("_http._tcp.any.app.example.org", "A", "192.0.2.1"),
            ("any.app.example.org", "AAAA", "none"), ("one.app.example.org", "A", "none"), ("app.example.org", "A", "none"), ("deep.app.example.org", "A", "none"),
            ("y.deep.app.example.org", "A", "NXDOMAIN"), ("y.one.app.example.org", "A", "NXDOMAIN"), ("app2.example.org", "A", "NXDOMAIN"),
            ("x.*.app.example.org", "A", "NXDOMAIN"),
        })
        {
            var answer = await server.AskAsync(name, type);

            var found = answer.Code == NXDomain ? "NXDOMAIN" : answer.Answers.Count == 0 ? "none" : answer.Answers[0].Split(' ')[^1];
            Assert.Equal((name, expected), (name, found));
            if (answer.Answers.Count > 0)
                Assert.StartsWith(name + ". ", answer.Answers[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_may_be_at_the_zone_s_own_name()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await server.PublishAsync("site", "192.0.2.10", "example.org", "*.example.org");

        Assert.Equal(["192.0.2.10"], await Dig.ShortAsync(server.Endpoint, "example.org", "A"));
        Assert.Equal(["ns.example.org."], await Dig.ShortAsync(server.Endpoint, "example.org", "NS"));
        Assert.Single(await Dig.ShortAsync(server.Endpoint, "example.org", "SOA"));
        Assert.Equal(["192.0.2.10"], await Dig.ShortAsync(server.Endpoint, "anything.example.org", "A"));
        Assert.Equal(["0 0 80 example.org."], await Dig.ShortAsync(server.Endpoint, "_http._tcp.example.org", "SRV"));
        await server.WithdrawAsync("site");
        Assert.Single(await Dig.ShortAsync(server.Endpoint, "example.org", "SOA"));
    }

    [Fact]
    public async Task A_zone_within_another_is_answered_by_itself()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Zones = ["example.org", "x.y.example.org", "example.net"]);
        await server.PublishAsync("all", "192.0.2.1", "*.example.org", "*.y.example.org", "shop.x.y.example.org");

        Assert.StartsWith("x.y.example.org. ", (await server.AskAsync("none.x.y.example.org", "A")).Authority[0], StringComparison.Ordinal);
        Assert.Equal(NXDomain, (await server.AskAsync("none.x.y.example.org", "A")).Code);
        Assert.Equal(["192.0.2.1"], await Dig.ShortAsync(server.Endpoint, "shop.x.y.example.org", "A"));
        Assert.Equal(["192.0.2.1"], await Dig.ShortAsync(server.Endpoint, "z.y.example.org", "A"));
        Assert.Empty((await server.AskAsync("y.example.org", "A")).Answers);
        // The digest of a child zone's key is the parent's.
        Assert.StartsWith("example.org. ", (await server.AskAsync("x.y.example.org", "DS")).Authority[0], StringComparison.Ordinal);
        Assert.StartsWith("example.net. ", (await server.AskAsync("example.net", "DS")).Authority[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANY_gets_the_short_answer_of_RFC_8482()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "www.shop.example.org", "*.w.example.org");

        Assert.Equal(["www.shop.example.org. 60 IN HINFO \"RFC8482\" \"\""], (await server.AskAsync("www.shop.example.org", "ANY")).Answers);
        Assert.Equal(["a.w.example.org. 60 IN HINFO \"RFC8482\" \"\""], (await server.AskAsync("a.w.example.org", "ANY")).Answers);
        Assert.Single((await server.AskAsync("example.org", "ANY")).Answers);
        Assert.Empty((await server.AskAsync("shop.example.org", "ANY")).Answers);
        Assert.Equal(NXDomain, (await server.AskAsync("none.example.org", "ANY")).Code);
    }

    [Theory]
    [InlineData("shop.example.net", "A")]
    [InlineData("org", "A")]
    [InlineData(".", "NS")]
    [InlineData("notexample.org", "A")]
    [InlineData("shop.example.org", "AXFR")]
    [InlineData("example.org", "AXFR")]
    [InlineData("example.org", "IXFR")]
    public async Task Names_outside_of_the_zones_and_transfers_are_refused(string name, string type)
    {
        await using var server = await EmbeddedServer.StartAsync();

        var answer = await server.AskAsync(name, type);
        var overTcp = (await server.Endpoint.AskStreamAsync(DnsQuery.Of(name, type)))[0];

        Assert.Equal((Refused, false), (answer.Code, answer.IsAuthoritative));
        Assert.Equal(Refused, overTcp.Code);
        Assert.Empty(answer.Authority);
    }

    [Fact]
    public async Task It_listens_on_several_addresses_of_both_families()
    {
        var (four, six) = (EmbeddedServer.FreeEndpoint(), EmbeddedServer.FreeEndpoint("::1"));
        await using var server = await EmbeddedServer.StartAsync(options => options.Listen = [four, six]);
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        foreach (var endpoint in new[] { four, six })
        {
            Assert.Equal(["192.0.2.10"], await Dig.ShortAsync(endpoint, "shop.example.org", "A"));
            Assert.Contains("192.0.2.10", await Dig.AskAsync(endpoint, "+tcp", "+short", "shop.example.org", "A"), StringComparison.Ordinal);
        }
        Assert.Equal(
            ["ns.example.org. 60 IN A 127.0.0.1", "ns.example.org. 60 IN AAAA ::1"],
            (await four.AskAsync("example.org", "NS")).Additional.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.9")]
    [InlineData("::", "::1")]
    public async Task An_answer_leaves_from_the_address_that_was_asked(string listen, string asked)
    {
        var endpoint = EmbeddedServer.FreeEndpoint(listen);
        await using var server = await EmbeddedServer.StartAsync(options => options.Listen = [endpoint]);
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        // A connected socket takes an answer from no other address.
        var answer = await new System.Net.IPEndPoint(System.Net.IPAddress.Parse(asked), endpoint.Port).AskAsync("shop.example.org", "A");

        Assert.Single(answer.Answers);
    }
}
