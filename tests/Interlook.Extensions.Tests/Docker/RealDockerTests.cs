using System.Collections.Immutable;
using Interlook.Extensions.Docker;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary><c>provider.docker</c> on a real Docker Engine.</summary>
[Collection(SharedDockerEngine.Collection)]
public sealed class RealDockerTests(SharedDockerEngine shared) : IAsyncLifetime
{
    private readonly List<IProvider> started = [];
    private readonly List<ProviderFollower> followers = [];
    private DockerEngine engine = null!;

    public async ValueTask InitializeAsync() => engine = await shared.StartedAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in followers)
            await follower.DisposeAsync();
        foreach (var provider in started)
            await provider.StopAsync(CancellationToken.None);
        if (engine is not null)
            await engine.RemoveContainersAsync();
    }

    [Fact]
    public async Task The_target_of_a_container_answers_and_goes_with_it()
    {
        var follower = await FollowAsync();

        await engine.RunContainerAsync("web", [("interlook.hosts", "web.example.org"), ("interlook.port", "80")], ["-p", "80"]);
        await follower.UntilAsync("web is published", services => Targets(services, "web") == 1);
        var target = follower.Services["web"].Targets[0];
        var answers = await AnswersAsync(target);
        await engine.DockerAsync("rm", "-f", "web");
        await follower.UntilAsync("web is withdrawn", services => services.IsEmpty);

        Assert.True(answers);
        Assert.Equal("127.0.0.1", target.Host);
    }

    [Fact]
    public async Task A_container_with_a_health_check_is_a_target_only_while_healthy()
    {
        var follower = await FollowAsync();

        await engine.RunContainerAsync(
            "sick", [("interlook.hosts", "sick.example.org"), ("interlook.port", "80")],
            ["-p", "80", "--health-cmd", "test -f /tmp/well", "--health-interval", "1s", "--health-retries", "1"]);
        await follower.UntilAsync("it is published without a target", services => Targets(services, "sick") == 0);
        await engine.DockerAsync("exec", "sick", "touch", "/tmp/well");
        await follower.UntilAsync("it has a target", services => Targets(services, "sick") == 1);
        await engine.DockerAsync("exec", "sick", "rm", "/tmp/well");

        await follower.UntilAsync("it has no target again", services => Targets(services, "sick") == 0);
    }

    [Fact]
    public async Task A_paused_container_takes_no_traffic_and_a_stopped_one_is_gone()
    {
        await engine.RunContainerAsync("web", [("interlook.hosts", "web.example.org"), ("interlook.port", "80")], ["-p", "80"]);
        var follower = await FollowAsync();
        await follower.UntilAsync("it has a target", services => Targets(services, "web") == 1);

        await engine.DockerAsync("pause", "web");
        await follower.UntilAsync("it has no target", services => Targets(services, "web") == 0);
        await engine.DockerAsync("unpause", "web");
        await follower.UntilAsync("it has its target again", services => Targets(services, "web") == 1);
        await engine.DockerAsync("stop", "-t", "1", "web");
        await follower.UntilAsync("it is withdrawn", services => services.IsEmpty);
        await engine.DockerAsync("start", "web");
        await follower.UntilAsync("it is published again", services => Targets(services, "web") == 1);

        Assert.True(await AnswersAsync(follower.Services["web"].Targets[0]));
    }

    [Fact]
    public async Task A_container_that_is_told_to_stop_loses_its_traffic_before_it_ends()
    {
        // The shell as process 1 ignores SIGTERM, so docker stop waits its time out before it kills.
        await engine.RunContainerAsync("slow", [("interlook.hosts", "slow.example.org"), ("interlook.port", "80")], ["-p", "80"], ["sh", "-c", "httpd -f -p 80"]);
        var follower = await FollowAsync();
        await follower.UntilAsync("it has a target", services => Targets(services, "slow") == 1);

        await engine.DockerAsync("stop", "-t", "2", "slow");
        await follower.UntilAsync("it is withdrawn", services => services.IsEmpty);

        Assert.Contains(follower.Events, happened => happened is ProviderEvent.Published { Definition: { Name: "slow", Targets.Count: 0 } });
    }

    [Fact]
    public async Task Containers_of_one_service_share_its_traffic_and_a_killed_one_leaves()
    {
        (string, string)[] labels = [("interlook.hosts", "shop.example.org"), ("interlook.port", "80"), ("interlook.service", "shop")];
        await engine.RunContainerAsync("shop-1", labels, ["-p", "80"]);
        await engine.RunContainerAsync("shop-2", labels, ["-p", "80"]);
        var follower = await FollowAsync();
        await follower.UntilAsync("it has two targets", services => Targets(services, "shop") == 2);

        await engine.DockerAsync("kill", "shop-1");

        await follower.UntilAsync("it has one target", services => Targets(services, "shop") == 1);
    }

    [Fact]
    public async Task A_rename_moves_a_service_that_is_named_after_its_container()
    {
        await engine.RunContainerAsync("before", [("interlook.hosts", "web.example.org"), ("interlook.port", "80")], ["-p", "80"]);
        var follower = await FollowAsync();

        await engine.DockerAsync("rename", "before", "after");

        await follower.UntilAsync("it has its new name", services => services.Keys.SequenceEqual(["after"]));
    }

    [Fact]
    public async Task A_container_that_joins_the_target_network_late_is_published_then()
    {
        await engine.DockerAsync("network", "create", "front");
        try
        {
            var follower = await FollowAsync(("targetNetwork", "front"));
            await engine.RunContainerAsync("late", [("interlook.hosts", "late.example.org"), ("interlook.port", "80")]);
            await follower.UntilAsync("it is rejected", _ => follower.Rejections.Any(rejection => rejection.Subject == "container late"));

            await engine.DockerAsync("network", "connect", "front", "late");
            await follower.UntilAsync("it is published", services => Targets(services, "late") == 1);
            await follower.UntilAsync("the rejection is gone", _ => follower.Rejections.IsEmpty);

            Assert.True(await AnswersAsync(follower.Services["late"].Targets[0]));
        }
        finally
        {
            await engine.RemoveContainersAsync();
            await engine.DockerAsync("network", "rm", "front");
        }
    }

    [Fact]
    public async Task A_burst_of_starts_is_seen_in_full()
    {
        const int Burst = 64;
        var follower = await FollowAsync();
        using var sixteen = new SemaphoreSlim(16);

        await Task.WhenAll(Enumerable.Range(0, Burst).Select(async i =>
        {
            await sixteen.WaitAsync();
            try
            {
                await engine.RunContainerAsync(
                    $"burst-{i}", [("interlook.hosts", $"b{i}.example.org"), ("interlook.port", $"{20000 + i}")], ["--network", "host"], ["sleep", "600"]);
            }
            finally
            {
                sixteen.Release();
            }
        }));

        await follower.UntilAsync("every start is seen by its event", services => services.Count == Burst && services.Values.All(service => service.Targets.Count == 1));
        Assert.Single(follower.Events.OfType<ProviderEvent.Snapshot>());
    }

    [Fact]
    public async Task A_burst_of_starts_by_variable_is_seen_in_full_and_read_once_each()
    {
        const int Burst = 64;
        var follower = await FollowAsync(("discovery", "env"), ("host", "10.77.66.0"));
        using var sixteen = new SemaphoreSlim(16);

        await Task.WhenAll(Enumerable.Range(0, Burst).Select(async i =>
        {
            await sixteen.WaitAsync();
            try
            {
                await engine.RunContainerAsync($"burst-{i}", [], ["-e", $"DISCOVER=b{i}:{20000 + i},all:{20000 + i}", "--network", "host"], ["sleep", "600"]);
            }
            finally
            {
                sixteen.Release();
            }
        }));

        await follower.UntilAsync("every start is seen by its event", services => services.Count == Burst + 1 && Targets(services, "all") == Burst);
        await engine.RemoveContainersAsync();
        await follower.UntilAsync("and every end", services => services.IsEmpty);
        Assert.Single(follower.Events.OfType<ProviderEvent.Snapshot>());
    }

    [Fact]
    public async Task A_daemon_that_restarts_fails_the_watch_and_the_next_watch_sees_what_is_there()
    {
        await engine.RunContainerAsync("stays", [("interlook.hosts", "stays.example.org"), ("interlook.port", "80")], ["-p", "80", "--restart", "always"]);
        var follower = await FollowAsync();

        await engine.StopDaemonAsync();
        var failure = await follower.FailureAsync();
        await engine.StartDaemonAsync();
        var again = await ProviderFollower.StartAsync(started[0], TestContext.Current.CancellationToken);
        followers.Add(again);

        Assert.IsType<ExtensionException>(failure);
        await again.UntilAsync("it is published with a target", services => Targets(services, "stays") == 1);
    }

    [Fact]
    public async Task A_refresh_reads_the_service_as_the_watch_does()
    {
        await engine.RunContainerAsync("web", [("interlook.hosts", "web.example.org"), ("interlook.port", "80")], ["-p", "80"]);
        var follower = await FollowAsync();

        var refreshed = await started[0].RefreshAsync("web", TestContext.Current.CancellationToken);

        Assert.Equal(follower.Services["web"], refreshed);
        Assert.Null(await started[0].RefreshAsync("we", TestContext.Current.CancellationToken));
    }

    private async Task<ProviderFollower> FollowAsync(params (string Key, string Text)[] settings)
    {
        // A long interval: what a test sees came from events, not from a resync.
        var options = DockerContext.Options(DockerOptions.Schema, [("endpoint", engine.Endpoint), ("updateInterval", "1h"), .. settings]);
        var provider = new DockerProvider(options, DockerContext.For(DockerExtensions.Docker));
        started.Add(provider);
        await provider.StartAsync(TestContext.Current.CancellationToken);
        var follower = await ProviderFollower.StartAsync(provider, TestContext.Current.CancellationToken);
        followers.Add(follower);
        return follower;
    }

    private static int Targets(ImmutableSortedDictionary<string, ServiceDefinition> services, string name) =>
        services.TryGetValue(name, out var service) ? service.Targets.Count : -1;

    private static async Task<bool> AnswersAsync(Target target)
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync($"{target.Endpoint} answers", async () =>
        {
            using var answer = await http.GetAsync(new Uri($"http://{target.Endpoint}/"), TestContext.Current.CancellationToken);
            return true; // any answer, 404 too: busybox has no page
        });
        return true;
    }
}
