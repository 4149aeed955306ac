using Interlook.Services;
using Xunit;

namespace Interlook.Specification;

/// <summary>Deploy, update, undeploy: repeated, interrupted, many at once.</summary>
public abstract partial class ProvisionerSpecification
{
    [Fact]
    public async Task Deploying_again_changes_nothing()
    {
        var provisioner = await StartAsync();
        var applied = await DeployAsync(provisioner, Define("shop", 1));
        var once = await OutsideAsync();

        var again = await DeployAsync(provisioner, Define("shop", 1), applied);

        Assert.Equal(applied, again);
        Assert.Equal(once, await OutsideAsync());
    }

    [Fact]
    public async Task A_deploy_whose_answer_was_lost_is_repeated_without_harm()
    {
        var provisioner = await StartAsync();
        var applied = await DeployAsync(provisioner, Define("shop", 1));
        var once = await OutsideAsync();

        var restarted = await RestartAsync(provisioner, Applied(applied));
        var again = await DeployAsync(restarted, Define("shop", 1), Define("shop", 1));

        Assert.Equal(applied, again);
        Assert.Equal(once, await OutsideAsync());
    }

    [Fact]
    public async Task Deploying_and_undeploying_leaves_nothing()
    {
        var provisioner = await StartAsync();
        var neighbour = await DeployAsync(provisioner, Define("neighbour", 2));
        var before = await OutsideAsync();
        var applied = await DeployAsync(provisioner, Define("shop", 1));
        Assert.NotEqual(before, await OutsideAsync());

        await UndeployAsync(provisioner, applied);

        Assert.Equal(before, await OutsideAsync());
        Assert.Empty((await provisioner.ObserveAsync(Applied(neighbour), Stopping)).Drifts);
    }

