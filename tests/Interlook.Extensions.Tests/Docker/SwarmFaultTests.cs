using Interlook.Extensions.Docker;
using Interlook.Providers;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>A manager that misbehaves: an error anywhere in a pass is unknown, and withdraws nothing.</summary>
public sealed class SwarmFaultTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new();
    private FakeDocker docker = null!;
    private FakeSwarm swarm = null!;
    private SwarmProvider provider = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        docker = await FakeDocker.StartAsync();
        swarm = new FakeSwarm(docker);
        swarm.Begin();
        swarm.Put("shop", ("interlook.hosts", "shop.example.org"), ("interlook.port", "80"), ("interlook.service", "shop"));
        provider = new SwarmProvider(DockerContext.Options(SwarmOptions.Schema, ("endpoint", docker.Endpoint)), DockerContext.For(DockerExtensions.Swarm, time));
    }

    public async ValueTask DisposeAsync()
    {
        await provider.StopAsync(CancellationToken.None);
        await docker.DisposeAsync();
    }

    [Theory]
    [InlineData("/services", 500, Reason.Unavailable)]
    [InlineData("/tasks", 500, Reason.Unavailable)]
    [InlineData("/nodes", 503, Reason.Unavailable)]
    [InlineData("/nodes", 403, Reason.Unauthorized)]
    [InlineData("/services", 401, Reason.Unauthorized)]
    [InlineData("/tasks", 429, Reason.Unavailable)]
    [InlineData("/services", 400, Reason.Refused)]
    public async Task An_error_anywhere_in_a_pass_fails_the_watch_and_withdraws_nothing(string part, int status, Reason reason)
    {
        await using var follower = await ProviderFollower.StartAsync(provider, Stopping);
        docker.Fault = path => path.Contains(part, StringComparison.Ordinal) ? FakeFault.Answer(status) : null;

        swarm.Put("blog", ("interlook.hosts", "blog.example.org"), ("interlook.port", "80"), ("interlook.service", "blog"));

        Assert.Equal(reason, Assert.IsType<ExtensionException>(await follower.FailureAsync()).Reason);
        Assert.Equal(["shop"], follower.Services.Keys);
    }

    [Theory]
    [InlineData("""{"Swarm":{"LocalNodeState":"inactive"}}""", "docker swarm init")]
    [InlineData("""{"Swarm":{"LocalNodeState":"active","ControlAvailable":false}}""", "manager")]
    [InlineData("""{"Swarm":{"LocalNodeState":"locked"}}""", "docker swarm unlock")]
    public async Task A_daemon_that_cannot_answer_for_a_swarm_says_what_to_do(string engine, string advice)
    {
        docker.Engine = engine;
        docker.Fault = path => path.Contains("/services", StringComparison.Ordinal) ? FakeFault.Answer(503) : null;

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_an_event_reports_removed_is_withdrawn_by_name()
    {
        await using var follower = await ProviderFollower.StartAsync(provider, Stopping);

        swarm.Remove("shop");

        await follower.UntilAsync("it is withdrawn", services => services.IsEmpty);
        Assert.Contains(new ProviderEvent.Withdrawn("shop"), follower.Events);
    }

    [Fact]
    public async Task A_removal_that_the_listing_denies_withdraws_nothing()
    {
        await using var follower = await ProviderFollower.StartAsync(provider, Stopping);
        var before = follower.Snapshots;

        docker.Say("""{"Type":"service","Action":"remove","Actor":{"ID":"s1"},"scope":"swarm"}""");

        await follower.UntilAsync("the pass is over", _ => follower.Snapshots > before);
        Assert.Equal(["shop"], follower.Services.Keys);
        Assert.DoesNotContain(follower.Events, happened => happened is ProviderEvent.Withdrawn);
    }

    [Fact]
    public async Task A_service_that_goes_while_its_tasks_are_asked_for_harms_nobody()
    {
        var asked = 0;
        docker.Fault = path => path.Contains("/tasks", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1 ? FakeFault.Answer(404) : null;

        await using var follower = await ProviderFollower.StartAsync(provider, Stopping);

        Assert.Single(follower.Services["shop"].Targets);
    }

    [Fact]
    public async Task Labels_that_become_unusable_keep_the_service_through_a_lost_connection()
    {
        await using var first = await ProviderFollower.StartAsync(provider, Stopping);
        await docker.StopAsync();
        await first.FailureAsync();
        await docker.StartAsync();
        swarm.Put("shop", ("interlook.hosts", "shop.example.org"), ("interlook.port", "x"), ("interlook.service", "shop"));

        await using var second = await ProviderFollower.StartAsync(provider, Stopping);

        Assert.Equal(["shop"], second.Services.Keys);
        await second.UntilAsync("it is rejected", _ => second.Rejections.Length == 1);
    }

    [Fact]
    public void After_an_event_it_looks_again_soon_and_then_every_poll_interval()
    {
        var pace = new SwarmPace(TimeSpan.FromSeconds(15));

        double[] waits = [.. Enumerable.Range(0, 6).Select(_ => pace.Next(converging: false).TotalSeconds)];
        var converging = pace.Next(converging: true).TotalSeconds;
        pace.Hurry();
        var hurried = pace.Next(converging: false).TotalSeconds;

        Assert.Equal([0.25, 0.5, 1, 2, 15, 15], waits);
        Assert.Equal(2, converging);
        Assert.Equal(0.25, hurried);
    }
}
