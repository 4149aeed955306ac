using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Engine.Tests;

public class WorkflowEngineTests
{
    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_published_service_is_deployed_and_a_withdrawn_one_taken_back()
    {
        using var bed = new TestBed();
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        var deployed = bed.Entry();
        bed.Say(new ProviderEvent.Withdrawn("shop"));

        Assert.Equal(Entry.Deployed, deployed?.State);
        Assert.Equal(Entry.Undeployed, bed.Entry()?.State);
        Assert.Equal(["+shop:80", "-shop"], bed.Steps["lb.c"].Calls);
    }

    [Fact]
    public void Changes_that_come_during_a_call_are_one_change_after_it()
    {
        using var bed = new TestBed();
        var gate = new TaskCompletionSource<ServiceDefinition>();
        bed.Steps["lb.c"].Deploy = (_, _, _) => gate.Task;
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(port: 1)]));

        foreach (var port in Enumerable.Range(2, 5))
            bed.Say(new ProviderEvent.Published(Sample.Definition(port: port)));
        gate.SetResult(Sample.Definition(port: 1).WithAddress());
        bed.Run(AMoment);

        Assert.Equal(["+shop:1", "+shop:6"], bed.Steps["lb.c"].Calls);
    }

    [Fact]
    public void A_service_withdrawn_during_a_call_is_taken_back_after_it()
    {
        using var bed = new TestBed();
        var gate = new TaskCompletionSource<ServiceDefinition>();
        bed.Steps["lb.c"].Deploy = (_, _, _) => gate.Task;
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        bed.Say(new ProviderEvent.Withdrawn("shop"));
        var callsMeanwhile = bed.Steps["lb.c"].Calls.Count;
        gate.SetResult(Sample.Definition().WithAddress());
        bed.Run(AMoment);

        Assert.Equal(1, callsMeanwhile);
        Assert.Equal(["+shop:80", "-shop"], bed.Steps["ipam.a"].Calls);
    }

    [Fact]
    public void A_call_that_gives_no_answer_is_cancelled_at_the_deadline_and_asked_again()
    {
        using var bed = new TestBed(new EngineOptions { ServiceWipTimeout = TimeSpan.FromSeconds(10) });
        bed.Steps["lb.c"].Deploy = async (_, desired, stopping) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, bed.Time, stopping);
            return desired;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        bed.Run(TimeSpan.FromSeconds(10.5));
        var failure = bed.Entry()?.Failure;
        bed.Run(AMoment);

        Assert.Equal(Reason.Timeout, failure?.Reason);
        Assert.Equal(2, bed.Steps["lb.c"].Calls.Count);
    }

    [Fact]
    public void A_call_that_ignores_its_cancellation_keeps_its_service_and_no_other()
    {
        using var bed = new TestBed(new EngineOptions { ServiceWipTimeout = TimeSpan.FromSeconds(10), Concurrency = 1 });
        var gate = new TaskCompletionSource<ServiceDefinition>();
        bed.Steps["lb.c"].Deploy = (key, desired, _) => key.Service == "shop" ? gate.Task : Task.FromResult(desired);
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(), Sample.Definition("other")]));

        bed.Run(TimeSpan.FromMinutes(10));
        var other = bed.Entry("other")?.State;
        var calls = bed.Steps["lb.c"].Calls.Count(call => call == "+shop:80");
        bed.Steps["lb.c"].Deploy = (_, desired, _) => Task.FromResult(desired);
        gate.SetResult(Sample.Definition().WithAddress());
        bed.Run(AMoment);

        Assert.Equal(Entry.Deployed, other);
        Assert.Equal(1, calls);
        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
    }

    [Fact]
    public void A_service_that_found_no_room_is_tried_when_another_gives_its_room_back()
    {
        using var bed = new TestBed();
        var holder = "";
        bed.Steps["ipam.a"].Deploy = (key, desired, _) =>
        {
            if (holder.Length > 0 && holder != key.Service)
                throw new ExtensionException(Reason.Exhausted, "no address is left");
            holder = key.Service;
            return Task.FromResult(desired.WithAddress());
        };
        bed.Steps["ipam.a"].Undeploy = _ =>
        {
            holder = "";
            return Task.CompletedTask;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition("first")]));
        bed.Say(new ProviderEvent.Published(Sample.Definition("second")));
        bed.Run(TimeSpan.FromMinutes(20));
        var waiting = bed.Entry("second")?.Failure?.Reason;

        bed.Say(new ProviderEvent.Withdrawn("first"));

        Assert.Equal(Reason.Exhausted, waiting);
        Assert.Equal(Entry.Deployed, bed.Entry("second")?.State);
    }

    [Fact]
    public void A_step_that_is_reached_again_is_tried_at_once()
    {
        using var bed = new TestBed();
        var down = true;
        bed.Steps["lb.c"].Deploy = (_, desired, _) => down ? throw new ExtensionException(Reason.Unreachable, "refused") : Task.FromResult(desired);
        bed.Steps["lb.c"].Check = () => down ? throw new ExtensionException(Reason.Unreachable, "refused") : Task.CompletedTask;
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromMinutes(30));
        var connected = bed.Engine.Extensions().Single(extension => extension.Name == "lb.c").Connected;

        down = false;
        bed.Run(TimeSpan.FromSeconds(6));

        Assert.False(connected);
        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
    }

    [Fact]
    public void A_platform_that_cannot_be_read_withdraws_nothing_and_is_opened_again_for_ever()
    {
        using var bed = new TestBed();
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        foreach (var _ in Enumerable.Range(0, 50))
        {
            bed.Platform.Break();
            bed.Run(TimeSpan.FromSeconds(40));
        }

        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
        Assert.Equal(51, bed.Platform.Opened);
        Assert.False(bed.Engine.Providers()[0].Synced);
    }

    [Fact]
    public void Withdrawals_that_are_held_are_shown_and_can_be_approved()
    {
        using var bed = new TestBed();
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot(Enumerable.Range(0, 30).Select(i => Sample.Definition($"s{i}")).ToEquatableArray()));

        bed.Say(new ProviderEvent.Snapshot([]));
        var held = bed.Engine.Providers()[0].HeldWithdrawals.Count;
        var deployed = bed.Engine.Entries().Count(entry => entry.State == Entry.Deployed);
        var approved = bed.Engine.ApproveWithdrawals(Sample.Provider);
        bed.Run(AMoment);

        Assert.Equal((30, 30, 30), (held, deployed, approved));
        Assert.All(bed.Engine.Entries(), entry => Assert.Equal(Entry.Undeployed, entry.State));
    }

    [Fact]
    public void What_drifted_outside_is_deployed_again_at_the_resync()
    {
        using var bed = new TestBed(new EngineOptions { ResyncInterval = TimeSpan.FromMinutes(1) });
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Steps["lb.c"].Observe = applied =>
        {
            bed.Steps["lb.c"].Observe = _ => Observation.InPlace;
            return new Observation([new Drift(applied.Keys.Single(), "the section is missing")], [new Orphan("section il_ghost", null)]);
        };

        bed.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(["+shop:80", "+shop:80"], bed.Steps["lb.c"].Calls);
        Assert.Single(bed.Steps["ipam.a"].Calls);
        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
    }

    [Fact]
    public void Orphans_are_reported_and_left_alone()
    {
        using var bed = new TestBed(new EngineOptions { ResyncInterval = TimeSpan.FromMinutes(1) });
        bed.Steps["lb.c"].Observe = _ => new Observation([], [new Orphan("section il_ghost", new ServiceKey("default", "ghost"))]);
        bed.Start();

        bed.Run(TimeSpan.FromMinutes(3));

        Assert.Equal<EquatableArray<string>>(["section il_ghost"], bed.Engine.Extensions().Single(each => each.Name == "lb.c").Orphans);
        Assert.Empty(bed.Steps["lb.c"].Calls);
    }

    [Fact]
    public void Drift_that_is_not_to_be_repaired_is_shown_until_it_is_gone()
    {
        using var bed = new TestBed(new EngineOptions { ResyncInterval = TimeSpan.FromMinutes(1), RepairDrift = false });
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Steps["lb.c"].Observe = applied => new Observation([.. applied.Keys.Select(key => new Drift(key, "the section is missing"))], []);

        bed.Run(TimeSpan.FromMinutes(3));
        var shown = bed.Entry()!;
        bed.Steps["lb.c"].Observe = _ => Observation.InPlace;
        bed.Run(TimeSpan.FromMinutes(2));

        Assert.Equal((Entry.Deployed, "lb.c: the section is missing"), (shown.State, shown.Info));
        Assert.Single(bed.Steps["lb.c"].Calls);
        Assert.Null(bed.Entry()?.Info);
        Assert.Equal(1, bed.Engine.History(bed.Entry()!.Key)!.Transitions.ToArray().Count(happened => happened.By == Transition.Core && happened.Kind == TransitionKind.Deployed));
    }

    [Fact]
    public void Orphans_that_two_resyncs_found_are_taken_back_when_the_operator_wants_it()
    {
        using var bed = new TestBed(new EngineOptions { ResyncInterval = TimeSpan.FromMinutes(1), RemoveOrphans = true });
        var isThere = true;
        bed.Steps["lb.c"].Observe = _ => isThere ? new Observation([], [new Orphan("section il_ghost", new ServiceKey("default", "ghost"))]) : Observation.InPlace;
        bed.Steps["lb.c"].Undeploy = _ =>
        {
            isThere = false;
            return Task.CompletedTask;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Assert.DoesNotContain("-ghost", bed.Steps["lb.c"].Calls);

        bed.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(["+shop:80", "-ghost"], bed.Steps["lb.c"].Calls);
        Assert.Equal(Entry.Undeployed, bed.Entry("ghost")?.State);
        Assert.Empty(bed.Engine.Extensions().Single(each => each.Name == "lb.c").Orphans);
    }

    [Fact]
    public void Orphans_are_not_taken_back_by_themselves_while_a_platform_was_not_read()
    {
        using var bed = new TestBed(new EngineOptions { ResyncInterval = TimeSpan.FromMinutes(1), RemoveOrphans = true });
        bed.Steps["lb.c"].Observe = _ => new Observation([], [new Orphan("section il_ghost", new ServiceKey("default", "ghost"))]);
        bed.Start();

        bed.Run(TimeSpan.FromMinutes(5));

        Assert.Empty(bed.Steps["lb.c"].Calls);
    }

    [Fact]
    public void Orphans_are_taken_back_on_request_and_what_is_wished_for_meanwhile_is_deployed()
    {
        using var bed = new TestBed();
        bed.Steps["lb.c"].Observe = _ => new Observation([], [new Orphan("section il_ghost", new ServiceKey("default", "ghost")), new Orphan("nameless", null)]);
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([], IsComplete: false));
        Assert.Equal(Reason.Unavailable, Assert.Throws<ExtensionException>(() => bed.Engine.RemoveOrphans()).Reason);
        bed.Say(new ProviderEvent.Snapshot([]));

        var taken = bed.Engine.RemoveOrphans();
        bed.Run(TimeSpan.FromSeconds(1));
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition("ghost")]));

        Assert.Equal(1, taken);
        Assert.Equal(["-ghost", "+ghost:80"], bed.Steps["lb.c"].Calls);
        Assert.Equal(Entry.Deployed, bed.Entry("ghost")?.State);
    }

    [Fact]
    public void A_service_nobody_spoke_of_for_long_is_asked_for()
    {
        using var bed = new TestBed(new EngineOptions { ServiceMaxLastUpdated = TimeSpan.FromSeconds(90) });
        bed.Platform.Refresh = _ => Sample.Definition(port: 99);
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        bed.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(99, bed.Entry()?.Desired.Targets[0].Port);
    }

    [Fact]
    public void A_refresh_that_cannot_be_answered_changes_nothing()
    {
        using var bed = new TestBed(new EngineOptions { ServiceMaxLastUpdated = TimeSpan.FromSeconds(90) });
        bed.Platform.Refresh = _ => throw new ExtensionException(Reason.Unavailable, "503");
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        bed.Run(TimeSpan.FromMinutes(30));

        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
    }

    [Fact]
    public void An_undeployed_entry_is_forgotten_after_a_while_and_can_come_back()
    {
        using var bed = new TestBed(new EngineOptions { CleanUndeployedServiceAfter = TimeSpan.FromMinutes(10) });
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Say(new ProviderEvent.Withdrawn("shop"));

        bed.Run(TimeSpan.FromMinutes(9));
        var before = bed.Entry();
        bed.Run(TimeSpan.FromMinutes(3));
        var after = bed.Entry();
        bed.Say(new ProviderEvent.Published(Sample.Definition()));

        Assert.NotNull(before);
        Assert.Null(after);
        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
    }

    [Fact]
    public void An_extension_that_cannot_start_stops_those_that_have()
    {
        using var bed = new TestBed();
        bed.Steps["lb.c"].Begin = () => throw new ExtensionException(Reason.Unreachable, "no HAProxy at master.sock");

        var failure = Assert.Throws<ExtensionException>(bed.Start);

        Assert.Equal("lb.c cannot start: no HAProxy at master.sock", failure.Message);
        Assert.True(bed.Steps["ipam.a"].IsStopped);
    }

    [Fact]
    public void A_start_that_may_wait_tries_again_until_the_system_is_there()
    {
        using var bed = new TestBed(new EngineOptions { WaitAtStart = true });
        var said = new List<string?>();
        var attempts = 0;
        bed.Steps["lb.c"].Begin = () =>
        {
            said.Add(bed.Engine.Extensions().Single(extension => extension.Name == "lb.c").Message);
            return ++attempts < 4 ? throw new ExtensionException(Reason.Unreachable, "no HAProxy at master.sock") : Task.CompletedTask;
        };

        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        Assert.Equal(["not started yet", "lb.c cannot start: no HAProxy at master.sock"], said.Distinct());
        Assert.Equal(4, said.Count);
        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
        Assert.Null(bed.Engine.Extensions().Single(extension => extension.Name == "lb.c").Reason);
    }

    [Fact]
    public void A_start_that_may_wait_does_not_wait_for_what_does_not_pass()
    {
        using var bed = new TestBed(new EngineOptions { WaitAtStart = true });
        bed.Steps["lb.c"].Begin = () => throw new ExtensionException(Reason.Unauthorized, "wrong password");

        var failure = Assert.Throws<ExtensionException>(bed.Start);

        Assert.Equal("lb.c cannot start: wrong password", failure.Message);
        Assert.True(bed.Steps["ipam.a"].IsStopped);
    }

    [Fact]
    public void Stopping_undeploys_nothing_and_lets_the_call_under_way_end()
    {
        using var bed = new TestBed();
        bed.Steps["lb.c"].Deploy = async (_, desired, stopping) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), bed.Time, stopping);
            return desired;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        bed.Complete(() => bed.Engine.StopAsync(CancellationToken.None));

        Assert.Equal(["+shop:80"], bed.Steps["lb.c"].Calls);
        Assert.All(bed.Steps.Values, step => Assert.True(step.IsStopped));
        Assert.DoesNotContain("-shop", bed.Steps["ipam.a"].Calls);
    }

    [Fact]
    public void A_bug_of_a_provisioner_is_an_error_of_its_service_alone()
    {
        using var bed = new TestBed();
        bed.Steps["lb.c"].Deploy = (key, desired, _) => key.Service == "shop" ? throw new NotSupportedException("oops") : Task.FromResult(desired);
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(), Sample.Definition("other")]));

        Assert.Equal(Reason.Internal, bed.Entry()?.Failure?.Reason);
        Assert.Equal(Entry.Deployed, bed.Entry("other")?.State);
    }

    [Fact]
    public void A_retry_by_hand_does_not_wait_for_the_back_off()
    {
        using var bed = new TestBed();
        var failing = true;
        bed.Steps["lb.c"].Deploy = (_, desired, _) => failing ? throw new ExtensionException(Reason.Refused, "no") : Task.FromResult(desired);
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromMinutes(30));

        failing = false;
        var known = bed.Engine.Retry(new ServiceKey(ServiceKey.DefaultWorkflow, "shop"));
        bed.Run(TimeSpan.Zero);

        Assert.True(known);
        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
    }

    [Fact]
    public void A_wall_clock_set_back_changes_nothing()
    {
        using var bed = new TestBed();
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        ((Specification.ManualTimeProvider)bed.Time).StepWallClock(TimeSpan.FromDays(-400));
        bed.Say(new ProviderEvent.Published(Sample.Definition(port: 81)));
        bed.Run(TimeSpan.FromMinutes(30));

        Assert.Equal(Entry.Deployed, bed.Entry()?.State);
        Assert.Equal(81, bed.Entry()?.Service.Targets[0].Port);
    }
}
