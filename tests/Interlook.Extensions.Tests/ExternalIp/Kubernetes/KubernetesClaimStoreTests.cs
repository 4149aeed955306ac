using System.Text.Json.Nodes;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Tests.ExternalIp.Claims;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Fixtures.Networks;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

[Collection(ClaimCluster.Collection)]
public sealed class KubernetesClaimStoreTests(ClaimCluster cluster) : ClaimStoreSpecification
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private protected override async Task<IClaimStore> OpenAsync()
    {
        await cluster.StartAsync();
        return cluster.OpenStore();
    }

    [Fact]
    public async Task What_the_earlier_program_wrote_is_understood_and_what_is_not_known_stays()
    {
        var store = await OpenAsync();
        await cluster.Server.Api.CreateAsync(ClaimCluster.PathOf("ipclaims"), JsonNode.Parse("""
            {
              "apiVersion": "ipcontroller.ext/v1", "kind": "IpClaim", "extra": {"a": [1]},
              "metadata": {"name": "10-0-0-7-24", "annotations": {"note": "mine"}, "labels": {"ipnode": "node1", "color": "red"}},
              "spec": {"nodeName": "node1", "cidr": "10.0.0.7/24", "link": "eth0", "weight": 7}
            }
            """)!.AsObject());
        await cluster.Server.Api.CreateAsync(
            ClaimCluster.PathOf("ipnodes"),
            JsonNode.Parse("""{"apiVersion": "ipcontroller.ext/v1", "kind": "IpNode", "metadata": {"name": "node1"}, "Revision": "28"}""")!.AsObject());

        var claim = (await store.Claims.ReadAsync("10-0-0-7-24", Stopping))!.Value;
        var written = await store.Claims.UpdateAsync(claim.Value.For("node1", "node2"), claim.Revision, Stopping);

        var now = await cluster.Server.Api.GetAsync(ClaimCluster.PathOf("ipclaims", "10-0-0-7-24"));
        Assert.True(claim.Value.IsHeldBy("node1"));
        Assert.Equal(28, (await store.Nodes.ReadAsync("node1", Stopping))!.Value.Value.Revision);
        Assert.True(written.IsWritten);
        Assert.Equal("""{"a":[1]}""", now["extra"]!.ToJsonString());
        Assert.Equal((7, "eth0"), ((int)now["spec"]!["weight"]!, (string)now["spec"]!["link"]!));
        Assert.Equal(("mine", "red"), ((string)now["metadata"]!["annotations"]!["note"]!, (string)now["metadata"]!["labels"]!["color"]!));
        Assert.Equal("node2", (string)now["status"]!["holder"]!);
        Assert.NotEmpty(now["metadata"]!["managedFields"]!.AsArray());
    }

    [Fact]
    public async Task A_record_of_the_same_name_that_was_made_anew_is_not_overwritten()
    {
        var store = await OpenAsync();
        var node = new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 };
        var first = await store.Nodes.CreateAsync(node, Stopping);
        var read = (await store.Nodes.ReadAsync("node1", Stopping))!.Value;
        await store.Nodes.DeleteAsync("node1", first.Revision, Stopping);
        await store.Nodes.CreateAsync(read.Value with { Revision = 1 }, Stopping);

        var late = await store.Nodes.UpdateAsync(read.Value with { Revision = 2 }, read.Revision, Stopping);

        Assert.Equal(WriteOutcome.Conflict, late.Outcome);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_within_the_patience_of_the_caller()
    {
        await cluster.StartAsync();
        await using var proxy = await KubernetesProxy.StartAsync(cluster.Server);
        var store = cluster.OpenStore(cluster.Open(proxy), TimeSpan.FromMilliseconds(50));
        var patient = cluster.OpenStore(cluster.Open(proxy));
        await patient.Nodes.ListAsync(Stopping);
        proxy.Faults.Add(new ApiFault(ApiFaultKind.Hang) { Times = ApiFault.UntilRemoved });

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping));

        Assert.Equal(Reason.Timeout, failure.Reason);
    }

    [Fact]
    public async Task A_connection_that_hangs_is_left_for_a_new_one_and_streams_on_it_break()
    {
        await cluster.StartAsync();
        await using var relay = new SwallowingRelay(new(System.Net.IPAddress.Loopback, cluster.Server.Endpoint.Port));
        using var api = cluster.Open(relay.Endpoint);
        api.Transport.StallPatience = TimeSpan.FromMilliseconds(200);
        var store = cluster.OpenStore(api, TimeSpan.FromMinutes(1));
        await using var watch = store.Nodes.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();
        await store.Nodes.ReadAsync("node1", Stopping);
        var connections = relay.Connections;

        await relay.SwallowAsync();
        var hanging = store.Nodes.ReadAsync("node1", Stopping);
        // Far less than the pings take that would find it out.
        await Eventually.TrueAsync("another request is answered", () => AnswersAsync(store), TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<ExtensionException>(() => hanging);
        await Assert.ThrowsAsync<ExtensionException>(() => next);
        Assert.Equal(connections + 1, relay.Connections);
    }

    [Fact]
    public async Task Nobody_knows_what_became_of_a_write_whose_answer_was_lost()
    {
        await cluster.StartAsync();
        await using var proxy = await KubernetesProxy.StartAsync(cluster.Server);
        var store = cluster.OpenStore(cluster.Open(proxy));
        proxy.Faults.Add(new ApiFault(ApiFaultKind.DropAfter) { Matches = call => call.IsWrite });

        await Assert.ThrowsAsync<ExtensionException>(() =>
            store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping));

        Assert.NotNull(await store.Nodes.ReadAsync("node1", Stopping));
    }

    [Fact]
    public async Task A_watch_goes_on_when_the_server_ends_it_and_lists_anew_when_its_version_is_forgotten()
    {
        await cluster.StartAsync();
        await using var proxy = await KubernetesProxy.StartAsync(cluster.Server);
        var store = cluster.OpenStore(cluster.Open(proxy));
        await using var watch = store.Nodes.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();
        await WatchedAsync(proxy);

        proxy.PassesEvents = false;
        await store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping);
        await Eventually.TrueAsync("the event is kept back", () => proxy.KeptBack == 1);
        proxy.PassesEvents = true;
        await proxy.EndWatchesAsync();
        await next;
        var resumed = watch.Current;
        next = watch.MoveNextAsync().AsTask();
        await WatchedAsync(proxy);
        proxy.PassesEvents = false;
        await store.Nodes.DeleteAsync("node1", resumed.Records["node1"].Revision, Stopping);
        await Eventually.TrueAsync("the event is kept back", () => proxy.KeptBack == 2);
        proxy.PassesEvents = true;
        await proxy.FailWatchesAsync(410, "Expired");
        await next;

        Assert.Equal(["node1"], resumed.Records.Keys);
        Assert.Empty(watch.Current.Records);
        Assert.True(watch.Current.At.Value > resumed.At.Value);
    }

    [Fact]
    public async Task What_a_watch_missed_is_seen_with_the_next_resync()
    {
        await cluster.StartAsync();
        await using var proxy = await KubernetesProxy.StartAsync(cluster.Server);
        var time = new ManualTimeProvider();
        var store = cluster.OpenStore(cluster.Open(proxy), time: time);
        var first = await store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping);
        await store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node2"), Revision = 1 }, Stopping);
        await using var watch = store.Nodes.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();
        await WatchedAsync(proxy);
        proxy.PassesEvents = false;
        await store.Nodes.DeleteAsync("node1", first.Revision, Stopping);
        await Eventually.TrueAsync("the event is kept back", () => proxy.KeptBack == 1);

        time.Advance(ClaimCluster.Resync);
        await next;

        Assert.Equal(["node2"], watch.Current.Records.Keys);
    }

    [Fact]
    public async Task A_watch_that_breaks_ends_with_the_fault()
    {
        await cluster.StartAsync();
        await using var proxy = await KubernetesProxy.StartAsync(cluster.Server);
        await using var watch = cluster.OpenStore(cluster.Open(proxy)).Claims.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();
        await WatchedAsync(proxy);

        await proxy.StopAsync();

        await Assert.ThrowsAsync<ExtensionException>(() => next);
    }

    [Fact]
    public async Task The_revision_of_a_view_grows_with_deletions()
    {
        var store = await OpenAsync();
        var first = await store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping);
        await using var watch = store.Nodes.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        var known = new KnownRecords<NodeRecord>();
        known.See(watch.Current);

        var second = await store.Nodes.UpdateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 2 }, first.Revision, Stopping);
        known.Wrote("node1", second.Revision, new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 2 });
        await cluster.Server.Api.DeleteAsync(ClaimCluster.PathOf("ipnodes", "node1"));
        while (known.View.Records.ContainsKey("node1"))
        {
            await watch.MoveNextAsync();
            known.See(watch.Current);
        }

        Assert.Empty(known.Records);
    }

    private static async Task<bool> AnswersAsync(KubernetesClaimStore store)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        await store.Nodes.ReadAsync("node1", soon.Token);
        return true;
    }

    private static Task WatchedAsync(KubernetesProxy proxy) => Eventually.TrueAsync("the watch is open", () => proxy.Watches.Count == 1);
}
