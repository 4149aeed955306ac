using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Etcd;

/// <summary>The claims in three members of etcd, of which one or two fail.</summary>
public sealed class EtcdClusterTests : IAsyncLifetime
{
    private readonly EtcdCluster cluster = new();
    private EtcdClaimStore? store;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private EtcdClaimStore Store => store!;

    public async ValueTask InitializeAsync() => await cluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        store?.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_watch_and_writes_go_on_when_the_leader_is_killed_and_nothing_is_lost()
    {
        var leader = await cluster.FindLeaderAsync();
        Open([leader, .. cluster.Members.Except([leader])]);
        await using var watch = Store.Nodes.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();
        var written = await BeatAsync(Revision(await Store.Nodes.CreateAsync(Beat(0), Stopping)), 1, 20);

        await leader.KillAsync();
        written = await BeatAsync(written, 21, 40);

        var (at, count) = (watch.Current.At, 0);
        while (!watch.Current.Records.TryGetValue("node1", out var seen) || seen.Value.Revision < 40)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.True(watch.Current.At.Value >= at.Value);
            (at, count) = (watch.Current.At, count + 1);
        }
        Assert.Equal(written, watch.Current.Records["node1"].Revision);
        Assert.InRange(count, 1, 41);
    }

    [Fact]
    public async Task A_member_that_lost_its_leader_ends_its_watches_and_refuses_reads()
    {
        Open([cluster.Members[0]]);
        await using var watch = Store.Nodes.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();

        await cluster.Members[1].KillAsync();
        await cluster.Members[2].KillAsync();

        await Assert.ThrowsAsync<ExtensionException>(() => watch.MoveNextAsync().AsTask());
        await Assert.ThrowsAsync<ExtensionException>(() => Store.Nodes.ListAsync(Stopping));
    }

    private void Open(IEnumerable<EtcdServer> members) => store = new EtcdClaimStore(
        new() { Endpoints = [.. members.Select(member => member.Url)] }, TimeSpan.FromSeconds(1), TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>Counts a node up as its agent does: after a refusal or a fault it reads what stands there, and goes on from that.</summary>
    private async Task<Interlook.Storage.Revision> BeatAsync(Interlook.Storage.Revision revision, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            await Eventually.TrueAsync($"heartbeat {number} is written", async () =>
            {
                var result = await Store.Nodes.UpdateAsync(Beat(number), revision, Stopping);
                if (result.IsWritten)
                {
                    revision = result.Revision;
                    return true;
                }
                var stored = (await Store.Nodes.ReadAsync("node1", Stopping))!.Value;
                revision = stored.Revision;
                return stored.Value.Revision == number; // written, and the answer lost
            });
        }
        return revision;
    }

    private static NodeRecord Beat(long number) => new() { Metadata = ClaimMeta.Named("node1"), Revision = number };

    private static Interlook.Storage.Revision Revision(WriteResult result) => result.Revision;
}
