using System.Net;
using Interlook.Extensions.Kubernetes.Answering;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Extensions.Tests.Kubernetes.Publishing;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Answering;

/// <summary>What stands in the status of Services of our class, and stays there.</summary>
public sealed class StatusKeeperTests : IAsyncDisposable
{
    private static readonly ServiceKey Web = new(ServiceKey.DefaultWorkflow, "shop/web");

    private readonly CancellationTokenSource stopped = new();
    private readonly ManualTimeProvider time = new();
    private readonly MemoryInformer<Service> services = new();
    private readonly MemoryStatusServer server;
    private readonly StatusKeeper keeper;
    private readonly StatusTranslation translation = new("status.kubernetes", withHostNames: true);
    private Task running = Task.CompletedTask;

    public StatusKeeperTests()
    {
        server = new(services);
        keeper = KeeperOf("test");
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await Record.ExceptionAsync(() => running);
        stopped.Dispose();
    }

    [Fact]
    public async Task A_Service_of_our_class_gets_its_address_and_names()
    {
        services.Put(OurService());

        await keeper.SetAsync(Web, At("10.0.0.1", "web.example.org", "*.web.example.org"), Stopping);

        Assert.Equal(["shop/web: 10.0.0.1 web.example.org True"], server.Writes);
    }

    [Fact]
    public async Task What_is_said_already_is_not_written_again()
    {
        services.Put(OurService());

        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        Assert.Single(server.Writes);
    }

    [Fact]
    public async Task A_restart_writes_nothing_where_all_is_as_it_was()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        server.Writes.Clear();
        var restarted = KeeperOf("test");
        restarted.Resume(Web, At("10.0.0.1"));

        Run(restarted);
        await restarted.SetAsync(Web, At("10.0.0.1"), Stopping);

