using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>Two schedulers, of which one acts, and what becomes of VIPs without either.</summary>
[Collection(VipCollection.Name)]
public sealed class SchedulerTests(VipsInKubernetes vips) : LaboratoryTest(vips.Laboratory, VipLaboratory.ShortTimes)
{
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task When_the_acting_scheduler_is_killed_the_other_goes_on()
    {
        var vips = await AskedVips.AskAsync(Laboratory);
        var acting = await LeaderAsync();

        await acting.KillAsync();
        await vips.Hurt.KillAsync();

        await vips.MovedAsync();
        Assert.NotEqual(acting, await LeaderAsync());
    }

    [Fact]
    public async Task The_schedulers_take_turns_when_the_acting_one_is_stopped()
    {
        var first = await LeaderAsync();

        await first.FreezeAsync();
        await Laboratory.AskAsync("one", NetworkLaboratory.FreeAddress(1));
        var second = await LeaderAsync();
        await first.ContinueAsync();
        await second.FreezeAsync();
        await Laboratory.AskAsync("two", NetworkLaboratory.FreeIpv6Address(1));

        Assert.NotEqual(first, second);
        Assert.Equal(first, await LeaderAsync());
    }

    [Fact]
    public async Task While_both_schedulers_are_cut_off_nothing_moves_and_afterwards_what_a_dead_node_had_does()
    {
        var vips = await AskedVips.AskAsync(Laboratory);
        foreach (var scheduler in Laboratory.Schedulers)
            scheduler.Door.Block();
        await VipLaboratory.LetPassAsync(Longer);
        await vips.StayedAsync();

        await vips.Hurt.KillAsync();
        await Eventually.TrueAsync("the kernel has removed what it had", async () => await vips.Hurt.CountAsync() == 0);
        Assert.All(vips.Moving, each => Assert.DoesNotContain(each.Turns, turn => turn.Since > Laboratory.Watcher.Now - Longer));
        foreach (var scheduler in Laboratory.Schedulers)
            scheduler.Door.Reopen();

        await vips.MovedAsync();
    }

    [Fact]
    public async Task Claims_of_services_that_went_while_no_scheduler_ran_go_when_one_runs_again()
    {
        for (var number = 1; number <= 3; number++)
            await Laboratory.AskAsync($"shop-{number}", NetworkLaboratory.FreeAddress(number));

        await WithoutSchedulersAsync(() => Laboratory.Place.WithdrawAsync("shop-1"));
        await Eventually.TrueAsync("one claim is gone", async () => (await Laboratory.Place.ClaimsAsync()).Count == 2);
        await WithoutSchedulersAsync(Laboratory.Place.WithdrawAllAsync);

        await Eventually.TrueAsync("all claims are gone", async () => (await Laboratory.Place.ClaimsAsync()).Count == 0);
        foreach (var node in Laboratory.Nodes)
            Assert.Equal(0, await node.CountAsync());
    }

    [Fact]
    public async Task A_restart_of_the_schedulers_moves_nothing()
    {
        var vips = await AskedVips.AskAsync(Laboratory);
        var before = (await Laboratory.Place.ClaimsAsync()).OrderBy(claim => claim.Name);

        await WithoutSchedulersAsync(() => Task.CompletedTask);
        await VipLaboratory.LetPassAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(before, (await Laboratory.Place.ClaimsAsync()).OrderBy(claim => claim.Name));
        await vips.StayedAsync();
    }

    [Fact]
    public async Task With_two_nodes_addresses_are_split_evenly_and_two_hardware_addresses_answer()
    {
        await Laboratory.Nodes[2].KillAsync();
        // One of these is the dead node's, until it is given up.
        await Laboratory.AskAsync("first", [.. Enumerable.Range(20, 3).Select(NetworkLaboratory.FreeAddress)]);
        await Laboratory.Place.WithdrawAsync("first");
        await Eventually.TrueAsync("the claims are gone", async () => (await Laboratory.Place.ClaimsAsync()).Count == 0);

        var addresses = Enumerable.Range(11, 6).Select(NetworkLaboratory.FreeAddress).ToArray();
        await Laboratory.AskAsync("shop", addresses);

        Assert.All((await Laboratory.Place.ClaimsAsync()).GroupBy(claim => claim.Holder), claims => Assert.Equal(3, claims.Count()));
        Assert.Equal(2, addresses.Select(address => Laboratory.Watcher.Watch(address).Turns[^1].Hardware).Distinct().Count());
    }

    private async Task WithoutSchedulersAsync(Func<Task> meanwhile)
    {
        foreach (var scheduler in Laboratory.Schedulers)
            await scheduler.KillAsync();
        await meanwhile();
        foreach (var scheduler in Laboratory.Schedulers)
            await scheduler.StartAsync();
    }

    private async Task<MachineProgram> LeaderAsync()
    {
        var lease = await vips.Cluster.Server.Api.GetAsync("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/ipclaim-scheduler");
        var identity = (string)lease["spec"]!["holderIdentity"]!;
        return Laboratory.Schedulers.Single(scheduler => identity.StartsWith(scheduler.Name, StringComparison.Ordinal));
    }
}
