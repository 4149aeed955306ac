using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Etcd;

/// <summary>What only etcd does: revisions that are forgotten, members that fail, a store that goes back in time.</summary>
public sealed class EtcdClaimStoreTests(EtcdServer etcd) : IClassFixture<EtcdServer>, IAsyncLifetime
{
    private readonly List<EtcdClaimStore> stores = [];

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var store in stores)
            store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_record_stands_under_its_name_with_the_version_of_its_format()
    {
        var store = Open(etcd);

        await store.Claims.CreateAsync(Made(1), Stopping);

        var (key, value, lease) = Assert.Single(await etcd.ReadAsync());
        Assert.Equal("/interlook/externalip/claims/10-0-0-1-24", key);
        Assert.StartsWith("""{"apiVersion":"ipcontroller.ext/v1","kind":"IpClaim","metadata":{"name":"10-0-0-1-24",""", value, StringComparison.Ordinal);
        Assert.Equal(0, lease);
    }

    [Fact]
    public async Task What_is_no_record_is_left_out_and_its_name_is_taken()
    {
        var store = Open(etcd);
        await etcd.ControlAsync("put", "/interlook/externalip/claims/10-0-0-1-24", "{");
        await etcd.ControlAsync("put", "/interlook/externalip/claims/10-0-0-2-24", """{"metadata":{"name":"another"}}""");
        await store.Claims.CreateAsync(Made(3), Stopping);

        var list = await store.Claims.ListAsync(Stopping);
        var created = await store.Claims.CreateAsync(Made(1), Stopping);

        Assert.Equal(["10-0-0-3-24"], list.Records.Keys);
        Assert.Equal(WriteOutcome.Exists, created.Outcome);
    }

    [Fact]
    public async Task A_watch_whose_revision_was_compacted_away_lists_anew()
    {
        var time = new ManualTimeProvider();
        var store = Open(etcd, time, TimeSpan.FromDays(1)); // calls in flight shall not feel how time passes
        await using var watch = store.Claims.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        for (var i = 0; i < 10; i++)
            await etcd.ControlAsync("put", "/elsewhere", $"{i}");
        await etcd.ControlAsync("compact", $"{watch.Current.At.Value + 8}");
        var at = watch.Current.At.Value;

        var next = watch.MoveNextAsync().AsTask();
        await Eventually.TrueAsync("the watch was opened anew", () =>
        {
            time.Advance(EtcdClaimRecords<Claim>.LongestSilence);
            return next.IsCompleted;
        });

        Assert.True(await next);
        Assert.True(watch.Current.At.Value >= at + 10);
    }

    [Fact]
    public async Task A_watch_ends_when_etcd_is_gone_and_when_it_has_gone_back_in_time()
    {
        await using var own = new EtcdServer();
        await own.StartAsync();
        var store = Open(own);
        await store.Claims.CreateAsync(Made(1), Stopping);
        await using var gone = store.Claims.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await gone.MoveNextAsync();

        await own.WipeAsync();
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gone.MoveNextAsync().AsTask());
        await own.StartAsync();
        await using var anew = store.Claims.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await anew.MoveNextAsync();

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Empty(anew.Current.Records);
    }

    [Fact]
    public async Task A_store_that_only_looks_writes_nothing()
    {
        var store = new EtcdClaimStore(new() { Endpoints = [etcd.Url] }, null, TimeProvider.System, NullLoggerFactory.Instance, isReadOnly: true);
        stores.Add(store);

        await using var watch = store.Claims.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        Assert.True(await watch.MoveNextAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Claims.CreateAsync(Made(1), Stopping));

        Assert.Empty(await etcd.ReadAsync());
    }

    private EtcdClaimStore Open(EtcdServer server, TimeProvider? time = null, TimeSpan? patience = null)
    {
        var store = new EtcdClaimStore(new() { Endpoints = [server.Url] }, patience, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        stores.Add(store);
        return store;
    }

    private static Claim Made(int number) => new() { Metadata = ClaimMeta.Named($"10-0-0-{number}-24"), Spec = new() { Cidr = $"10.0.0.{number}/24" } };
}
