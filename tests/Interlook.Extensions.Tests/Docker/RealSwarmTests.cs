using System.Collections.Immutable;
using Interlook.Extensions.Docker;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary><c>provider.swarm</c> on a real swarm of one node.</summary>
[Collection(SharedDockerEngine.Collection)]
public sealed class RealSwarmTests(SharedDockerEngine shared) : IAsyncLifetime
{
    private readonly List<IProvider> started = [];
    private readonly List<ProviderFollower> followers = [];
    private DockerEngine engine = null!;
    private bool isSwarm;

    public async ValueTask InitializeAsync() => engine = await shared.StartedAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in followers)
            await follower.DisposeAsync();
        foreach (var provider in started)
            await provider.StopAsync(CancellationToken.None);
        if (isSwarm)
            await engine.LeaveSwarmAsync();
    }

    [Fact]
    public async Task A_daemon_outside_a_swarm_fails_the_start_and_says_what_to_do()
    {
        var provider = Create();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("docker swarm init", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_with_host_ports_comes_scales_changes_and_goes()
    {
        await BeginSwarmAsync();
        var follower = await FollowAsync();

        await CreateAsync("shop", "mode=host,target=80", "shop.example.org");
        await follower.UntilAsync("shop has one target", services => Targets(services, "shop") == 1);
        await engine.DockerAsync("service", "scale", "-d", "shop=3");
        await follower.UntilAsync("shop has three targets", services => Targets(services, "shop") == 3);
        foreach (var target in (IEnumerable<Target>)follower.Services["shop"].Targets)
            Assert.Equal("127.0.0.1", target.Host);
        await engine.DockerAsync("service", "scale", "-d", "shop=1");
        await follower.UntilAsync("shop has one target again", services => Targets(services, "shop") == 1);
        await engine.DockerAsync("service", "update", "-d", "--label-add", "interlook.hosts=store.example.org", "--label-add", "interlook.ssl=true", "shop");
        await follower.UntilAsync(
            "shop has its new name and TLS", services => services["shop"] is { Tls: true, DnsNames: [_] } shop && shop.DnsNames[0] == "store.example.org");
        await engine.DockerAsync("service", "rm", "shop");

        await follower.UntilAsync("shop is withdrawn", services => services.IsEmpty);
    }

    [Fact]
    public async Task The_tasks_of_an_ingress_service_become_the_weight_of_their_node()
    {
        await BeginSwarmAsync();
        await CreateAsync("mesh", "published=18080,target=80", "mesh.example.org", replicas: 3);

        var follower = await FollowAsync();

        await follower.UntilAsync(
            "the node has weight 3", services => services.TryGetValue("mesh", out var mesh) && mesh.Targets.SequenceEqual([new Target("127.0.0.1", 18080, 3)]));
    }

    [Fact]
    public async Task A_label_that_becomes_wrong_is_rejected_and_the_service_stays_as_it_was()
    {
        await BeginSwarmAsync();
        await CreateAsync("shop", "mode=host,target=80", "shop.example.org");
        var follower = await FollowAsync();
        await follower.UntilAsync("shop has one target", services => Targets(services, "shop") == 1);

        await engine.DockerAsync("service", "update", "-d", "--label-add", "interlook.port=eighty", "shop");
        await follower.UntilAsync("it is rejected", _ => follower.Rejections.Any(rejection => rejection.Subject == "service shop"));

        Assert.Equal(1, Targets(follower.Services, "shop"));
        Assert.Equal(follower.Services["shop"], await started[0].RefreshAsync("shop", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_refresh_finds_a_service_by_its_whole_name_only()
    {
        await BeginSwarmAsync();
        await CreateAsync("shop", "mode=host,target=80", "shop.example.org");
        await CreateAsync("shopping", "mode=host,target=80", "shopping.example.org");
        var follower = await FollowAsync();
        await follower.UntilAsync("both have targets", services => Targets(services, "shop") == 1 && Targets(services, "shopping") == 1);

        var shop = await started[0].RefreshAsync("shop", TestContext.Current.CancellationToken);

        Assert.Equal(["shop.example.org"], shop!.DnsNames);
        Assert.Null(await started[0].RefreshAsync("sho", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_address_label_of_a_node_wins()
    {
        await BeginSwarmAsync();
        await CreateAsync("shop", "mode=host,target=80", "shop.example.org");
        var follower = await FollowAsync();
        await follower.UntilAsync("shop has one target", services => Targets(services, "shop") == 1);

        var node = await engine.DockerAsync("node", "ls", "-q");
        await engine.DockerAsync("node", "update", "--label-add", "interlook.ip=127.0.0.9", node);

        await follower.UntilAsync("the target has the node's own address", services => services["shop"].Targets is [{ Host: "127.0.0.9" }]);
    }

    private async Task BeginSwarmAsync()
    {
        await engine.InitializeSwarmAsync();
        isSwarm = true;
    }

    private Task<string> CreateAsync(string name, string port, string host, int replicas = 1) => engine.DockerAsync(
        "service", "create", "-d", "--name", name, "--replicas", $"{replicas}", "--publish", port, "--stop-grace-period", "1s",
        "--label", $"interlook.hosts={host}", "--label", "interlook.port=80", DockerEngine.Image, "httpd", "-f", "-p", "80");

    private async Task<ProviderFollower> FollowAsync()
    {
        var provider = Create();
        await provider.StartAsync(TestContext.Current.CancellationToken);
        var follower = await ProviderFollower.StartAsync(provider, TestContext.Current.CancellationToken);
        followers.Add(follower);
        return follower;
    }

    private SwarmProvider Create()
    {
        var provider = new SwarmProvider(DockerContext.Options(SwarmOptions.Schema, ("endpoint", engine.Endpoint)), DockerContext.For(DockerExtensions.Swarm));
        started.Add(provider);
        return provider;
    }

    private static int Targets(ImmutableSortedDictionary<string, ServiceDefinition> services, string name) =>
        services.TryGetValue(name, out var service) ? service.Targets.Count : -1;
}
