using Interlook.Collections;
using Interlook.Engine.Planning;
using Interlook.Entries;
using Interlook.Extensions;
using Xunit;

namespace Interlook.Engine.Tests.Planning;

public class PlannerTests
{
    [Fact]
    public void A_new_service_walks_the_workflow_forwards()
    {
        var entry = Sample.Detected();

        var calls = Sample.Walk(entry);

        Assert.Equal<EquatableArray<string>>(["+ipam.a", "+dns.b", "+lb.c"], calls);
    }

    [Fact]
    public void A_step_is_given_what_the_step_before_it_returned()
    {
        var entry = Sample.Detected();
        var first = Planner.Next(entry, Sample.Workflow)!.Value;
        entry = entry.Begun(first, Sample.Workflow, Sample.Noon).Acknowledged(first, first.Given!.WithAddress());

        var second = Planner.Next(entry, Sample.Workflow)!.Value;

        Assert.Equal(Sample.Definition().WithAddress(), second.Given);
    }

    [Fact]
    public void A_deployed_entry_needs_no_call()
    {
        Assert.Null(Planner.Next(Sample.Deployed(), Sample.Workflow));
    }

    [Fact]
    public void An_equal_definition_in_another_order_needs_no_call()
    {
        var first = Sample.Definition() with { DnsNames = ["b.example.org", "a.example.org"] };
        var same = Sample.Definition() with { DnsNames = ["a.example.org", "b.example.org"] };

        var entry = Sample.Deployed(first).Wished(same, Sample.Noon);

        Assert.Null(Planner.Next(entry, Sample.Workflow));
    }

    [Fact]
    public void A_changed_definition_walks_forwards_again_and_names_what_was_applied()
    {
        var entry = Sample.Deployed().Wished(Sample.Definition(port: 81), Sample.Noon);

        var step = Planner.Next(entry, Sample.Workflow)!.Value;

        Assert.Equal("ipam.a", step.Step);
        Assert.Equal<EquatableArray<Services.ServiceDefinition>>([Sample.Definition().WithAddress()], step.Earlier);
        Assert.Equal<EquatableArray<string>>(["+ipam.a", "+dns.b", "+lb.c"], Sample.Walk(entry));
    }

    [Fact]
    public void A_withdrawn_service_walks_backwards()
    {
        var entry = Sample.Deployed().Wished(null, Sample.Noon);

        Assert.Equal<EquatableArray<string>>(["-lb.c", "-dns.b", "-ipam.a"], Sample.Walk(entry));
    }

    [Fact]
    public void Only_steps_that_ran_are_undeployed_the_one_in_flight_included()
    {
        var entry = Sample.Detected();
        var first = Planner.Next(entry, Sample.Workflow)!.Value;
        entry = entry.Begun(first, Sample.Workflow, Sample.Noon).Acknowledged(first, first.Given!.WithAddress());
        var second = Planner.Next(entry, Sample.Workflow)!.Value;
        entry = entry.Begun(second, Sample.Workflow, Sample.Noon).Wished(null, Sample.Noon);

        Assert.Equal<EquatableArray<string>>(["-dns.b", "-ipam.a"], Sample.Walk(entry));
    }

    [Fact]
    public void An_attempt_that_failed_is_named_to_the_next_call()
    {
        var entry = Sample.Detected();
        var attempt = Planner.Next(entry, Sample.Workflow)!.Value;
        entry = entry.Begun(attempt, Sample.Workflow, Sample.Noon).Failed("ipam.a", Reason.Unreachable, "no route");

        var next = Planner.Next(entry.Wished(Sample.Definition(port: 81), Sample.Noon), Sample.Workflow)!.Value;

        Assert.Equal<EquatableArray<Services.ServiceDefinition>>([Sample.Definition()], next.Earlier);
    }

    [Fact]
    public void A_service_wanted_again_while_it_is_taken_back_is_deployed_where_it_was_touched()
    {
        var entry = Sample.Deployed().Wished(null, Sample.Noon);
        var undeploy = Planner.Next(entry, Sample.Workflow)!.Value;
        entry = entry.Begun(undeploy, Sample.Workflow, Sample.Noon).Failed("lb.c", Reason.Timeout, "no answer").Wished(Sample.Definition(), Sample.Noon);

        Assert.Equal<EquatableArray<string>>(["+lb.c"], Sample.Walk(entry));
    }

    [Fact]
    public void A_step_that_the_workflow_lost_is_undeployed_after_the_others_are_in_place()
    {
        var without = Sample.Workflow with { Steps = ["ipam.a", "lb.d"] };
        var entry = Sample.Deployed();

        Assert.Equal<EquatableArray<string>>(["+lb.d", "-lb.c", "-dns.b"], Sample.Walk(entry, without));
    }

    [Fact]
    public void A_step_that_drifted_is_deployed_again_and_no_other()
    {
        var entry = Sample.Deployed().Doubted("dns.b", "the record is missing");

        Assert.Equal<EquatableArray<string>>(["+dns.b"], Sample.Walk(entry));
    }

    [Fact]
    public void A_workflow_without_steps_is_deployed_at_once()
    {
        Assert.Null(Planner.Next(Sample.Detected(), Sample.Workflow with { Steps = [] }));
    }

    [Fact]
    public void The_states_of_the_walk_are_those_of_the_documentation()
    {
        var workflow = Sample.Workflow with { Steps = ["ipam.a"] };
        var entry = Sample.Detected();
        var seen = new List<(string, bool)> { (entry.State, entry.WorkInProgress) };

        var step = Planner.Next(entry, workflow)!.Value;
        entry = entry.Begun(step, workflow, Sample.Noon);
        seen.Add((entry.State, entry.WorkInProgress));
        entry = entry.Acknowledged(step, step.Given!.WithAddress());
        seen.Add((entry.State, entry.WorkInProgress));
        entry = entry.Closed(Sample.Noon);
        seen.Add((entry.State, entry.WorkInProgress));

        Assert.Equal([(Sample.Provider, false), ("ipam.a", true), ("ipam.a", false), (Entry.Deployed, false)], seen);
    }

    [Fact]
    public void A_new_definition_clears_the_failure_and_the_same_one_does_not()
    {
        var failed = Sample.Detected().Failed("ipam.a", Reason.Exhausted, "no address is left");

        Assert.NotNull(failed.Wished(Sample.Definition(), Sample.Noon).Failure);
        Assert.Null(failed.Wished(Sample.Definition(port: 81), Sample.Noon).Failure);
    }
}
