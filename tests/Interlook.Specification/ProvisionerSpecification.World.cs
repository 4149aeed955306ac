using Interlook.Extensions;
using Xunit;

namespace Interlook.Specification;

/// <summary>What others own, what others do to ours, and a server that is away.</summary>
public abstract partial class ProvisionerSpecification
{
    [Fact]
    public async Task A_foreign_object_in_the_way_is_a_conflict_and_stays()
    {
        var provisioner = await StartAsync();
        var desired = Define("shop", 1);
        await PlaceForeignAsync(desired);
        var before = await OutsideAsync();

        var failure = await FailsAsync(() => DeployAsync(provisioner, desired));
        var afterDeploy = await OutsideAsync();
        await UndeployAsync(provisioner, desired);
        var afterUndeploy = await OutsideAsync();

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Equal(before, afterDeploy);
        Assert.Equal(before, afterUndeploy);
    }

    [Fact]
    public async Task Once_the_foreign_object_is_gone_the_deploy_succeeds()
    {
        var provisioner = await StartAsync();
        var desired = Define("shop", 1);
        await PlaceForeignAsync(desired);
        await FailsAsync(() => DeployAsync(provisioner, desired));

        await RemoveForeignAsync(desired);
        var applied = await DeployAsync(provisioner, desired, desired);

        Assert.Empty((await provisioner.ObserveAsync(Applied(applied), Stopping)).Drifts);
    }

    [Fact]
    public async Task Foreign_objects_are_neither_drift_nor_orphans()
    {
        await PlaceForeignAsync(Define("theirs", 1));
        var provisioner = await StartAsync();
        var applied = await DeployAsync(provisioner, Define("shop", 2));

        var observed = await provisioner.ObserveAsync(Applied(applied), Stopping);

        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
    }

    [Fact]
    public async Task Another_Interlook_keeps_its_objects()
    {
        Assert.SkipUnless(IsShared, "this outside system belongs to one Interlook alone");
        var theirs = await StartAsync("other");
        await DeployAsync(theirs, Define("shop", 1));
        var before = await OutsideAsync();
        var ours = await StartAsync();

        var observed = await ours.ObserveAsync(Applied(), Stopping);
        await UndeployAsync(ours, Define("shop", 1));

        Assert.Empty(observed.Orphans);
        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task What_only_looks_sees_everything_and_changes_nothing_even_when_it_is_told_to()
    {
        var shop = await DeployAsync(await StartAsync(), Define("shop", 1));
        var before = await OutsideAsync();
        var looking = CreateLooking("test");

        await looking.StartAsync(Stopping);
        var observed = await looking.ObserveAsync(Applied(shop), Stopping);
        await Record.ExceptionAsync(() => DeployAsync(looking, Define("shop", 1, revision: 1), shop));
        await Record.ExceptionAsync(() => DeployAsync(looking, Define("blog", 2)));
        await Record.ExceptionAsync(() => UndeployAsync(looking, shop));
        await looking.StopAsync(Stopping);

        Assert.Empty(observed.Drifts);
        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task An_orphan_can_be_taken_back_with_nothing_known_of_it_but_its_mark()
    {
        var first = await StartAsync();
        var kept = await DeployAsync(first, Define("kept", 3));
        var without = await OutsideAsync();
        await DeployAsync(first, Define("shop", 1));
        var second = await RestartAsync(first, Applied(kept));

        foreach (var orphan in (await second.ObserveAsync(Applied(kept), Stopping)).Orphans.Select(orphan => orphan.Key!.Value).Distinct())
            await second.UndeployAsync(orphan, [], Stopping);

        Assert.Equal(without, await OutsideAsync());
        Assert.Empty((await second.ObserveAsync(Applied(kept), Stopping)).Orphans);
    }

    [Fact]
    public async Task What_is_in_place_is_no_drift()
    {
        var provisioner = await StartAsync();
        var shop = await DeployAsync(provisioner, Define("shop", 1));
        var blog = await DeployAsync(provisioner, Define("blog", 2));

        var observed = await provisioner.ObserveAsync(Applied(shop, blog), Stopping);

        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
    }

    [Fact]
    public async Task What_was_removed_by_hand_is_drift_and_a_deploy_repairs_it()
    {
        var provisioner = await StartAsync();
        var shop = await DeployAsync(provisioner, Define("shop", 1));
        var blog = await DeployAsync(provisioner, Define("blog", 2));
        var whole = await OutsideAsync();

        await RemoveByHandAsync(Key(shop.Name), shop);
        if (await PutsBackAsync(async () => (await OutsideAsync()).SequenceEqual(whole)))
            return;
        var observed = await provisioner.ObserveAsync(Applied(shop, blog), Stopping);
        await DeployAsync(provisioner, shop, shop);

        var drift = Assert.Single(observed.Drifts.Select(drift => drift.Key).Distinct());
        Assert.Equal(Key(shop.Name), drift);
        Assert.Equal(whole, await OutsideAsync());
    }

    [Fact]
    public async Task What_bears_our_mark_and_nobody_wants_is_an_orphan()
    {
        var provisioner = await StartAsync();
        var shop = await DeployAsync(provisioner, Define("shop", 1));
        var blog = await DeployAsync(provisioner, Define("blog", 2));

        provisioner = await RestartAsync(provisioner, Applied(shop, blog));
        var observed = await provisioner.ObserveAsync(Applied(blog), Stopping);
        await UndeployAsync(provisioner, shop);
        var cleaned = await provisioner.ObserveAsync(Applied(blog), Stopping);

        Assert.Empty(observed.Drifts);
        Assert.NotEmpty(observed.Orphans);
        foreach (var orphan in observed.Orphans)
            Assert.Equal(Key(shop.Name), orphan.Key);
        Assert.Empty(cleaned.Orphans);
    }

    [Fact]
    public async Task Stopping_undeploys_nothing()
    {
        var provisioner = await StartAsync();
        var shop = await DeployAsync(provisioner, Define("shop", 1));
        var before = await OutsideAsync();

        await RestartAsync(provisioner, Applied(shop));

        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task A_server_that_is_away_is_unreachable_and_what_was_asked_converges_when_it_is_back()
    {
        var provisioner = await StartAsync();
        await provisioner.CheckAsync(Stopping);
        var shop = await DeployAsync(provisioner, Define("shop", 1));
        var changed = Define("shop", 1, revision: 1);

        await StopServerAsync();
        ExtensionException[] failures =
        [
            await FailsAsync(() => DeployAsync(provisioner, changed, shop)),
            await FailsAsync(() => UndeployAsync(provisioner, shop)),
            await FailsAsync(() => provisioner.ObserveAsync(Applied(shop), Stopping)),
            await FailsAsync(() => provisioner.CheckAsync(Stopping)),
        ];
        await StartServerAsync();
        var applied = await DeployAsync(provisioner, changed, shop, changed);
        var observed = await provisioner.ObserveAsync(Applied(applied), Stopping);

        Assert.All(failures, failure => Assert.Equal(Reason.Unreachable, failure.Reason));
        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
    }

    [Fact]
    public async Task A_start_without_the_server_fails_and_says_so()
    {
        await StopServerAsync();

        var failure = await FailsAsync(() => StartAsync());

        Assert.Equal(Reason.Unreachable, failure.Reason);
    }
}
