using System.Net;
using System.Text.Json.Nodes;
using Interlook.Extensions.Consul;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>What is special about <c>provider.consul</c>, on a real Consul.</summary>
public sealed class RealCatalogTests(ConsulAgent consul) : IClassFixture<ConsulAgent>, IAsyncLifetime
{
    private readonly List<IAsyncDisposable> open = [];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await consul.StartAsync();
        await consul.ClearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in open)
            await follower.DisposeAsync();
    }

    [Theory]
    [InlineData("passing", "passing", true)]
    [InlineData("passing", "warning", false)]
    [InlineData("passing", "critical", false)]
    [InlineData("warning", "warning", true)]
    [InlineData("warning", "critical", false)]
    [InlineData("any", "critical", true)]
    public async Task Instances_get_traffic_as_their_checks_allow(string checks, string status, bool served)
    {
        await consul.RegisterAsync(CatalogEntries.Instance("shop", 8080, "interlook.hosts=shop.example.org").With(status));

        var follower = await FollowAsync(options => options.Checks = Enum.Parse<RequiredHealth>(checks, ignoreCase: true));

        Assert.Equal(served ? ["10.0.0.1:8080"] : [], follower.Services["shop"].Targets.Select(target => target.Endpoint));
    }

    [Fact]
    public async Task A_check_that_changes_takes_the_traffic_away_and_gives_it_back()
    {
        var instance = CatalogEntries.Instance("shop", 8080, "interlook.hosts=shop.example.org");
        await consul.RegisterAsync(instance.With("passing"));
        var follower = await FollowAsync();

        await consul.RegisterAsync(instance.With("critical"));
        await follower.UntilAsync("no traffic", services => services["shop"].Targets.Count == 0);
        await consul.RegisterAsync(instance.With("passing"));

        await follower.UntilAsync("traffic again", services => services["shop"].Targets.Count == 1);
    }

    [Fact]
    public async Task A_service_that_asks_in_its_meta_alone_is_found_also_when_it_begins_later()
    {
        await consul.RegisterAsync("shop", 8080);
        var follower = await FollowAsync();
        var asking = CatalogEntries.Instance("shop", 8080);
        asking["Service"]!["Meta"] = new JsonObject { ["interlook-hosts"] = "shop.example.org", ["interlook-ip"] = "127.10.0.1", ["interlook-ssl"] = "true" };

        await consul.RegisterAsync(asking);

        await follower.UntilAsync("it is published", services => services.ContainsKey("shop"));
        Assert.True(follower.Services["shop"].Tls);
        Assert.Equal(IPAddress.Parse("127.10.0.1"), follower.Services["shop"].PublicIp);
    }

    [Fact]
    public async Task What_dns_consul_of_this_Interlook_registered_is_neither_service_nor_target()
    {
        var provisioner = new ConsulDnsProvisioner(new() { Url = consul.Url }, TestContexts.Create(ConsulExtensions.Dns));
        await provisioner.StartAsync(Stopping);
        var follower = await FollowAsync();
        await consul.RegisterAsync("web", 8080, "interlook.hosts=shop.example.org,app");
        await follower.UntilAsync("web is published", services => services.ContainsKey("web"));
        var found = follower.Services["web"] with { PublicIp = IPAddress.Parse("127.10.0.1") };
        var key = new ServiceKey(ServiceKey.DefaultWorkflow, "web");

        await provisioner.DeployAsync(key, found, [], Stopping);
        // A hand that copies the asking tags onto what dns.consul made opens no loop either.
        var made = (await consul.GetAsync("/v1/catalog/node/interlook-test"))!["Services"]!.AsObject().First(one => (string?)one.Value!["Service"] == "app").Value!;
        await consul.RegisterAsync(new JsonObject
        {
            ["Node"] = "interlook-test",
            ["Address"] = "192.0.2.1",
            ["Service"] = new JsonObject
            {
                ["ID"] = (string?)made["ID"],
                ["Service"] = "app",
                ["Address"] = "127.10.0.1",
                ["Port"] = 80,
                ["Tags"] = new JsonArray("interlook.hosts=loop.example.org"),
                ["Meta"] = made["Meta"]!.DeepClone(),
            },
        });
        await consul.RegisterAsync("last", 8080, "interlook.hosts=last.example.org");
        await follower.UntilAsync("what came last is published", services => services.ContainsKey("last"));
        var other = new ConsulCatalogProvider(new() { Url = consul.Url }, TestContexts.Create(ConsulExtensions.Catalog));
        await other.StartAsync(Stopping);
        var app = await other.RefreshAsync("app", Stopping);

        Assert.Equal(["last", "web"], follower.Services.Keys);
        Assert.Equal(["10.0.0.1:8080"], follower.Services["web"].Targets.Select(target => target.Endpoint));
        Assert.Null(app);
        await other.StopAsync(Stopping);
        await provisioner.StopAsync(Stopping);
    }

    [Fact]
    public async Task A_service_of_the_name_that_it_asks_for_keeps_its_own_targets_only()
    {
        await consul.RegisterAsync("app", 8080, "interlook.hosts=shop.example.org");
        await consul.RegisterAsync(new JsonObject
        {
            ["Node"] = "interlook-other",
            ["Address"] = "192.0.2.1",
            ["Service"] = new JsonObject
            {
                ["ID"] = "app-1",
                ["Service"] = "app",
                ["Address"] = "127.10.0.1",
                ["Port"] = 80,
                ["Tags"] = new JsonArray("interlook.hosts=shop.example.org"),
                ["Meta"] = new JsonObject { ["interlook-instance"] = "other" },
            },
        });

        var follower = await FollowAsync();
        await consul.DeregisterAsync(CatalogEntries.Node, "app");

        Assert.Equal(["10.0.0.1:8080"], ((ProviderEvent.Snapshot)follower.Events[0]).Services[0].Targets.Select(target => target.Endpoint));
        await follower.UntilAsync("it goes with its own instance", services => services.Count == 0);
    }

    [Fact]
    public async Task Thousands_of_names_of_dns_consul_are_not_sent_to_us()
    {
        for (var i = 0; i < 50; i++)
        {
            await consul.RegisterAsync(new JsonObject
            {
                ["Node"] = "interlook-other",
                ["Address"] = "192.0.2.1",
                ["Service"] = new JsonObject
                {
                    ["ID"] = $"org-{i}",
                    ["Service"] = "org",
                    ["Meta"] = new JsonObject { ["interlook-instance"] = "other" },
                },
            });
        }
        using var reader = new CatalogReader(new() { Url = consul.Url }, TimeProvider.System);

        var few = await reader.ReadInstancesAsync("org", all: false, 0, TimeSpan.Zero, Stopping);
        var all = await reader.ReadInstancesAsync("org", all: true, 0, TimeSpan.Zero, Stopping);

        Assert.Empty(few.Value!);
        Assert.Equal(50, all.Value!.Count);
        Assert.True(few.Index > 0);
    }

    [Fact]
    public async Task Instances_of_two_Consul_services_may_be_one_service()
    {
        await consul.RegisterAsync("web-a", 8080, "interlook.hosts=a.example.org", "interlook.service=web");
        await consul.RegisterAsync("web-b", 8081, "interlook.hosts=b.example.org", "interlook.service=web");

        var follower = await FollowAsync();
        var web = follower.Services["web"];
        await consul.DeregisterAsync(CatalogEntries.Node, "web-a");

        Assert.Equal(["10.0.0.1:8080", "10.0.0.1:8081"], web.Targets.Select(target => target.Endpoint));
        Assert.Equal(["a.example.org", "b.example.org"], web.DnsNames);
        await follower.UntilAsync("the other one stays", services => services["web"].Targets.Count == 1);
    }

    [Fact]
    public async Task A_tag_that_becomes_unreadable_is_reported_and_the_service_keeps_what_it_had()
    {
        await consul.RegisterAsync("shop", 8080, "interlook.hosts=shop.example.org");
        var follower = await FollowAsync();

        await consul.RegisterAsync("shop", 8081, "interlook.hosts=shop.example.org", "interlook.weight=heavy");

        await follower.UntilAsync("it is reported", _ => follower.Rejections.Length == 1);
        await follower.UntilAsync("its port has changed all the same", services => services["shop"].Targets[0].Port == 8081);
        Assert.Equal(["shop.example.org"], follower.Services["shop"].DnsNames);
    }

    [Fact]
    public async Task A_datacenter_that_is_not_there_stops_the_start()
    {
        var provider = new ConsulCatalogProvider(new() { Url = consul.Url, Datacenter = "nowhere" }, TestContexts.Create(ConsulExtensions.Catalog));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));

        Assert.Equal(Reason.Unavailable, failure.Reason);
        Assert.Contains("No path to datacenter", failure.Message, StringComparison.Ordinal);
        await provider.StopAsync(Stopping);
    }

    private async Task<ProviderFollower> FollowAsync(Action<ConsulCatalogOptions>? change = null)
    {
        var options = new ConsulCatalogOptions { Url = consul.Url };
        change?.Invoke(options);
        var provider = new ConsulCatalogProvider(options, TestContexts.Create(ConsulExtensions.Catalog));
        await provider.StartAsync(Stopping);
        var follower = await ProviderFollower.StartAsync(provider, Stopping);
        open.Add(follower);
        return follower;
    }
}
