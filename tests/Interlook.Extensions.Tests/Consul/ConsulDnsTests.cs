using System.Net;
using System.Text.Json.Nodes;
using Interlook.Collections;
using Interlook.Extensions.Consul;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>What a real Consul answers after <c>dns.consul</c> has registered something, asked with the real <c>dig</c>.</summary>
public sealed class ConsulDnsTests(ConsulAgent consul) : IClassFixture<ConsulAgent>, IAsyncLifetime
{
    private static readonly ServiceKey Shop = new(ServiceKey.DefaultWorkflow, "shop");
    private static readonly ServiceKey Blog = new(ServiceKey.DefaultWorkflow, "blog");
    private readonly List<ConsulDnsProvisioner> started = [];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await consul.StartAsync();
        await consul.ClearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provisioner in started)
            await provisioner.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("app", "app.service.consul")]
    [InlineData("app", "APP.Service.CONSUL")]
    [InlineData("app", "app.service.dc1.consul")]
    [InlineData("shop.example.org", "shop.example.org.service.consul")]
    [InlineData("shop.example.org", "Shop.EXAMPLE.org.service.consul")]
    [InlineData("shop.example.org", "shop.example.org.service.dc1.consul")]
    [InlineData("a.b.c.d.e.f.g.example.org", "a.b.c.d.e.f.g.example.org.service.consul")]
    [InlineData("tcp.example", "tcp.example.service.consul")]
    [InlineData("x.service", "x.service.service.consul")]
    [InlineData("a.service.b", "a.service.b.service.consul")]
    [InlineData("x.node", "x.node.service.consul")]
    [InlineData("x.dc1", "x.dc1.service.consul")]
    [InlineData("1.2.example", "1.2.example.service.consul")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example.service.consul")]
    public async Task A_registered_name_resolves(string name, string question)
    {
        var provisioner = await StartAsync();

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", name), [], Stopping);

        Assert.Equal(["127.10.0.1"], await consul.ResolveAsync(question));
    }

    [Fact]
    public async Task The_longest_name_resolves()
    {
        var provisioner = await StartAsync();
        var name = $"{new string('a', 63)}.{new string('b', 63)}.{new string('c', 63)}.{new string('d', 46)}";
        Assert.Equal(238, name.Length);

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", name), [], Stopping);

        Assert.Equal(["127.10.0.1"], await consul.ResolveAsync($"{name}.service.consul"));
    }

    [Fact]
    public async Task An_SRV_question_gives_the_port_and_RFC_2782_works_for_single_labels()
    {
        var provisioner = await StartAsync();

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", "app", "shop.example.org") with { Tls = true }, [], Stopping);

        Assert.Equal(["1 1 443 7f0a0001.addr.dc1.consul."], await consul.ResolveAsync("app.service.consul", "SRV"));
        Assert.Equal(["1 1 443 7f0a0001.addr.dc1.consul."], await consul.ResolveAsync("shop.example.org.service.consul", "SRV"));
        Assert.Equal(["1 1 443 7f0a0001.addr.dc1.consul."], await consul.ResolveAsync("_app._tcp.service.consul", "SRV"));
        Assert.Empty(await consul.ResolveAsync("_org._shop.example.service.consul", "SRV"));
    }

    [Fact]
    public async Task An_IPv6_address_is_an_AAAA_record_and_reverse_questions_find_the_service()
    {
        var provisioner = await StartAsync();

        await provisioner.DeployAsync(Shop, Define(Shop, "2001:db8::1", "app"), [], Stopping);
        await provisioner.DeployAsync(Blog, Define(Blog, "127.10.0.2", "blog"), [], Stopping);

        Assert.Equal(["2001:db8::1"], await consul.ResolveAsync("app.service.consul", "AAAA"));
        Assert.Empty(await consul.ResolveAsync("app.service.consul"));
        Assert.Contains("blog.service.dc1.consul.", await consul.DigAsync("+short", "-x", "127.10.0.2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.example.org", "app.service.consul")]
    [InlineData("a.b.example.org", "a.b.service.consul")]
    [InlineData("example.org", "example.org.service.consul")]
    [InlineData("app.example.net", "app.example.net.service.consul")]
    [InlineData("notexample.org", "notexample.org.service.consul")]
    public async Task A_domain_is_cut_off_names_that_lie_in_it(string name, string question)
    {
        var provisioner = await StartAsync(options => options.Domain = "example.org");

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", name), [], Stopping);

        Assert.Equal(["127.10.0.1"], await consul.ResolveAsync(question));
    }

    [Fact]
    public async Task What_was_registered_under_another_domain_setting_is_removed()
    {
        var definition = Define(Shop, "127.10.0.1", "app.example.org");
        var before = await StartAsync();
        await before.DeployAsync(Shop, definition, [], Stopping);

        var after = await StartAsync(options => options.Domain = "example.org");
        var observed = await after.ObserveAsync(Applied((Shop, definition)), Stopping);
        await after.DeployAsync(Shop, definition, [definition], Stopping);

        Assert.Equal(Shop, Assert.Single(observed.Drifts).Key);
        Assert.Empty(observed.Orphans);
        Assert.Equal(["127.10.0.1"], await consul.ResolveAsync("app.service.consul"));
        Assert.Empty(await consul.ResolveAsync("app.example.org.service.consul"));
    }

    [Fact]
    public async Task Without_targets_the_name_is_kept_and_not_answered()
    {
        var provisioner = await StartAsync();
        var ready = Define(Shop, "127.10.0.1", "app");
        var waiting = ready with { Targets = [] };

        await provisioner.DeployAsync(Shop, waiting, [], Stopping);
        var first = await consul.ResolveAsync("app.service.consul");
        await provisioner.DeployAsync(Shop, ready, [waiting], Stopping);
        var second = await consul.ResolveAsync("app.service.consul");
        await provisioner.DeployAsync(Shop, waiting, [ready], Stopping);
        var third = await consul.ResolveAsync("app.service.consul");

        Assert.Empty(first);
        Assert.Equal(["127.10.0.1"], second);
        Assert.Empty(third);
        Assert.Empty((await provisioner.ObserveAsync(Applied((Shop, waiting)), Stopping)).Drifts);
        Assert.Single((await provisioner.ObserveAsync(Applied((Shop, ready)), Stopping)).Drifts);
    }

    [Fact]
    public async Task A_name_that_stays_is_answered_at_every_moment_of_an_update()
    {
        var provisioner = await StartAsync();
        var current = Define(Shop, "127.10.0.1", "app", "old.example.org");
        await provisioner.DeployAsync(Shop, current, [], Stopping);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        var asking = AskUntilAsync("app.service.consul", enough.Token);

        for (var i = 0; i < 50; i++)
        {
            var next = Define(Shop, $"127.10.0.{1 + (i % 2)}", "app", $"new{i}.example.org");
            await provisioner.DeployAsync(Shop, next, [current], Stopping);
            current = next;
        }
        await enough.CancelAsync();

        Assert.All(await asking, answer => Assert.Contains(Assert.Single(answer), (string[])["127.10.0.1", "127.10.0.2"]));
        Assert.Empty(await consul.ResolveAsync("old.example.org.service.consul"));
        Assert.Equal(["127.10.0.2"], await consul.ResolveAsync("new49.example.org.service.consul"));
    }

    [Theory]
    [InlineData("app", "app", null)]
    [InlineData("app", "app", "v1")]
    [InlineData("shop.example.org", "org", "shop.example")]
    [InlineData("shop.example.org", "Org", "Shop.Example")]
    [InlineData("shop.example.org", "org", null)]
    public async Task A_foreign_instance_that_would_share_an_answer_is_a_conflict(string name, string service, string? tag)
    {
        await PlaceForeignAsync(service, tag);
        var before = await consul.ReadCatalogAsync();
        var provisioner = await StartAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", "free", name), [], Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("node 'somebody'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await consul.ReadCatalogAsync());
    }

    [Fact]
    public async Task A_name_that_ends_in_consul_would_join_the_service_of_the_servers_and_is_a_conflict()
    {
        var provisioner = await StartAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", "x.consul"), [], Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
    }

    [Fact]
    public async Task A_foreign_instance_under_another_tag_of_the_same_last_label_is_no_conflict()
    {
        await PlaceForeignAsync("org", "theirs.example");
        var provisioner = await StartAsync();

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", "shop.example.org"), [], Stopping);

        Assert.Equal(["127.10.0.1"], await consul.ResolveAsync("shop.example.org.service.consul"));
        Assert.Equal(["127.99.0.1"], await consul.ResolveAsync("theirs.example.org.service.consul"));
    }

    [Theory]
    [InlineData("app", "app")]
    [InlineData("shop.example.org", "shop.example.org")]
    [InlineData("app", "www.app")]
    [InlineData("www.app", "app")]
    public async Task Of_two_services_with_one_name_the_first_keeps_it(string held, string asked)
    {
        var provisioner = await StartAsync();
        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1", held), [], Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => provisioner.DeployAsync(Blog, Define(Blog, "127.10.0.2", asked), [], Stopping));
        await provisioner.UndeployAsync(Blog, [Define(Blog, "127.10.0.2", asked)], Stopping);

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("service shop", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["127.10.0.1"], await consul.ResolveAsync($"{held}.service.consul"));
    }

    [Fact]
    public async Task Of_two_services_that_come_at_once_with_one_name_exactly_one_gets_it()
    {
        var provisioner = await StartAsync();

        var attempts = Enumerable.Range(0, 8).Select(i => provisioner.DeployAsync(
            new(ServiceKey.DefaultWorkflow, $"rival{i}"), Define(Shop, $"127.10.0.{1 + i}", "app"), [], Stopping)).ToList();
        await Task.WhenAll(attempts.Select(attempt => attempt.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(1, attempts.Count(attempt => attempt.IsCompletedSuccessfully));
        Assert.Single(await consul.ResolveAsync("app.service.consul"));
    }

    [Fact]
    public async Task A_holder_that_was_first_keeps_working_when_somebody_joins_its_name()
    {
        var provisioner = await StartAsync();
        var current = Define(Shop, "127.10.0.1", "app");
        await provisioner.DeployAsync(Shop, current, [], Stopping);
        await PlaceForeignAsync("app", null);

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.3", "app"), [current], Stopping);

        Assert.Equal(["127.10.0.3", "127.99.0.1"], await consul.ResolveAsync("app.service.consul"));
    }

    [Fact]
    public async Task One_that_lost_the_race_for_a_name_takes_its_registration_back()
    {
        var first = await StartAsync();
        var second = await StartAsync(instance: "other");
        var definition = Define(Shop, "127.10.0.2", "app");
        await second.DeployAsync(Shop, definition, [], Stopping);
        await RegisterLateAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => first.DeployAsync(Shop, definition, [definition], Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.DoesNotContain(await consul.ReadCatalogAsync(), line => line.StartsWith("interlook-test/", StringComparison.Ordinal));

        // The loser's registration stands behind the winner's in Raft's order, as if both had looked before either had written.
        async Task RegisterLateAsync()
        {
            var services = (await consul.GetAsync("/v1/catalog/node/interlook-other"))!["Services"]!.AsObject();
            var service = services.First().Value!.DeepClone().AsObject();
            service["Meta"]!["interlook-instance"] = "test";
            service["Address"] = "127.10.0.1";
            await consul.RegisterAsync(new JsonObject
            {
                ["Node"] = "interlook-test",
                ["Address"] = "192.0.2.1",
                ["NodeMeta"] = new JsonObject { ["interlook-instance"] = "test" },
                ["Service"] = service,
            });
        }
    }

    [Fact]
    public async Task A_node_of_our_name_that_is_not_ours_stops_the_start()
    {
        await consul.RegisterAsync(new JsonObject { ["Node"] = "interlook-test", ["Address"] = "127.99.0.1" });

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => StartAsync());

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("`node`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_Consul_has_lost_everything_it_is_all_drift_and_deploys_bring_it_back()
    {
        var provisioner = await StartAsync();
        var definition = Define(Shop, "127.10.0.1", "app", "shop.example.org");
        await provisioner.DeployAsync(Shop, definition, [], Stopping);
        var whole = await consul.ReadCatalogAsync();

        await consul.ClearAsync();
        var observed = await provisioner.ObserveAsync(Applied((Shop, definition)), Stopping);
        await provisioner.DeployAsync(Shop, definition, [definition], Stopping);

        Assert.Equal(Shop, Assert.Single(observed.Drifts).Key);
        Assert.Equal(whole, await consul.ReadCatalogAsync());
    }

    [Fact]
    public async Task A_service_without_names_needs_neither_address_nor_registration()
    {
        var provisioner = await StartAsync();

        await provisioner.DeployAsync(Shop, Define(Shop, "127.10.0.1") with { PublicIp = null }, [], Stopping);

        Assert.Empty(await consul.ReadCatalogAsync());
    }

    private static ServiceDefinition Define(ServiceKey key, string address, params EquatableArray<string> names) => new()
    {
        Name = key.Service,
        Provider = "provider.test",
        Targets = [new("127.0.0.1", 8080)],
        DnsNames = names,
        PublicIp = IPAddress.Parse(address),
    };

    private static Dictionary<ServiceKey, ServiceDefinition> Applied(params IEnumerable<(ServiceKey Key, ServiceDefinition Definition)> applied) =>
        applied.ToDictionary(pair => pair.Key, pair => pair.Definition);

    private async Task<ConsulDnsProvisioner> StartAsync(Action<ConsulDnsOptions>? change = null, string instance = "test")
    {
        var options = new ConsulDnsOptions { Url = consul.Url };
        change?.Invoke(options);
        var provisioner = new ConsulDnsProvisioner(options, TestContexts.Create("dns.consul", instance));
        started.Add(provisioner);
        await provisioner.StartAsync(Stopping);
        return provisioner;
    }

    private Task PlaceForeignAsync(string service, string? tag) => consul.RegisterAsync(new JsonObject
    {
        ["Node"] = "somebody",
        ["Address"] = "127.99.0.1",
        ["Service"] = new JsonObject { ["Service"] = service, ["Tags"] = tag is null ? [] : new JsonArray(tag) },
    });

    private async Task<List<IReadOnlyList<string>>> AskUntilAsync(string name, CancellationToken enough)
    {
        var answers = new List<IReadOnlyList<string>>();
        do
            answers.Add(await consul.ResolveAsync(name));
        while (!enough.IsCancellationRequested);
        return answers;
    }
}