    [Fact]
    public async Task Undeploying_what_is_missing_succeeds()
    {
        var provisioner = await StartAsync();
        var before = await OutsideAsync();

        await UndeployAsync(provisioner, Define("never-was", 1));
        var applied = await DeployAsync(provisioner, Define("shop", 2));
        await UndeployAsync(provisioner, applied);
        await UndeployAsync(provisioner, applied);

        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task An_update_removes_what_is_no_longer_wanted()
    {
        var provisioner = await StartAsync();
        var first = await DeployAsync(provisioner, Define("shop", 1));

        var second = await DeployAsync(provisioner, Define("shop", 1, revision: 1), first);

        var updated = await OutsideAsync();
        await UndeployAsync(provisioner, second);
        await DeployAsync(provisioner, Define("shop", 1, revision: 1));
        Assert.Equal(await OutsideAsync(), updated);
    }

    [Fact]
    public async Task An_attempt_that_was_never_acknowledged_is_cleaned_up_too()
    {
        var provisioner = await StartAsync();
        var acknowledged = await DeployAsync(provisioner, Define("shop", 1));
        await DeployAsync(provisioner, Define("shop", 1, revision: 1), acknowledged);

        var restarted = await RestartAsync(provisioner, Applied(acknowledged));
        var last = await DeployAsync(restarted, Define("shop", 1, revision: 2), acknowledged, Define("shop", 1, revision: 1));

        var updated = await OutsideAsync();
        await UndeployAsync(restarted, last);
        await DeployAsync(restarted, Define("shop", 1, revision: 2));
        Assert.Equal(await OutsideAsync(), updated);
    }

    [Fact]
    public async Task Undeploying_takes_every_attempt_along()
    {
        var provisioner = await StartAsync();
        var before = await OutsideAsync();
        var acknowledged = await DeployAsync(provisioner, Define("shop", 1));
        await DeployAsync(provisioner, Define("shop", 1, revision: 1), acknowledged);

        await UndeployAsync(provisioner, acknowledged, Define("shop", 1, revision: 1), Define("shop", 1, revision: 2));

        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task Many_services_at_once_all_come_and_all_go()
    {
        var provisioner = await StartAsync();
        var before = await OutsideAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => DeployAsync(provisioner, Define($"crowd-{i}", i))));
        var deployed = await provisioner.ObserveAsync(Applied(applied), Stopping);
        var updated = await Task.WhenAll(applied.Select((old, i) => DeployAsync(provisioner, Define(old.Name, i, revision: 1), old)));
        var changed = await provisioner.ObserveAsync(Applied(updated), Stopping);
        await Task.WhenAll(updated.Select(definition => UndeployAsync(provisioner, definition)));

        Assert.Empty(deployed.Drifts);
        Assert.Empty(deployed.Orphans);
        Assert.Empty(changed.Drifts);
        Assert.Empty(changed.Orphans);
        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task A_cancelled_deploy_leaves_nothing_half_known()
    {
        var provisioner = await StartAsync();
        var before = await OutsideAsync();

        for (var i = 0; i < 20; i++)
        {
            var desired = Define($"cut-{i}", i);
            await CutOffAsync(i, stopping => provisioner.DeployAsync(Key(desired.Name), desired, [], stopping));
        }
        var applied = new List<ServiceDefinition>();
        for (var i = 0; i < 20; i++)
            applied.Add(await DeployAsync(provisioner, Define($"cut-{i}", i, revision: 1), Define($"cut-{i}", i)));
        var observed = await provisioner.ObserveAsync(Applied(applied), Stopping);
        foreach (var definition in applied)
            await UndeployAsync(provisioner, definition);

        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task A_cancelled_undeploy_can_be_repeated()
    {
        var provisioner = await StartAsync();
        var before = await OutsideAsync();
        var applied = new List<ServiceDefinition>();
        for (var i = 0; i < 10; i++)
            applied.Add(await DeployAsync(provisioner, Define($"cut-{i}", i)));

        for (var i = 0; i < applied.Count; i++)
        {
            var definition = applied[i];
            await CutOffAsync(i, stopping => provisioner.UndeployAsync(Key(definition.Name), [definition], stopping));
        }
        foreach (var definition in applied)
            await UndeployAsync(provisioner, definition);

        Assert.Equal(before, await OutsideAsync());
    }

    [Fact]
    public async Task Names_of_every_kind_work_and_stay_apart()
    {
        var provisioner = await StartAsync();
        var before = await OutsideAsync();
        ServiceKey[] keys =
        [
            .. OddNames.All.Select(Key),
            .. OddNames.All.Take(4).Select(name => new ServiceKey("other-workflow", name)),
        ];

        var applied = new Dictionary<ServiceKey, ServiceDefinition>();
        for (var i = 0; i < keys.Length; i++)
            applied[keys[i]] = await provisioner.DeployAsync(keys[i], Define(keys[i].Service, i), [], Stopping);
        var everything = await provisioner.ObserveAsync(applied, Stopping);
        foreach (var key in keys.Where((_, i) => i % 2 == 0))
        {
            await provisioner.UndeployAsync(key, [applied[key]], Stopping);
            applied.Remove(key);
        }
        provisioner = await RestartAsync(provisioner, applied);
        var half = await provisioner.ObserveAsync(applied, Stopping);
        foreach (var (key, definition) in applied)
            await provisioner.UndeployAsync(key, [definition], Stopping);

        Assert.Empty(everything.Drifts);
        Assert.Empty(everything.Orphans);
        Assert.Empty(half.Drifts);
        Assert.Empty(half.Orphans);
        Assert.Equal(before, await OutsideAsync());
    }

    /// <summary>Cancels a call at one of several early moments; where exactly it is cut does not matter to what is checked.</summary>
    private static async Task CutOffAsync(int moment, Func<CancellationToken, Task> call)
    {
        using var cut = new CancellationTokenSource();
        if (moment == 0)
            await cut.CancelAsync();
        var running = Task.Run(() => call(cut.Token), Stopping);
        for (var i = 0; i < moment * moment; i++)
            await Task.Yield();
        await cut.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // Cut off in time; otherwise it had ended before, which is as good.
        }
    }
}
