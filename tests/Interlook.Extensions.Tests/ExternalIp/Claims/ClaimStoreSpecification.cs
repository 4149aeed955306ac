using Interlook.Extensions.ExternalIp.Claims;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

/// <summary>
/// What the claims protocol rests on, for every store that holds claims. A subclass connects to an empty store; names of one test are not
/// used by another.
/// </summary>
public abstract class ClaimStoreSpecification
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>A store in which nothing stands yet.</summary>
    private protected abstract Task<IClaimStore> OpenAsync();

    [Fact]
    public async Task A_record_that_was_created_is_read_as_it_was_written()
    {
        var store = await OpenAsync();
        var claim = Made("10.0.0.1/24").OwnedBy(["default/web"]).For("node1", "node1").TakenOver("node2", "node2");

        var created = await store.Claims.CreateAsync(claim, Stopping);
        var read = await store.Claims.ReadAsync("10-0-0-1-24", Stopping);

        Assert.Equal(WriteOutcome.Written, created.Outcome);
        Assert.Equal(created.Revision, read!.Value.Revision);
        Assert.Equal(("node2", "node2", "10.0.0.1/24"), (read.Value.Value.Node, read.Value.Value.Holder, read.Value.Value.Spec.Cidr));
        Assert.Equal(["node1"], read.Value.Value.From);
        Assert.Equal(["default/web"], read.Value.Value.Services);
    }

    [Fact]
    public async Task What_is_not_there_reads_as_nothing() => Assert.Null(await (await OpenAsync()).Nodes.ReadAsync("node1", Stopping));

    [Fact]
    public async Task A_name_is_created_once()
    {
        var store = await OpenAsync();
        await store.Claims.CreateAsync(Made("10.0.0.1/24").For("node1", "node1"), Stopping);

        var again = await store.Claims.CreateAsync(Made("10.0.0.1/24").For("node2", "node2"), Stopping);

        Assert.Equal(WriteOutcome.Exists, again.Outcome);
        Assert.Equal("node1", (await store.Claims.ReadAsync("10-0-0-1-24", Stopping))!.Value.Value.Node);
    }

    [Fact]
    public async Task A_write_on_an_older_revision_is_refused_and_changes_nothing()
    {
        var store = await OpenAsync();
        var first = await store.Claims.CreateAsync(Made("10.0.0.1/24"), Stopping);
        var second = await store.Claims.UpdateAsync(Made("10.0.0.1/24").For("node1", "node1"), first.Revision, Stopping);

        var stale = await store.Claims.UpdateAsync(Made("10.0.0.1/24").For("node2", "node2"), first.Revision, Stopping);

        Assert.True(second.Revision.Value > first.Revision.Value);
        Assert.Equal(WriteOutcome.Conflict, stale.Outcome);
        Assert.Equal("node1", (await store.Claims.ReadAsync("10-0-0-1-24", Stopping))!.Value.Value.Node);
    }

    [Fact]
    public async Task One_write_changes_everything_of_a_record()
    {
        var store = await OpenAsync();
        var first = await store.Claims.CreateAsync(Made("10.0.0.1/24"), Stopping);

        await store.Claims.UpdateAsync(Made("10.0.0.1/24").OwnedBy(["default/web"]).For("node1", "node2").TakenAt(7), first.Revision, Stopping);

        var read = (await store.Claims.ReadAsync("10-0-0-1-24", Stopping))!.Value.Value;
        Assert.Equal(("node1", "node2", 7L), (read.Node, read.Holder, read.Status!.Taken));
        Assert.Equal(("node1", "default/web"), (read.Metadata.Labels[WellKnown.NodeLabel], read.Services.Single()));
    }

    [Fact]
    public async Task What_is_gone_cannot_be_updated_or_deleted()
    {
        var store = await OpenAsync();
        var first = await store.Claims.CreateAsync(Made("10.0.0.1/24"), Stopping);
        await store.Claims.DeleteAsync("10-0-0-1-24", first.Revision, Stopping);

        Assert.Equal(WriteOutcome.Missing, (await store.Claims.UpdateAsync(Made("10.0.0.1/24"), first.Revision, Stopping)).Outcome);
        Assert.Equal(WriteOutcome.Missing, (await store.Claims.DeleteAsync("10-0-0-1-24", first.Revision, Stopping)).Outcome);
    }

    [Fact]
    public async Task A_deletion_on_an_older_revision_is_refused()
    {
        var store = await OpenAsync();
        var first = await store.Claims.CreateAsync(Made("10.0.0.1/24"), Stopping);
        await store.Claims.UpdateAsync(Made("10.0.0.1/24").For("node1", "node1"), first.Revision, Stopping);

        Assert.Equal(WriteOutcome.Conflict, (await store.Claims.DeleteAsync("10-0-0-1-24", first.Revision, Stopping)).Outcome);
    }

    [Fact]
    public async Task Of_many_writes_on_one_revision_one_wins()
    {
        var store = await OpenAsync();
        var first = await store.Claims.CreateAsync(Made("10.0.0.1/24"), Stopping);

        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(number =>
            store.Claims.UpdateAsync(Made("10.0.0.1/24").For($"node{number}", $"node{number}"), first.Revision, Stopping)));

        Assert.Single(results, result => result.IsWritten);
        Assert.Equal(7, results.Count(result => result.Outcome == WriteOutcome.Conflict));
    }

    [Fact]
    public async Task A_list_shows_every_write_that_was_answered_and_is_not_older_than_its_records()
    {
        var store = await OpenAsync();
        var written = await store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("node1"), Revision = 1 }, Stopping);

        var list = await store.Nodes.ListAsync(Stopping);

        Assert.Equal(1, list.Records["node1"].Value.Revision);
        Assert.True(list.At.Value >= written.Revision.Value);
    }

    [Fact]
    public async Task A_write_after_a_list_has_a_newer_revision_than_the_list()
    {
        var store = await OpenAsync();
        var first = await store.Claims.CreateAsync(Made("10.0.0.1/24").For("node1", "node1"), Stopping);
        var list = await store.Claims.ListAsync(Stopping);

        var taken = await store.Claims.UpdateAsync(Made("10.0.0.1/24").For("node1", "node1").TakenAt(1), first.Revision, Stopping);

        Assert.True(taken.Revision.Value > list.At.Value);
    }

    [Fact]
    public async Task A_watch_begins_with_everything_and_goes_on_with_every_last_state()
    {
        var store = await OpenAsync();
        await store.Pools.CreateAsync(new ClaimPool { Metadata = ClaimMeta.Named("a"), Spec = new() { Cidr = "10.0.0.0/24" } }, Stopping);
        await using var watch = store.Pools.WatchAsync(Stopping).GetAsyncEnumerator(Stopping);
        await watch.MoveNextAsync();

        Assert.Equal(["a"], watch.Current.Records.Keys);

        var second = await store.Pools.CreateAsync(new ClaimPool { Metadata = ClaimMeta.Named("b") }, Stopping);
        await store.Pools.DeleteAsync("a", watch.Current.Records["a"].Revision, Stopping);
        var at = watch.Current.At;
        while (!watch.Current.Records.Keys.SequenceEqual(["b"]))
        {
            await watch.MoveNextAsync();
            Assert.True(watch.Current.At.Value >= at.Value);
            at = watch.Current.At;
        }

        Assert.Equal(second.Revision, watch.Current.Records["b"].Revision);
    }

    [Fact]
    public async Task The_kinds_do_not_see_each_other()
    {
        var store = await OpenAsync();
        await store.Nodes.CreateAsync(new NodeRecord { Metadata = ClaimMeta.Named("same"), Revision = 3 }, Stopping);
        await store.Pools.CreateAsync(new ClaimPool { Metadata = ClaimMeta.Named("same") }, Stopping);

        Assert.Empty((await store.Claims.ListAsync(Stopping)).Records);
        Assert.Equal(3, (await store.Nodes.ReadAsync("same", Stopping))!.Value.Value.Revision);
    }

    private static Claim Made(string cidr)
    {
        var spec = new ClaimSpec { Cidr = cidr };
        return new Claim { Metadata = ClaimMeta.Named(spec.Address!.Value.Name), Spec = spec };
    }
}
