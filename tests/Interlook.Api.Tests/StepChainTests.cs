using Interlook.Engine;
using Interlook.Entries;
using Interlook.Services;
using Xunit;

namespace Interlook.Api.Tests;

/// <summary>The field <c>steps</c>: how far each step of the workflow is.</summary>
public sealed class StepChainTests
{
    private static readonly Entry Deployed = Samples.Deployed("shop") with
    {
        Steps =
        [
            Samples.Deployed("shop").Steps[0],
            new StepRecord("dns.consul", Samples.Deployed("shop").Service, Samples.Deployed("shop").Service, []),
        ],
    };

    [Fact]
    public async Task A_deployed_entry_is_done_everywhere() =>
        Assert.Equal("ipam.ipalloc:done dns.consul:done", await ChainAsync(Deployed));

    [Fact]
    public async Task A_step_under_way_is_working_and_those_after_it_wait() =>
        Assert.Equal("ipam.ipalloc:working dns.consul:waiting", await ChainAsync(Deployed with
        {
            State = "ipam.ipalloc",
            WipTime = Samples.Noon,
            CloseTime = null,
            Steps = [],
        }));

    [Fact]
    public async Task A_step_whose_last_call_failed_is_failed() =>
        Assert.Equal("ipam.ipalloc:done dns.consul:failed", await ChainAsync(Samples.Failed("shop") with { WipTime = null }));

    [Fact]
    public async Task A_new_definition_makes_every_step_wait() =>
        Assert.Equal("ipam.ipalloc:waiting dns.consul:waiting", await ChainAsync(Deployed with { Desired = Deployed.Desired with { Tls = true } }));

    [Fact]
    public async Task A_step_that_drifted_waits() =>
        Assert.Equal("ipam.ipalloc:done dns.consul:waiting", await ChainAsync(Deployed with
        {
            Steps = Deployed.Steps.SetItem(1, Deployed.Steps[1] with { Attempted = [Deployed.Service] }),
        }));

    [Fact]
    public async Task On_the_way_back_a_step_is_done_when_nothing_is_left_of_it() =>
        Assert.Equal("ipam.ipalloc:waiting dns.consul:done", await ChainAsync(Samples.Deployed("shop") with { Expected = ExpectedState.Undeployed }));

    [Fact]
    public async Task A_step_that_the_workflow_lost_stands_at_the_end_until_it_is_taken_back() =>
        Assert.Equal("dns.consul:waiting ipam.ipalloc:waiting", await ChainAsync(
            Samples.Deployed("shop"), new Workflow(ServiceKey.DefaultWorkflow, "provider.docker", ["dns.consul"])));

    private static async Task<string> ChainAsync(Entry entry, Workflow? workflow = null)
    {
        var engine = new FakeEngine().With(entry);
        if (workflow is not null)
            engine.Workflows = [workflow];
        await using var api = await RunningApi.StartAsync(engine);

        var (_, body) = await api.GetAsync($"/services/{entry.Key.Service}");

        return string.Join(' ', body.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("step")}:{step.GetProperty("state")}"));
    }
}
