using Interlook.Extensions.Kubernetes;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Extensions.Tests.Kubernetes.Publishing;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>What is special about <c>provider.kubernetes</c>, beyond what the kit asks of every provider.</summary>
public sealed class KubernetesProviderTests : IAsyncDisposable
{
    private readonly MemoryCluster cluster = new();
    private readonly ManualTimeProvider time = new();
    private readonly List<ProviderFollower> followers = [];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in followers)
            await follower.DisposeAsync();
    }

    [Theory]
    [InlineData("Services")]
    [InlineData("EndpointSlices")]
    [InlineData("Nodes")]
    public async Task Nothing_is_said_before_every_kind_was_listed(string late)
    {
        Publish("a");
        var provider = await StartAsync();
        Unlist(late);

        var follower = Follow(provider);
        await Eventually.TrueAsync("every kind is followed", () => cluster.Services.Readers + cluster.Slices.Readers + cluster.Nodes.Readers == 3);
        Assert.Empty(follower.Events);
        cluster.Start();

        await follower.UntilAsync("a is published with its target", services => services.TryGetValue("shop/a", out var a) && a.Targets.Count == 1);
        Assert.IsType<ProviderEvent.Snapshot>(follower.Events[0]);
    }

    [Fact]
    public async Task With_pods_as_targets_nodes_need_not_be_readable()
    {
        Publish("a");
        cluster.Nodes.Unlist();
        cluster.Nodes.Fail(new(Reason.Unauthorized, "nodes are forbidden"));
        var provider = Create(new() { TargetMode = TargetMode.Pod });

        await provider.StartAsync(Stopping);
        await provider.CheckAsync(Stopping);
        var follower = await FollowAsync(provider);

        Assert.Equal("10.1.0.1", Assert.Single(follower.Services["shop/a"].Targets).Host);
    }

    [Fact]
    public async Task A_start_fails_with_the_reason_why_something_cannot_be_listed()
    {
        cluster.Nodes.Unlist();
        cluster.Nodes.Fail(new(Reason.Unauthorized, "nodes are forbidden: grant get, list and watch"));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => Create().StartAsync(Stopping));

        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Contains("grant", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_does_not_wait_for_ever()
    {
        cluster.Slices.Unlist();

        var starting = Create().StartAsync(Stopping);
        while (!starting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => starting);
        Assert.Equal(Reason.Timeout, failure.Reason);
        Assert.Contains("EndpointSlices", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_Service_that_goes_is_withdrawn_and_several_at_once_are_a_snapshot()
    {
        Publish("a", "b", "c", "d");
        var follower = await FollowAsync(await StartAsync());

        cluster.Services.Remove(Name("a"));
        await follower.UntilAsync("a is withdrawn", services => services.Count == 3);
        cluster.Services.Remove(Name("b"), Name("c"));
        await follower.UntilAsync("b and c are withdrawn", services => services.Count == 1);

        Assert.Equal(["Snapshot", "Rejections", "Withdrawn", "Snapshot"], follower.Events.Select(one => one.GetType().Name));
    }

    [Fact]
    public async Task A_list_is_a_snapshot_and_what_it_does_not_name_has_gone()
    {
        Publish("a", "b");
        var follower = await FollowAsync(await StartAsync());

        cluster.Services.Relist(Given.Labelled("b"));

        await follower.UntilAsync("a is not in it", services => services.Count == 1);
        Assert.Equal(["Snapshot", "Rejections", "Snapshot"], follower.Events.Select(one => one.GetType().Name));
    }

    [Fact]
    public async Task After_the_resync_interval_everything_is_told_again()
    {
        Publish("a");
        var follower = await FollowAsync(await StartAsync());

        time.Advance(TimeSpan.FromMinutes(5));
        Publish("a", "b");
        await follower.UntilAsync("b is published", services => services.Count == 2);
        Assert.Equal(1, follower.Snapshots);
        time.Advance(TimeSpan.FromMinutes(7));

        await follower.UntilAsync("the second snapshot", _ => follower.Snapshots == 2);
    }

    [Fact]
    public async Task A_failure_ends_the_watch_with_its_reason_and_the_next_one_begins_when_it_is_over()
    {
        Publish("a");
        var provider = await StartAsync();
        var follower = await FollowAsync(provider);

        cluster.Slices.Fail(new(Reason.Unauthorized, "endpointslices are forbidden"));
        time.Advance(TimeSpan.FromSeconds(1));
        var failure = await follower.FailureAsync();
        var early = Follow(provider);
        var refused = await early.FailureAsync();
        cluster.Start();
        var again = await FollowAsync(provider);

        Assert.Equal(Reason.Unauthorized, Assert.IsType<ExtensionException>(failure).Reason);
        Assert.IsType<ExtensionException>(refused);
        Assert.Empty(early.Events);
        Assert.Contains("shop/a", again.Services.Keys);
    }

    [Fact]
    public async Task A_watch_waits_for_informers_that_have_not_tried_again_yet()
    {
        Publish("a");
        var provider = await StartAsync();
        cluster.Slices.Fail(new(Reason.Unreachable, "connection refused"));

        var follower = Follow(provider);
        cluster.Slices.Mend();
        while (follower.Snapshots == 0)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.Contains("shop/a", follower.Services.Keys);
    }

    [Fact]
    public async Task A_watch_does_not_wait_for_ever_for_informers_that_fail()
    {
        Publish("a");
        var provider = await StartAsync();
        cluster.Slices.Fail(new(Reason.Unreachable, "connection refused"));

        var failing = Follow(provider).FailureAsync();
        while (!failing.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(Reason.Unreachable, Assert.IsType<ExtensionException>(await failing).Reason);
    }

    [Fact]
    public async Task A_reason_that_a_watch_has_told_is_waited_out_by_the_next_one()
    {
        Publish("a");
        var provider = await StartAsync();
        cluster.Slices.Fail(new(Reason.Unauthorized, "endpointslices are forbidden"));
        await Follow(provider).FailureAsync();

        var follower = Follow(provider);
        var failure = follower.FailureAsync();
        for (var minute = 0; minute < 60; minute++)
            await PassAsync(TimeSpan.FromMinutes(1));
        Assert.False(failure.IsCompleted);
        cluster.Slices.Mend();
        while (follower.Snapshots == 0)
            await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Contains("shop/a", follower.Services.Keys);
    }

    [Fact]
    public async Task A_reason_that_is_new_ends_a_watch_that_waits_out_another()
    {
        var provider = await StartAsync();
        cluster.Slices.Fail(new(Reason.Unauthorized, "endpointslices are forbidden"));
        await Follow(provider).FailureAsync();

        var failing = Follow(provider).FailureAsync();
        cluster.Slices.Fail(new(Reason.Refused, "there are none"));
        while (!failing.IsCompleted)
            await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(Reason.Refused, Assert.IsType<ExtensionException>(await failing).Reason);
    }

    [Fact]
    public async Task What_a_Service_last_asked_for_outlives_a_watch()
    {
        Publish("a");
        var provider = await StartAsync();
        var follower = await FollowAsync(provider);
        cluster.Services.Put(Given.Labelled("a").WithLabels((Given.Hosts, "-")));
        await follower.UntilAsync("it is rejected", _ => follower.Rejections.Length == 1);
        await follower.StopAsync();

        var again = await FollowAsync(provider);

        Assert.Equal(["a.example.org"], again.Services["shop/a"].DnsNames);
        await again.UntilAsync("it is still rejected", _ => again.Rejections.Length == 1);
    }

    [Fact]
    public async Task A_refresh_of_a_Service_that_cannot_be_understood_is_a_failure_and_not_nothing()
    {
        cluster.Services.Put(Given.Labelled("a").WithLabels((Given.Hosts, "-")), Given.Labelled("silent").WithLabels());
        var provider = await StartAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.RefreshAsync("shop/a", Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Null(await provider.RefreshAsync("shop/silent", Stopping));
        Assert.Null(await provider.RefreshAsync("not-a-name", Stopping));
    }

    [Fact]
    public async Task A_refresh_answers_nothing_for_what_is_not_watched()
    {
        Publish("a");
        var elsewhere = await StartAsync(new() { Namespaces = ["other"] });
        var selecting = await StartAsync(new() { LabelSelector = ["tier=web"] });

        Assert.Null(await elsewhere.RefreshAsync("shop/a", Stopping));
        Assert.NotNull(await selecting.RefreshAsync("shop/a", Stopping));
        cluster.Services.Hide(Name("a"));
        Assert.Null(await selecting.RefreshAsync("shop/a", Stopping));
    }

    [Fact]
    public async Task A_stop_lets_go_of_the_cluster_also_after_a_start_that_failed()
    {
        cluster.Stop();
        var provider = Create();
        await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));
        await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));

        await provider.StopAsync(Stopping);

        Assert.Equal(1, cluster.Released);
    }

    private async Task PassAsync(TimeSpan by)
    {
        time.Advance(by);
        await Task.Yield();
    }

    private static ObjectName Name(string service) => new(Given.Space, service);

    private void Publish(params string[] names)
    {
        cluster.Nodes.Put(Given.ReadyNode("node-1", "10.0.0.1"));
        cluster.Slices.Put(names.Select(name => Given.Slice(name, 8080, Given.At("10.1.0.1", "node-1"))));
        cluster.Services.Put(names.Select(name => Given.Labelled(name)));
    }

    private void Unlist(string kind)
    {
        if (kind == "Services")
            cluster.Services.Unlist();
        else if (kind == "Nodes")
            cluster.Nodes.Unlist();
        else
            cluster.Slices.Unlist();
    }

    private KubernetesProvider Create(KubernetesOptions? options = null) =>
        new(options ?? new(), () => (cluster, cluster), TestContexts.Create(KubernetesExtensions.Provider, time: time));

    private async Task<KubernetesProvider> StartAsync(KubernetesOptions? options = null)
    {
        var provider = Create(options);
        await provider.StartAsync(Stopping);
        return provider;
    }

    private ProviderFollower Follow(KubernetesProvider provider)
    {
        var follower = ProviderFollower.Of(provider, Stopping);
        followers.Add(follower);
        return follower;
    }

    private async Task<ProviderFollower> FollowAsync(KubernetesProvider provider)
    {
        var follower = Follow(provider);
        await follower.UntilAsync("the first snapshot", _ => follower.Snapshots > 0);
        return follower;
    }
}