        Assert.Empty(server.Writes);
        Assert.Null(restarted.Difference(Web, At("10.0.0.1")));
    }

    [Fact]
    public async Task A_Service_that_a_selector_does_not_show_any_more_is_taken_back_from_too()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        server.Writes.Clear();

        services.Hide(new("shop", "web"));
        await keeper.SetAsync(Web, WantedStatus.None, Stopping);

        Assert.Equal(["shop/web: "], server.Writes);
    }

    [Fact]
    public async Task A_server_that_drops_conditions_is_not_written_to_for_ever()
    {
        server.DropsConditions = true;
        services.Put(OurService());
        Run(keeper);

        await keeper.SetAsync(Web, Failed(Reason.Exhausted), Stopping);
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        var restarted = KeeperOf("test");
        restarted.Resume(Web, At("10.0.0.1"));

        Assert.Equal(2, server.Writes.Count);
        Assert.Null(restarted.Difference(Web, At("10.0.0.1")));
    }

    [Fact]
    public async Task What_others_remove_is_put_back()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        Run(keeper);

        services.Put(services.Latest!.Find(new("shop", "web"))! with { Status = new(), Metadata = Meta("500") });

        await Eventually.TrueAsync("it is written again", () => server.Writes.Count == 2);
    }

    [Fact]
    public async Task What_others_remove_again_and_again_is_put_back_later_and_later()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        Run(keeper);

        foreach (var (round, pause) in new[] { 0, 1, 2, 4, 8 }.Index())
        {
            services.Put(services.Latest!.Find(new("shop", "web"))! with { Status = new(), Metadata = Meta($"{500 + round}") });
            if (pause > 0)
            {
                await Eventually.TrueAsync("it waits", () => time.NextDue is not null);
                Assert.Equal(TimeSpan.FromSeconds(pause), time.NextDue);
                Assert.Equal(1 + round, server.Writes.Count);
                time.Advance(TimeSpan.FromSeconds(pause));
            }
            await Eventually.TrueAsync("it is written again", () => server.Writes.Count == 2 + round);
        }
    }

    [Fact]
    public async Task A_Service_that_leaves_our_class_loses_its_status_at_once()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        Run(keeper);

        services.Put(services.Latest!.Find(new("shop", "web"))! with { Spec = new() { Type = Service.NodePort } });

        await Eventually.TrueAsync("it is taken back", () => server.Writes.LastOrDefault() == "shop/web: ");
    }

    [Fact]
    public async Task What_was_written_and_is_not_seen_for_long_counts_as_lost()
    {
        server.Shows = false;
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        var atOnce = keeper.Difference(Web, At("10.0.0.1"));
        time.Advance(TimeSpan.FromMinutes(1));
        var later = keeper.Difference(Web, At("10.0.0.1"));

        Assert.Null(atOnce);
        Assert.NotNull(later);
    }

    [Fact]
    public async Task A_server_that_went_back_in_time_is_written_to_again()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        services.Put(OurService()); // of an older version, without a status

        Assert.NotNull(keeper.Difference(Web, At("10.0.0.1")));
    }

    [Fact]
    public async Task A_failure_that_is_told_is_no_drift()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        await keeper.SetAsync(Web, Failed(Reason.Unreachable, "10.0.0.1"), Stopping);
        var looking = KeeperOf("test");
        looking.Resume(Web, At("10.0.0.1"));

        Assert.Null(keeper.Difference(Web, At("10.0.0.1")));
        Assert.Null(looking.Difference(Web, At("10.0.0.1")));
    }

    [Fact]
    public async Task A_Service_made_anew_under_the_name_is_written_to()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        Run(keeper);

        services.Put(OurService("another"));

        await Eventually.TrueAsync("it is written again", () => server.Writes.Count == 2);
        Assert.Equal("another", services.Latest!.Find(new("shop", "web"))!.Metadata.Uid);
    }

    [Fact]
    public async Task What_the_informer_has_not_seen_yet_counts_as_written()
    {
        server.Shows = false;
        services.Put(OurService());

        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        var difference = keeper.Difference(Web, At("10.0.0.1"));
        await keeper.SetAsync(Web, WantedStatus.None, Stopping);

        Assert.Null(difference);
        Assert.Equal(["shop/web: 10.0.0.1 True", "shop/web: "], server.Writes);
    }

    [Theory]
    [InlineData(Service.LoadBalancer, "example.com/other")]
    [InlineData(Service.LoadBalancer, null)]
    [InlineData(Service.NodePort, null)]
    public async Task A_Service_of_another_class_keeps_its_status(string type, string? name)
    {
        var theirs = OurService() with { Spec = new() { Type = type, LoadBalancerClass = name } };
        services.Put(theirs with { Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "192.0.2.1" }] } } });

        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        await keeper.SetAsync(Web, Failed(Reason.Exhausted), Stopping);
        await keeper.SetAsync(Web, WantedStatus.None, Stopping);

        Assert.Empty(server.Writes);
        Assert.Null(keeper.Difference(Web, At("10.0.0.1")));
    }

    [Fact]
    public async Task A_Service_that_is_no_longer_of_our_class_loses_what_we_left()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        services.Put(services.Latest!.Find(new("shop", "web"))! with { Spec = new() { Type = Service.NodePort } });

        await keeper.SetAsync(Web, WantedStatus.None, Stopping);

        Assert.Equal("shop/web: ", server.Writes.Last());
    }

    [Fact]
    public async Task A_Service_that_has_gone_is_no_failure()
    {
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);
        await keeper.SetAsync(Web, WantedStatus.None, Stopping);

        Assert.Empty(server.Writes);
    }

    [Fact]
    public async Task A_refusal_is_the_callers_to_tell()
    {
        services.Put(OurService());
        server.Refusal = new ExtensionException(Reason.Conflict, "another manager has it");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => keeper.SetAsync(Web, At("10.0.0.1"), Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.NotNull(keeper.Difference(Web, At("10.0.0.1")));
    }

    [Fact]
    public async Task A_Service_that_has_gone_unseen_is_no_failure()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        services.ChangeUnseen(new("shop", "web"), null);
        await keeper.SetAsync(Web, WantedStatus.None, Stopping);

        Assert.Equal(["shop/web: 10.0.0.1 True"], server.Writes);
    }

    [Fact]
    public async Task A_Service_that_was_made_anew_unseen_is_written_to()
    {
        services.Put(OurService());

        services.ChangeUnseen(new("shop", "web"), OurService("two"));
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        Assert.Equal("two", services.Find(new("shop", "web"))!.Metadata.Uid);
        Assert.Equal(["shop/web: 10.0.0.1 True"], server.Writes);
    }

    [Fact]
    public async Task A_failure_after_the_deployment_keeps_the_address()
    {
        services.Put(OurService());
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        await keeper.SetAsync(Web, Failed(Reason.Unreachable, "10.0.0.1"), Stopping);
        await keeper.SetAsync(Web, At("10.0.0.1"), Stopping);

        Assert.Equal(["shop/web: 10.0.0.1 True", "shop/web: 10.0.0.1 False Unreachable", "shop/web: 10.0.0.1 True"], server.Writes);
    }

    private static Service OurService(string uid = "one") => new()
    {
        Metadata = Meta("1") with { Uid = uid },
        Spec = new() { Type = Service.LoadBalancer, LoadBalancerClass = PublishingRules.DefaultClass },
    };

    private static ObjectMeta Meta(string version) => new() { Namespace = "shop", Name = "web", Uid = "one", ResourceVersion = version };

    private static WantedStatus Failed(Reason reason, string? address = null) =>
        new(address is null ? null : Definition(address), new("ipam.ipalloc", reason, "it failed", 1), WithHostNames: true);

    private WantedStatus At(string address, params string[] names) => translation.Of(Definition(address, names));

    private static ServiceDefinition Definition(string address, params string[] names) => new()
    {
        Name = "shop/web",
        Provider = "provider.kubernetes",
        PublicIp = IPAddress.Parse(address),
        DnsNames = [.. names],
    };

    private StatusKeeper KeeperOf(string instance) => new(
        services, server, new(instance), service => PublishingRules.IsOfClass(service, PublishingRules.DefaultClass), time, NullLogger.Instance);

    private void Run(StatusKeeper which) => running = which.RunAsync(stopped.Token);
}
