using System.Net;
using Interlook.Extensions.Docker;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>Discovery by environment on the fake daemon: what is asked of it, and when.</summary>
public sealed class EnvironmentDiscoveryTests : IAsyncLifetime
{
    /// <summary>Shorter than the deadline of a request, of which one may be under way when the clock moves.</summary>
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider time = new();
    private readonly LogLines log = new();
    private FakeDocker docker = null!;
    private DockerProvider? provider;
    private ProviderFollower? follower;
    private IReadOnlyList<IPAddress>? addresses = [IPAddress.Parse("10.77.66.0")];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => docker = await FakeDocker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (follower is not null)
            await follower.DisposeAsync();
        if (provider is not null)
            await provider.StopAsync(CancellationToken.None);
        await docker.DisposeAsync();
    }

    [Fact]
    public async Task A_container_that_starts_is_published_by_its_event_and_one_inspection()
    {
        await FollowAsync();
        docker.ForgetRequests();

        docker.Put(Container(1, "DISCOVER=httpd:80"));
        await follower!.UntilAsync("it is published", services => services.ContainsKey("httpd"));

        Assert.Equal(["GET /v1.41/containers/id1/json"], docker.Requests);
        Assert.Equal([new Target("10.77.66.0", 32769)], follower.Services["httpd"].Targets);
        Assert.Equal(["httpd"], follower.Services["httpd"].DnsNames);
    }

    [Fact]
    public async Task A_container_that_asks_for_nothing_is_read_once_in_its_life()
    {
        docker.Put(Container(1), action: null);
        docker.Put(Container(2, "DISCOVER=httpd:80"), action: null);
        await FollowAsync();
        Assert.Equal(1, docker.Count("/containers/id1/json"));

        docker.Put(Container(1) with { HostPort = 1 }); // it starts again, on another port
        docker.Put(Container(1), "health_status: healthy");
        docker.Remove("id2");
        await follower!.UntilAsync("what came later is done", services => services.IsEmpty);
        time.Advance(Resync);
        await follower.UntilAsync("a resync", _ => follower.Snapshots == 2);

        Assert.Equal(1, docker.Count("/containers/id1/json"));
    }

    [Fact]
    public async Task A_container_that_did_not_change_is_not_read_again_at_a_resync()
    {
        docker.Put(Container(1, "DISCOVER=httpd:80"), action: null);
        await FollowAsync();
        docker.ForgetRequests();

        time.Advance(Resync);
        await follower!.UntilAsync("a resync", _ => follower.Snapshots == 2);

        Assert.Equal(["GET /v1.41/containers/json?all=1"], docker.Requests);
    }

    [Fact]
    public async Task A_restart_on_another_port_moves_the_target()
    {
        docker.Put(Container(1, "DISCOVER=httpd:80"), action: null);
        await FollowAsync();

        docker.Put(Container(1, "DISCOVER=httpd:80") with { Status = "exited" }, "die");
        await follower!.UntilAsync("it is withdrawn", services => services.IsEmpty);
        docker.Put(Container(1, "DISCOVER=httpd:80") with { HostPort = 40000 });

        await follower.UntilAsync("it has the other port", services => services.TryGetValue("httpd", out var httpd) && httpd.Targets[0].Port == 40000);
    }

    [Fact]
    public async Task One_of_several_services_of_a_container_that_can_no_longer_be_reached_stays_without_its_target()
    {
        docker.Put(Container(1, "DISCOVER=httpd:80,:80"), action: null);
        await FollowAsync();
        await follower!.UntilAsync("the pair without a name is rejected", _ => follower.Rejections.Length == 1);

        docker.Put(Container(1, "DISCOVER=httpd:80,:80") with { HostIp = "127.0.0.1" }, "update");

        await follower.UntilAsync("it has no target", services => services["httpd"].Targets.Count == 0);
        await follower.UntilAsync("both pairs are rejected", _ => follower.Rejections.Length == 2);
    }

    [Fact]
    public async Task A_refresh_reads_the_containers_of_the_service_and_those_that_nobody_has_read()
    {
        docker.Put(Container(1, "DISCOVER=a:80"), action: null);
        docker.Put(Container(2, "DISCOVER=b:80"), action: null);
        docker.Put(Container(3), action: null);
        await FollowAsync();
        docker.Put(Container(4, "DISCOVER=a:80"), action: null); // nothing said so
        docker.ForgetRequests();

        var refreshed = await provider!.RefreshAsync("a", Stopping);

        Assert.Equal([new Target("10.77.66.0", 32769), new Target("10.77.66.0", 32772)], refreshed!.Targets);
        Assert.Equal(2, docker.Count("/containers/id"));
        Assert.Null(await provider.RefreshAsync("c", Stopping));
    }

    [Fact]
    public async Task A_host_that_moves_has_every_target_announced_anew()
    {
        docker.Put(Container(1, "DISCOVER=a:80"), action: null);
        docker.Put(Container(2, "DISCOVER=b:80"), action: null);
        await FollowAsync(("watchInterface", "true"));

        addresses = [IPAddress.Parse("fe80::1"), IPAddress.Parse("10.77.66.1")];
        time.Advance(TimeSpan.FromSeconds(5));

        await follower!.UntilAsync("both have moved", services => services.Values.All(service => service.Targets is [{ Host: "10.77.66.1" }]));
        Assert.Contains("interface eth0 has moved from 10.77.66.0 to 10.77.66.1; targets of variables are announced anew", log.All);
    }

    [Fact]
    public async Task An_interface_that_loses_its_address_moves_nothing_and_says_so_once()
    {
        docker.Put(Container(1, "DISCOVER=a:80"), action: null);
        await FollowAsync(("watchInterface", "true"));

        addresses = null;
        time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync("it is said", () => log.All.Any(line => line.Contains("has no usable address now", StringComparison.Ordinal)));
        time.Advance(TimeSpan.FromSeconds(5));
        docker.Put(Container(2, "DISCOVER=b:80"));
        await follower!.UntilAsync("another is announced there", services => services.TryGetValue("b", out var b) && b.Targets[0].Host == "10.77.66.0");

        Assert.Single(log.All, line => line.Contains("has no usable address now", StringComparison.Ordinal));
        Assert.Equal("10.77.66.0", follower.Services["a"].Targets[0].Host);
    }

    [Fact]
    public async Task Without_watchInterface_a_host_stays_where_it_was()
    {
        docker.Put(Container(1, "DISCOVER=a:80"), action: null);
        await FollowAsync();

        addresses = [IPAddress.Parse("10.77.66.1")];
        time.Advance(TimeSpan.FromSeconds(5));
        docker.Put(Container(2, "DISCOVER=b:80"));

        await follower!.UntilAsync("the other is there", services => services.ContainsKey("b"));
        Assert.All(follower.Services.Values, service => Assert.Equal("10.77.66.0", service.Targets[0].Host));
    }

    [Fact]
    public async Task HighHock_17_a_listing_that_fails_withdraws_nothing()
    {
        docker.Put(Container(1, "DISCOVER=a:80"), action: null);
        await FollowAsync();
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Answer(500) : null;

        time.Advance(Resync);

        Assert.Equal(Reason.Unavailable, Assert.IsType<ExtensionException>(await follower!.FailureAsync()).Reason);
        Assert.True(follower.Services.ContainsKey("a"));
    }

    private async Task FollowAsync(params (string Key, string Text)[] settings)
    {
        var options = DockerContext.Options(DockerOptions.Schema, [("endpoint", docker.Endpoint), ("discovery", "env"), ("updateInterval", "10s"), .. settings]);
        var sources = new PublicHostSources { Environment = _ => null, Addresses = _ => addresses };
        provider = new DockerProvider(options, TestContexts.Create(DockerExtensions.Docker, time: time, loggers: log), sources);
        await provider.StartAsync(Stopping);
        follower = await ProviderFollower.StartAsync(provider, Stopping);
    }

    private static FakeContainer Container(int number, params string[] environment) => new()
    {
        Id = $"id{number}",
        Name = $"c{number}",
        Age = number,
        HostPort = 32768 + number,
        Environment = environment,
    };
}
