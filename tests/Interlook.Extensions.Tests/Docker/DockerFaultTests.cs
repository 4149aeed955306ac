using System.Globalization;
using Interlook.Collections;
using Interlook.Extensions.Docker;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>A daemon that misbehaves: each fault is a clear error, and none is an empty answer.</summary>
public sealed class DockerFaultTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new();
    private readonly List<ProviderFollower> followers = [];
    private FakeDocker docker = null!;
    private DockerProvider provider = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        docker = await FakeDocker.StartAsync();
        provider = new DockerProvider(DockerContext.Options(DockerOptions.Schema, ("endpoint", docker.Endpoint)), DockerContext.For(DockerExtensions.Docker, time));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in followers)
            await follower.DisposeAsync();
        await provider.StopAsync(CancellationToken.None);
        await docker.DisposeAsync();
    }

    public static TheoryData<int, Reason> Statuses => new()
    {
        { 400, Reason.Refused },
        { 401, Reason.Unauthorized },
        { 403, Reason.Unauthorized },
        { 404, Reason.Refused },
        { 429, Reason.Unavailable },
        { 500, Reason.Unavailable },
        { 503, Reason.Unavailable },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_refused_listing_fails_the_watch_with_its_reason(int status, Reason reason)
    {
        docker.Put(Container(1));
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Answer(status, "7") : null;

        var follower = Follow();

        var failure = Assert.IsType<ExtensionException>(await follower.FailureAsync());
        Assert.Equal(reason, failure.Reason);
        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
        Assert.Contains($"HTTP {status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(docker.Endpoint, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"the daemon says {status}", failure.Message, StringComparison.Ordinal);
        Assert.Empty(follower.Events);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_refused_event_stream_fails_the_watch_with_its_reason(int status, Reason reason)
    {
        docker.Fault = path => path.Contains("/events", StringComparison.Ordinal) ? FakeFault.Answer(status) : null;

        var follower = Follow();

        Assert.Equal(reason, Assert.IsType<ExtensionException>(await follower.FailureAsync()).Reason);
        Assert.Empty(follower.Events);
    }

    [Theory]
    [InlineData("/containers/json", null, Reason.Unreachable)]
    [InlineData("/json", null, Reason.Unreachable)]
    [InlineData("/containers/json", """[{"Id":"id1","La""", Reason.Malformed)]
    [InlineData("/containers/json", "<html>", Reason.Malformed)]
    [InlineData("/containers/json", "null", Reason.Malformed)]
    [InlineData("/containers/json", """{"Id":1}""", Reason.Malformed)]
    [InlineData("/containers/id1/json", """{"Id":"id1","State":""", Reason.Malformed)]
    public async Task An_answer_that_is_cut_or_no_answer_at_all_fails_the_watch(string part, string? instead, Reason reason)
    {
        docker.Put(Container(1));
        docker.Fault = path => path.Contains(part, StringComparison.Ordinal) ? instead is null ? FakeFault.Cut : FakeFault.Instead(instead) : null;

        var follower = Follow();

        Assert.Equal(reason, Assert.IsType<ExtensionException>(await follower.FailureAsync()).Reason);
        Assert.Empty(follower.Events);
    }

    [Fact]
    public async Task A_request_that_hangs_ends_at_its_deadline()
    {
        var hanging = new TaskCompletionSource();
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Hang(hanging) : null;
        var refresh = provider.RefreshAsync("c1", Stopping);
        await hanging.Task.WaitAsync(Stopping);

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(Reason.Timeout, (await Assert.ThrowsAsync<ExtensionException>(() => refresh)).Reason);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Redirect("http://127.0.0.1:9/elsewhere") : null;

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));

        Assert.Equal(Reason.Refused, failure.Reason);
        Assert.Equal(0, docker.Count("elsewhere"));
    }

    [Fact]
    public async Task A_line_that_is_no_event_fails_the_watch()
    {
        var follower = await FollowedAsync();

        docker.Say("""{"Type":"container","Acti%%%""");

        Assert.Equal(Reason.Malformed, Assert.IsType<ExtensionException>(await follower.FailureAsync()).Reason);
    }

    [Fact]
    public async Task A_stream_that_ends_after_a_while_is_opened_again_and_a_snapshot_follows()
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        docker.Put(Container(2), action: null);

        docker.SayRaw("""{"Type":"container","Action":"sta""");
        docker.EndStreams();

        await follower.UntilAsync("what happened meanwhile is there", services => services.Count == 2 && follower.Snapshots == 2);
        docker.Put(Container(3));
        await follower.UntilAsync("events come again", services => services.Count == 3);
        Assert.Equal(2, docker.Count("/events"));
    }

    [Fact]
    public async Task A_stream_that_ends_at_once_fails_the_watch_so_that_nobody_spins()
    {
        var follower = await FollowedAsync();

        docker.EndStreams();

        Assert.Equal(Reason.Unavailable, Assert.IsType<ExtensionException>(await follower.FailureAsync()).Reason);
    }

    [Fact]
    public async Task A_container_that_goes_between_listing_and_inspection_is_skipped()
    {
        docker.Put(Container(1));
        docker.Put(Container(2));
        docker.Fault = path => path.Contains("/containers/id1/json", StringComparison.Ordinal) ? FakeFault.Answer(404) : null;

        var follower = await FollowedAsync();

        Assert.Equal(["c2"], follower.Services.Keys);
        Assert.Empty(follower.Rejections);
    }

    [Fact]
    public async Task A_container_that_cannot_be_read_fails_the_first_watch_and_no_other_that_begins()
    {
        var (failing, follower) = await SecondWatchAsync();
        await follower.UntilAsync("it is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == "container id1"));

        Assert.Equal(Reason.Unavailable, Assert.IsType<ExtensionException>(await failing.FailureAsync()).Reason);
        Assert.Empty(failing.Events);
        Assert.Equal(["c2"], follower.Services.Keys);
    }

    [Fact]
    public async Task Nothing_is_withdrawn_by_a_snapshot_while_a_container_was_never_read()
    {
        var (_, follower) = await SecondWatchAsync();

        docker.Fault = _ => null;
        time.Advance(TimeSpan.FromSeconds(15));
        await follower.UntilAsync("it is published", services => services.ContainsKey("c1"));
        await follower.UntilAsync("the resync is over", _ => follower.Snapshots == 2);

        Assert.Equal([false, true], follower.Events.OfType<ProviderEvent.Snapshot>().Select(snapshot => snapshot.IsComplete));
    }

    [Fact]
    public async Task What_goes_while_a_container_was_never_read_is_withdrawn()
    {
        var (_, follower) = await SecondWatchAsync();

        docker.Remove("id2", silently: true);
        time.Advance(TimeSpan.FromSeconds(15));
        await follower.UntilAsync("the resync is over", _ => follower.Snapshots == 2);

        Assert.Equal(["c2"], follower.Events.OfType<ProviderEvent.Withdrawn>().Select(withdrawn => withdrawn.Name));
    }

    [Fact]
    public async Task A_container_that_cannot_be_read_later_keeps_its_service_and_is_reported()
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();
        docker.Fault = CannotDescribeFirst;

        docker.Put(Container(1), "health_status: healthy");
        await follower.UntilAsync("it is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == "container id1"));
        Assert.Equal(["c1"], follower.Services.Keys);
        docker.Fault = _ => null;
        time.Advance(TimeSpan.FromSeconds(15));

        await follower.UntilAsync("the report is taken back", _ => follower.Rejections.IsEmpty);
    }

    [Fact]
    public async Task A_listing_that_lies_empty_withdraws_nothing()
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Instead("[]") : null;

        time.Advance(TimeSpan.FromSeconds(15));
        await follower.UntilAsync("the resync is over", _ => follower.Snapshots == 2);

        Assert.Equal(["c1"], follower.Services.Keys);
    }

    [Fact]
    public async Task A_first_listing_after_a_reconnect_that_lies_empty_withdraws_nothing()
    {
        docker.Put(Container(1));
        await LostAsync(await FollowedAsync());
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Instead("[]") : null;

        var follower = await FollowedAsync();
        var kept = follower.Services;
        docker.Remove("id1", silently: true);
        time.Advance(TimeSpan.FromSeconds(15));
        await follower.UntilAsync("the resync is over", _ => follower.Snapshots == 2);

        Assert.Equal(Targets(1), kept["c1"].Targets);
        Assert.Empty(follower.Services);
    }

    [Fact]
    public async Task What_went_while_the_daemon_was_away_is_withdrawn_by_the_next_watch()
    {
        docker.Put(Container(1));
        docker.Put(Container(2));
        docker.Put(Container(3));
        await LostAsync(await FollowedAsync());
        docker.Remove("id1", silently: true);
        docker.Put(Container(2) with { Status = "exited" }, action: null);

        var follower = await FollowedAsync();

        Assert.Equal(["c3"], follower.Services.Keys);
    }

    [Fact]
    public async Task A_container_known_before_that_cannot_be_read_keeps_its_service_in_the_second_watch_that_begins()
    {
        docker.Put(Container(1));
        await LostAsync(await FollowedAsync());
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Instead("[]")
            : CannotDescribeFirst(path);

        var failing = Follow();
        var failure = await failing.FailureAsync();
        var follower = await FollowedAsync();
        await follower.UntilAsync("it is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == "container id1"));

        Assert.Equal(Reason.Unavailable, Assert.IsType<ExtensionException>(failure).Reason);
        Assert.Empty(failing.Events);
        Assert.Equal(["c1"], follower.Services.Keys);
        Assert.True(follower.Events.OfType<ProviderEvent.Snapshot>().Single().IsComplete);
    }

    [Fact]
    public async Task A_container_that_became_unusable_while_the_daemon_was_away_keeps_its_service_without_target()
    {
        docker.Put(Container(1));
        await LostAsync(await FollowedAsync());
        docker.Put(Container(1) with { ContainerPort = 81 }, action: null);

        var follower = await FollowedAsync();
        await follower.UntilAsync("it is reported", _ => follower.Rejections.Length == 1);

        Assert.Empty(follower.Services["c1"].Targets);
    }

    [Fact]
    public async Task A_refresh_inspects_what_a_listing_that_lies_empty_leaves_out()
    {
        docker.Put(Container(1));
        await FollowedAsync();
        docker.Fault = path => path.Contains("/containers/json", StringComparison.Ordinal) ? FakeFault.Instead("[]") : null;

        var running = await provider.RefreshAsync("c1", Stopping);
        docker.Remove("id1", silently: true);
        var gone = await provider.RefreshAsync("c1", Stopping);

        Assert.Equal(Targets(1), running?.Targets);
        Assert.Null(gone);
    }

    [Fact]
    public async Task A_resync_repairs_what_no_event_told_and_inspects_nothing_else()
    {
        for (var i = 1; i <= 20; i++)
            docker.Put(Container(i));
        var follower = await FollowedAsync();
        docker.ForgetRequests();

        time.Advance(TimeSpan.FromSeconds(15));
        await follower.UntilAsync("an idle resync is over", _ => follower.Snapshots == 2);
        var idle = docker.Requests.ToList();
        docker.Remove("id7", silently: true);
        docker.Put(Container(8) with { Status = "paused" }, action: null);
        docker.Put(Container(21), action: null);
        docker.ForgetRequests();
        time.Advance(TimeSpan.FromSeconds(15));
        await follower.UntilAsync("the second resync is over", _ => follower.Snapshots == 3);

        Assert.Equal(2, idle.Count);
        Assert.All(idle, request => Assert.Contains("/containers/json", request, StringComparison.Ordinal));
        Assert.Equal(5, docker.Requests.Count);
        Assert.Equal(20, follower.Services.Count);
        Assert.False(follower.Services.ContainsKey("c7"));
        Assert.Empty(follower.Services["c8"].Targets);
    }

    [Fact]
    public async Task A_burst_of_events_is_taken_in_full_though_inspections_are_slow()
    {
        var follower = await FollowedAsync();

        Parallel.For(1, 201, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => docker.Put(Container(i)));

        await follower.UntilAsync("all are published", services => services.Count == 200);
        Assert.Equal(1, follower.Snapshots);
    }

    [Fact]
    public async Task Containers_that_ask_for_nothing_cost_nothing()
    {
        var follower = await FollowedAsync();
        docker.ForgetRequests();

        for (var i = 1; i <= 50; i++)
            docker.Put(Container(i) with { Labels = new Dictionary<string, string> { ["app"] = "db" } });
        docker.Put(Container(99));

        await follower.UntilAsync("the one that asks is published", services => services.Count == 1);
        Assert.Single(docker.Requests);
    }

    [Fact]
    public async Task Without_a_watch_listings_alone_tell_and_no_stream_is_opened()
    {
        var polling = new DockerProvider(
            DockerContext.Options(DockerOptions.Schema, ("endpoint", docker.Endpoint), ("Watch", "false"), ("WatchInterval", "10s")),
            DockerContext.For(DockerExtensions.Docker, time));
        await using var follower = await ProviderFollower.StartAsync(polling, Stopping);
        docker.Put(Container(1));

        time.Advance(TimeSpan.FromSeconds(10));

        await follower.UntilAsync("it is found", services => services.Count == 1);
        Assert.Equal(0, docker.Count("/events"));
        await follower.StopAsync();
        await polling.StopAsync(Stopping);
    }

    [Fact]
    public async Task A_container_that_outlives_its_stop_signal_is_served_again()
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();

        docker.Say(Container(1).Event("kill", "15").ToJsonString());
        await follower.UntilAsync("it gets no traffic", services => services["c1"].Targets.Count == 0);
        time.Advance(TimeSpan.FromSeconds(16));

        await follower.UntilAsync("it gets traffic again", services => services["c1"].Targets.Count == 1);
    }

    [Theory]
    [InlineData("die", null)]
    [InlineData("kill", "9")]
    public async Task A_container_that_ends_gets_no_traffic_before_the_daemon_lets_it_be_looked_at(string action, string? signal)
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();
        var asked = new TaskCompletionSource();
        docker.Fault = request => request.Contains($"/containers/{Container(1).Id}/json", StringComparison.Ordinal) ? FakeFault.Hang(asked) : null;

        docker.Say(Container(1).Event(action, signal).ToJsonString());

        await follower.UntilAsync("it gets no traffic", services => services["c1"].Targets.Count == 0);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stopping);
    }

    [Fact]
    public async Task A_container_that_ended_and_was_started_again_gets_traffic_again()
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();

        docker.Say(Container(1).Event("die").ToJsonString());
        await follower.UntilAsync("it gets no traffic", services => services["c1"].Targets.Count == 0);
        docker.Say(Container(1).Event("start").ToJsonString());

        await follower.UntilAsync("it gets traffic again", services => services["c1"].Targets.Count == 1);
    }

    [Fact]
    public async Task A_container_that_has_long_to_stop_is_not_served_again_before_that()
    {
        docker.Put(Container(1) with { StopTimeout = 60 });
        var follower = await FollowedAsync();

        docker.Say(Container(1).Event("kill", "15").ToJsonString());
        await follower.UntilAsync("it gets no traffic", services => services["c1"].Targets.Count == 0);
        var snapshots = follower.Snapshots;
        time.Advance(TimeSpan.FromSeconds(40));
        await follower.UntilAsync("it was looked at again", _ => follower.Snapshots > snapshots);

        Assert.Empty(follower.Services["c1"].Targets);
    }

    [Fact]
    public async Task A_signal_that_does_not_stop_changes_nothing()
    {
        docker.Put(Container(1));
        var follower = await FollowedAsync();

        docker.Say(Container(1).Event("kill", "1").ToJsonString());
        docker.Put(Container(2));
        await follower.UntilAsync("the next event is taken", services => services.Count == 2);

        Assert.DoesNotContain(follower.Events, happened => happened is ProviderEvent.Published { Definition.Targets.Count: 0 });
    }

    [Theory]
    [InlineData("1.24", "/v1.24/")]
    [InlineData("1.41", "/v1.41/")]
    [InlineData("1.52", "/v1.52/")]
    [InlineData("1.60", "/v1.52/")]
    public async Task The_highest_version_that_both_know_is_spoken(string server, string spoken)
    {
        docker.Version = server;

        await provider.StartAsync(Stopping);

        Assert.Contains(docker.Requests, request => request.Contains(spoken, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.12", Reason.Refused)]
    [InlineData("", Reason.Malformed)]
    [InlineData("new", Reason.Malformed)]
    public async Task A_daemon_that_is_too_old_or_no_daemon_is_refused(string server, Reason reason)
    {
        docker.Version = server;

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));

        Assert.Equal(reason, failure.Reason);
    }

    [Fact]
    public async Task The_version_is_agreed_on_anew_when_the_daemon_comes_back_older()
    {
        docker.Version = "1.52";
        await FollowedAsync();
        await docker.StopAsync();
        docker.Version = "1.41";
        await docker.StartAsync();
        docker.ForgetRequests();

        await FollowedAsync();

        Assert.Equal(0, docker.Count("/v1.52/"));
    }

    [Fact]
    public async Task Podman_is_not_asked_to_filter_actions_that_it_names_otherwise()
    {
        docker.PingHeaders["Libpod-API-Version"] = "4.3.1";

        var follower = await FollowedAsync();
        docker.Put(Container(1));

        await follower.UntilAsync("it is published", services => services.Count == 1);
        Assert.DoesNotContain(docker.Requests, request => request.Contains("health_status", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_daemon_without_HEAD_is_asked_with_GET()
    {
        var pings = 0;
        docker.Fault = path => path == "/_ping" && Interlocked.Increment(ref pings) == 1 ? FakeFault.Answer(405) : null;

        await provider.StartAsync(Stopping);

        Assert.Equal(1, docker.Count("GET /_ping"));
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_named_with_what_to_do()
    {
        var endpoint = docker.Endpoint + ".none";
        var absent = new DockerProvider(DockerContext.Options(DockerOptions.Schema, ("endpoint", endpoint)), DockerContext.For(DockerExtensions.Docker, time));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => absent.StartAsync(Stopping));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Equal(
            $"reaching the daemon at Docker {endpoint} failed: there is no socket {endpoint["unix://".Length..]}: start the daemon, or correct endpoint",
            failure.Message);
    }

    [Theory]
    [InlineData("", "provider.docker is connected to Docker at ")]
    [InlineData("lab", "provider.docker lab is connected to Docker at ")]
    public async Task The_log_calls_the_daemon_by_its_name_if_it_has_one(string name, string begin)
    {
        var lines = new LogLines();
        var logged = new DockerProvider(
            DockerContext.Options(DockerOptions.Schema, ("endpoint", docker.Endpoint), ("name", name)),
            DockerContext.For(DockerExtensions.Docker, time) with { Loggers = lines });

        await logged.StartAsync(Stopping);

        Assert.StartsWith(begin, Assert.Single(lines.All), StringComparison.Ordinal);
    }

    /// <summary>Two containers, the first of which cannot be described: a watch that failed of it, and the next one, which has begun.</summary>
    private async Task<(ProviderFollower Failed, ProviderFollower Second)> SecondWatchAsync()
    {
        docker.Put(Container(1));
        docker.Put(Container(2));
        docker.Fault = CannotDescribeFirst;
        var failed = Follow();
        await failed.FailureAsync();
        return (failed, await FollowedAsync());
    }

    /// <summary>Cuts the event stream so that the watch fails.</summary>
    private async Task LostAsync(ProviderFollower follower)
    {
        docker.EndStreams();
        Assert.NotNull(await follower.FailureAsync());
    }

    private async Task<ProviderFollower> FollowedAsync()
    {
        var follower = await ProviderFollower.StartAsync(provider, Stopping);
        followers.Add(follower);
        return follower;
    }

    private ProviderFollower Follow()
    {
        var follower = ProviderFollower.Of(provider, Stopping);
        followers.Add(follower);
        return follower;
    }

    private static FakeFault? CannotDescribeFirst(string path) => path.Contains("/containers/id1/json", StringComparison.Ordinal) ? FakeFault.Answer(500) : null;

    private static EquatableArray<Target> Targets(int number) => [new Target("127.0.0.1", 32768 + number, 1)];

    private static FakeContainer Container(int number) => new()
    {
        Id = $"id{number}",
        Name = $"c{number}",
        Age = number % 60,
        HostPort = 32768 + number,
        Labels = new Dictionary<string, string>
        {
            ["interlook.hosts"] = string.Create(CultureInfo.InvariantCulture, $"h{number}.example.org"),
            ["interlook.port"] = "80",
        },
    };
}
