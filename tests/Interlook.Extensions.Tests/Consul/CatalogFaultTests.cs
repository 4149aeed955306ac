using System.Buffers;
using Interlook.Extensions.Consul;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Specification;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>What <c>provider.consul</c> makes of answers that a healthy Consul does not give.</summary>
public sealed class CatalogFaultTests : IAsyncLifetime
{
    private static readonly string[] Shop = ["interlook.hosts=shop.example.org"];
    private static readonly string[] Blog = ["interlook.hosts=blog.example.org"];
    private readonly List<IAsyncDisposable> open = [];
    private FakeCatalog catalog = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        catalog = await FakeCatalog.StartAsync();
        catalog.Put("shop", Shop);
        catalog.Put("blog", Blog);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in open)
            await follower.DisposeAsync();
        await catalog.DisposeAsync();
    }

    [Theory]
    [InlineData("X-Consul-Results-Filtered-By-ACLs", "true", Reason.Unauthorized)]
    [InlineData("X-Consul-KnownLeader", "false", Reason.Unavailable)]
    public async Task A_filtered_or_leaderless_answer_breaks_the_watch_and_withdraws_nothing(string header, string value, Reason reason)
    {
        var (provider, follower) = await FollowAsync();

        catalog.Break(call =>
        {
            call.Response.Headers[header] = value;
            return false;
        });
        catalog.Remove("shop", "blog");
        var failure = Assert.IsType<ExtensionException>(await follower.FailureAsync());

        Assert.Equal(reason, failure.Reason);
        Assert.Equal(["blog", "shop"], follower.Services.Keys);
        Assert.Equal(reason, (await Assert.ThrowsAsync<ExtensionException>(() => provider.RefreshAsync("shop", Stopping))).Reason);
    }

    [Theory]
    [InlineData(500, "No cluster leader", Reason.Unavailable)]
    [InlineData(403, "Permission denied", Reason.Unauthorized)]
    [InlineData(429, "Your IP is issuing too many concurrent connections", Reason.Unavailable)]
    public async Task An_error_breaks_the_watch_with_its_reason_and_the_next_one_begins_with_a_snapshot(int status, string text, Reason reason)
    {
        var (provider, follower) = await FollowAsync();

        catalog.Break(call => Refuse(call, status, text));
        var failure = Assert.IsType<ExtensionException>(await follower.FailureAsync());
        catalog.Break(null);
        var next = await FollowAsync(provider);

        Assert.Equal(reason, failure.Reason);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("node:write", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["blog", "shop"], follower.Services.Keys);
        Assert.IsType<ProviderEvent.Snapshot>(next.Events[0]);
    }

    [Fact]
    public async Task A_wait_that_Consul_asks_for_is_passed_on()
    {
        var (_, follower) = await FollowAsync();

        catalog.Break(call =>
        {
            call.Response.Headers.RetryAfter = "17";
            return Refuse(call, 429, "rate limit exceeded");
        });

        Assert.Equal(TimeSpan.FromSeconds(17), Assert.IsType<ExtensionException>(await follower.FailureAsync()).RetryAfter);
    }

    [Fact]
    public async Task After_an_index_that_fell_the_query_begins_anew_and_only_that_answer_is_taken()
    {
        var (_, follower) = await FollowAsync();
        var before = catalog.Consul.Calls.Count;

        catalog.SetIndex(3);
        await Eventually.TrueAsync("the list is asked for from the beginning", () =>
            catalog.Consul.Calls.Skip(before).Any(call => call.EndsWith("/v1/catalog/services?consistent", StringComparison.Ordinal)));
        catalog.Put("wiki", ["interlook.hosts=wiki.example.org"]);

        await follower.UntilAsync("the new service is published", services => services.Count == 3);
        Assert.DoesNotContain(follower.Events, happened => happened is ProviderEvent.Withdrawn);
    }

    [Fact]
    public async Task A_service_that_is_listed_and_shows_no_instance_stays_and_is_reported()
    {
        var (provider, follower) = await FollowAsync(options => options.UpdateInterval = TimeSpan.FromSeconds(1));

        catalog.Break(call => call.Request.Path.Value!.EndsWith("/shop", StringComparison.Ordinal) && Answer(call, "[]"));
        catalog.Put("wiki", ["interlook.hosts=wiki.example.org"]);
        await follower.UntilAsync("it is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == "service shop"));
        await follower.UntilAsync("the new service is published", services => services.ContainsKey("wiki"));

        Assert.Equal(["blog", "shop", "wiki"], follower.Services.Keys);
        Assert.Contains("node:read", Assert.Single(follower.Rejections).Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ExtensionException>(() => provider.RefreshAsync("shop", Stopping));
    }

    [Fact]
    public async Task A_service_that_went_between_two_watches_does_not_come_back_with_an_empty_answer()
    {
        var (provider, follower) = await FollowAsync(options => options.UpdateInterval = TimeSpan.FromSeconds(1));
        await follower.StopAsync();
        catalog.Remove("shop");
        var next = await FollowAsync(provider);

        catalog.Break(call => call.Request.Path.Value!.EndsWith("/shop", StringComparison.Ordinal) && Answer(call, "[]"));
        catalog.Put("shop", Shop);
        catalog.Put("wiki", ["interlook.hosts=wiki.example.org"]);
        await next.UntilAsync("the empty one is reported", _ => next.Rejections.Any(rejection => rejection.Subject == "service shop"));
        await next.UntilAsync("the new service is published", services => services.ContainsKey("wiki"));

        Assert.Equal(["blog", "wiki"], next.Services.Keys);
    }

    [Fact]
    public async Task What_never_was_read_makes_the_first_snapshot_incomplete()
    {
        catalog.Break(call => call.Request.Path.Value!.EndsWith("/shop", StringComparison.Ordinal) && Answer(call, "[]"));

        var (_, follower) = await FollowAsync();

        var snapshot = Assert.IsType<ProviderEvent.Snapshot>(follower.Events[0]);
        Assert.False(snapshot.IsComplete);
        Assert.Equal("blog", Assert.Single(snapshot.Services).Name);
    }

    [Fact]
    public async Task A_service_of_which_Consul_refuses_to_speak_is_rejected_and_harms_nobody()
    {
        var (_, follower) = await FollowAsync();

        catalog.Break(call => call.Request.Path.Value!.EndsWith("/shop", StringComparison.Ordinal) && Refuse(call, 400, "odd name"));
        catalog.Put("blog", ["interlook.hosts=news.example.org"]);

        await follower.UntilAsync("blog has its new name", services => services["blog"].DnsNames[0] == "news.example.org");
        await follower.UntilAsync("shop is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == "service shop"));
        Assert.True(follower.Services.ContainsKey("shop"));
    }

    [Fact]
    public async Task Several_services_that_vanish_at_once_are_told_by_a_snapshot_that_the_engine_may_hold()
    {
        var (_, follower) = await FollowAsync();

        catalog.Remove("shop", "blog");

        await follower.UntilAsync("both are gone", services => services.Count == 0);
        Assert.DoesNotContain(follower.Events, happened => happened is ProviderEvent.Withdrawn);
        Assert.Equal(2, follower.Snapshots);
    }

    [Fact]
    public async Task No_more_queries_wait_than_allowed_and_a_change_of_any_service_is_seen()
    {
        for (var i = 0; i < 20; i++)
            catalog.Put($"web-{i}", [$"interlook.hosts=web-{i}.example.org"]);
        var (_, follower) = await FollowAsync(options => options.MaxWatches = 4);
        await follower.UntilAsync("all are published", services => services.Count == 22);
        await Eventually.TrueAsync("every slot waits", () => catalog.Waiting >= 4);

        catalog.Put("web-17", ["interlook.hosts=new.example.org"]);

        await follower.UntilAsync("the change is seen", services => services["web-17"].DnsNames[0] == "new.example.org");
        Assert.InRange(catalog.MostWaiting, 1, 5); // four services and the list
    }

    [Fact]
    public async Task Without_meta_only_tagged_services_are_read()
    {
        catalog.Put("plain", ["v1"]);
        var (_, follower) = await FollowAsync(options => options.Meta = false);

        catalog.Put("wiki", ["interlook.hosts=wiki.example.org"]);
        await follower.UntilAsync("the new service is published", services => services.ContainsKey("wiki"));

        Assert.DoesNotContain(catalog.Consul.Calls, call => call.Contains("/plain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scope_and_mode_stand_in_every_call()
    {
        var (provider, _) = await FollowAsync(options =>
            (options.Datacenter, options.Namespace, options.Partition, options.Consistency) = ("dc 2", "team", "part", "stale"));
        await provider.CheckAsync(Stopping);
        await provider.RefreshAsync("shop", Stopping);

        Assert.All(
            catalog.Consul.Calls, call => Assert.Contains("?stale&dc=dc%202&ns=team&partition=part", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answers_that_come_at_once_again_and_again_are_not_asked_for_without_pause()
    {
        var time = new ManualTimeProvider();
        catalog.Break(call =>
        {
            call.Response.Headers["X-Consul-Index"] = "0";
            return Answer(call, call.Request.Path.Value!.EndsWith("services", StringComparison.Ordinal) ? "{}" : "[]");
        });
        var before = catalog.Consul.Calls.Count;
        var (_, follower) = await FollowAsync(time: time);
        await Eventually.TrueAsync("the burst is used up", () => catalog.Consul.Calls.Count - before == 2 + QueryPace.Burst && time.NextDue is { } due && due <= QueryPace.Interval);

        time.Advance(QueryPace.Interval);

        await Eventually.TrueAsync("one more is asked", () => catalog.Consul.Calls.Count - before == 3 + QueryPace.Burst);
        Assert.Empty(follower.Services);
    }

    private static bool Refuse(HttpContext call, int status, string text)
    {
        call.Response.StatusCode = status;
        return Answer(call, text);
    }

    private static bool Answer(HttpContext call, string text)
    {
        if (call.Response.Headers["X-Consul-Index"].Count == 0)
            call.Response.Headers["X-Consul-Index"] = "99";
        call.Response.BodyWriter.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return true;
    }

    private async Task<(ConsulCatalogProvider Provider, ProviderFollower Follower)> FollowAsync(
        Action<ConsulCatalogOptions>? change = null, TimeProvider? time = null)
    {
        var options = new ConsulCatalogOptions { Url = catalog.Consul.Url };
        change?.Invoke(options);
        var provider = new ConsulCatalogProvider(options, TestContexts.Create(ConsulExtensions.Catalog, time: time));
        await provider.StartAsync(Stopping);
        return (provider, await FollowAsync(provider));
    }

    private async Task<ProviderFollower> FollowAsync(ConsulCatalogProvider provider)
    {
        var follower = await ProviderFollower.StartAsync(provider, Stopping);
        open.Add(follower);
        return follower;
    }
}
