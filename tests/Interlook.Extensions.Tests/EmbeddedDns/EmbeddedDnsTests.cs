using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>Deploying: what is refused, who holds a name, restarts, the serial, and starts that fail.</summary>
public sealed class EmbeddedDnsTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_outside_of_the_zones_is_refused_and_nothing_changes()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Zones = ["example.org", "example.net"]);
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        var failure = await FailsAsync(() => server.PublishAsync("shop", "192.0.2.10", "new.example.org", "shop.example.com", "notexample.org"));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("service shop asks for notexample.org, shop.example.com, outside of the zones", failure.Message, StringComparison.Ordinal);
        Assert.Contains("example.org, example.net", failure.Message, StringComparison.Ordinal);
        Assert.Single((await server.AskAsync("shop.example.org", "A")).Answers);
        Assert.Equal(3, (await server.AskAsync("new.example.org", "A")).Code);
    }

    [Fact]
    public async Task A_service_without_an_address_is_told_to_get_one()
    {
        await using var server = await EmbeddedServer.StartAsync();

        var failure = await FailsAsync(() => server.PublishAsync("shop", null, "shop.example.org"));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("put an address step", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_names_needs_nothing_and_loses_what_it_had()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");

        await server.PublishAsync("shop", null);

        Assert.Equal(3, (await server.AskAsync("shop.example.org", "A")).Code);
    }

    [Fact]
    public async Task A_name_belongs_to_the_service_that_came_first_until_it_goes()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("first", "192.0.2.1", "shop.example.org");

        var failure = await FailsAsync(() => server.PublishAsync("second", "192.0.2.2", "other.example.org", "shop.example.org"));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("shop.example.org, which service first has", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await server.AskAsync("other.example.org", "A")).Code);
        var elsewhere = new ServiceKey("other", "first");
        Assert.Equal(
            Reason.Conflict,
            (await FailsAsync(() => server.Provisioner.DeployAsync(elsewhere, EmbeddedServer.Define("first", "192.0.2.1", "shop.example.org"), [], Stopping))).Reason);
        await server.WithdrawAsync("first");
        await server.PublishAsync("second", "192.0.2.2", "other.example.org", "shop.example.org");
        Assert.Equal(["shop.example.org. 60 IN A 192.0.2.2"], (await server.AskAsync("shop.example.org", "A")).Answers);
    }

    [Fact]
    public async Task An_update_takes_effect_at_once_and_whole()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.1", "a.example.org", "b.example.org");

        await server.PublishAsync("shop", "2001:db8::2", "b.example.org", "c.example.org");

        Assert.Equal(3, (await server.AskAsync("a.example.org", "A")).Code);
        Assert.Empty((await server.AskAsync("b.example.org", "A")).Answers);
        Assert.Single((await server.AskAsync("b.example.org", "AAAA")).Answers);
        Assert.Single((await server.AskAsync("c.example.org", "AAAA")).Answers);
        Assert.Equal(5, (await server.AskAsync("1.2.0.192.in-addr.arpa", "PTR")).Code);
    }

    [Fact]
    public async Task A_service_without_ready_targets_keeps_its_records()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync(EmbeddedServer.Define("shop", "192.0.2.1", "shop.example.org") with { Targets = [new("127.0.0.1", 80)] });

        await server.PublishAsync(EmbeddedServer.Define("shop", "192.0.2.1", "shop.example.org"));

        Assert.Single((await server.AskAsync("shop.example.org", "A")).Answers);
    }

    [Fact]
    public async Task After_a_restart_no_query_is_answered_before_the_old_names_are_back()
    {
        var shop = EmbeddedServer.Define("shop", "192.0.2.1", "shop.example.org");
        await using var server = await EmbeddedServer.StartAsync(serve: false);

        var early = server.AskAsync("shop.example.org", "A");
        var earlyOverTcp = server.Endpoint.AskStreamAsync(DnsQuery.Of("shop.example.org", "A"));
        await server.Provisioner.ResumeAsync(new Dictionary<ServiceKey, ServiceDefinition> { [EmbeddedServer.Key("shop")] = shop }, Stopping);

        Assert.Single((await early).Answers);
        Assert.Single((await earlyOverTcp)[0].Answers);
    }

    [Fact]
    public async Task What_no_longer_fits_the_settings_is_left_out_of_the_restart_and_seen_as_drift()
    {
        var applied = new Dictionary<ServiceKey, ServiceDefinition>
        {
            [EmbeddedServer.Key("good")] = EmbeddedServer.Define("good", "192.0.2.1", "good.example.org"),
            [EmbeddedServer.Key("gone")] = EmbeddedServer.Define("gone", "192.0.2.2", "gone.example.com"),
        };
        await using var server = await EmbeddedServer.StartAsync(serve: false);

        await server.Provisioner.ResumeAsync(applied, Stopping);

        var observed = await server.Provisioner.ObserveAsync(applied, Stopping);
        Assert.Equal([EmbeddedServer.Key("gone")], observed.Drifts.Select(drift => drift.Key));
        Assert.Single((await server.AskAsync("good.example.org", "A")).Answers);
    }

    [Fact]
    public async Task The_serial_rises_with_every_change_and_over_a_restart()
    {
        var clock = new ManualTimeProvider();
        var endpoint = EmbeddedServer.FreeEndpoint();
        uint last;
        await using (var server = await EmbeddedServer.StartAsync(options => options.Listen = [endpoint], clock))
        {
            last = await SerialAsync(server);
            Assert.Equal((uint)clock.GetUtcNow().ToUnixTimeSeconds(), last - 1); // the restart's own snapshot was the second of its second
            for (var i = 0; i < 5; i++)
            {
                await server.PublishAsync("shop", $"192.0.2.{i}", "shop.example.org");
                Assert.Equal(last + 1, last = await SerialAsync(server));
            }
            await server.PublishAsync("shop", "192.0.2.4", "shop.example.org");
            Assert.Equal(last, await SerialAsync(server));
        }
        clock.Advance(TimeSpan.FromSeconds(30));

        await using var restarted = await EmbeddedServer.StartAsync(options => options.Listen = [endpoint], clock);

        Assert.True(await SerialAsync(restarted) > last);
    }

    [Fact]
    public void The_serial_wraps_around_as_serial_numbers_do()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue);

        Assert.Equal(uint.MaxValue, ZoneSerial.After(0xFFFF0000, end));
        Assert.Equal(0u, ZoneSerial.After(uint.MaxValue, end));
        Assert.Equal(9u, ZoneSerial.After(uint.MaxValue, end.AddSeconds(10)));
    }

    [Fact]
    public async Task Ten_thousand_services_are_published_in_a_moment_and_taken_back()
    {
        await using var server = await EmbeddedServer.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i =>
            server.PublishAsync($"s{i}", $"10.0.{i / 250}.{i % 250}", $"s{i}.example.org", $"*.s{i}.example.org")));
        foreach (var i in new[] { 0, 4999, 9999 })
        {
            Assert.Equal([$"s{i}.example.org. 60 IN A 10.0.{i / 250}.{i % 250}"], (await server.AskAsync($"s{i}.example.org", "A")).Answers);
            Assert.Single((await server.AskAsync($"any.s{i}.example.org", "A")).Answers);
        }
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => server.WithdrawAsync($"s{i}")));

        Assert.Equal(3, (await server.AskAsync("s4999.example.org", "A")).Code);
        Assert.Empty((await server.Provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping)).Orphans);
    }

    [Fact]
    public async Task Every_answer_during_changes_is_of_one_moment()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.1", "shop.example.org");
        using var enough = new CancellationTokenSource();

        var changing = Task.Run(
            async () =>
            {
                for (var i = 0; !enough.IsCancellationRequested; i++)
                    await server.PublishAsync("shop", $"192.0.2.{1 + (i % 200)}", "shop.example.org");
            },
            Stopping);
        for (var i = 0; i < 500; i++)
        {
            var answer = await server.AskAsync("_http._tcp.shop.example.org", "SRV");
            Assert.Single(answer.Answers);
            Assert.Single(answer.Additional);
            Assert.Single((await server.AskAsync("shop.example.org", "A")).Answers);
        }
        await enough.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        var endpoint = EmbeddedServer.FreeEndpoint();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(endpoint);

        var overUdp = await FailsAsync(() => EmbeddedServer.StartAsync(options => options.Listen = [endpoint]));
        other.Dispose();
        await using var first = await EmbeddedServer.StartAsync(options => options.Listen = [endpoint]);
        var second = await FailsAsync(() => EmbeddedServer.StartAsync(options => options.Listen = [endpoint]));

        Assert.Equal((Reason.Conflict, Reason.Conflict), (overUdp.Reason, second.Reason));
        Assert.Contains($"dns.embedded.listen: {endpoint} is taken by another program (UDP)", overUdp.Message, StringComparison.Ordinal);
        Assert.Contains($"dns.embedded.listen: {endpoint} is taken by another program (TCP)", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        var failure = await FailsAsync(() => EmbeddedServer.StartAsync(options => options.Listen = [new(IPAddress.Parse("192.0.2.1"), 5353)]));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("dns.embedded.listen: 192.0.2.1 is no address of this machine", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_gives_the_addresses_back()
    {
        var endpoint = EmbeddedServer.FreeEndpoint();
        for (var i = 0; i < 3; i++)
        {
            await using var server = await EmbeddedServer.StartAsync(options => options.Listen = [endpoint]);
            Assert.Equal(3, (await server.AskAsync("none.example.org", "A")).Code);
        }

        await using var neverServed = await EmbeddedServer.StartAsync(options => options.Listen = [endpoint], serve: false);
    }

    private static Task<ExtensionException> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<ExtensionException>(call);

    private static async Task<uint> SerialAsync(EmbeddedServer server) =>
        uint.Parse((await server.AskAsync("example.org", "SOA")).Answers[0].Split(' ')[6], CultureInfo.InvariantCulture);
}
