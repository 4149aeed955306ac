using Interlook.Engine.Planning;
using Interlook.Engine.Previewing;
using Interlook.Entries;
using Interlook.Services;
using Xunit;

namespace Interlook.Engine.Tests.Previewing;

public class ForesightTests
{
    private static readonly Dictionary<string, string> NoDrift = [];

    [Fact]
    public void A_new_service_is_created_at_every_step_in_order()
    {
        Assert.Equal(
            [
                "create ipam.a: shop.example.org, 1 target",
                "create dns.b: shop.example.org, 1 target",
                "create lb.c: shop.example.org, 1 target",
            ],
            Foresee(Sample.Detected()));
    }

    [Fact]
    public void A_deployed_service_has_nothing_before_it() => Assert.Empty(Foresee(Sample.Deployed()));

    [Fact]
    public void A_changed_service_is_changed_and_the_reason_says_in_what()
    {
        var changed = Sample.Definition() with
        {
            DnsNames = ["shop.example.org", "www.example.org"],
            Targets = [new Target("10.0.0.1", 80, 3), new Target("10.0.0.2", 80)],
            Tls = true,
        };

        var steps = Foresee(Sample.Deployed().Wished(changed, Sample.Noon));

        const string Difference = "name www.example.org is new, target 10.0.0.1:80 has weight 3 instead of 1, target 10.0.0.2:80 is new, with TLS from now on";
        Assert.Equal([$"change ipam.a: {Difference}", $"change dns.b: {Difference}", $"change lb.c: {Difference}"], steps);
    }

    [Fact]
    public void A_withdrawn_service_is_removed_backwards()
    {
        Assert.Equal(
            ["remove lb.c: the service is withdrawn", "remove dns.b: the service is withdrawn", "remove ipam.a: the service is withdrawn"],
            Foresee(Sample.Deployed().Wished(null, Sample.Noon)));
    }

    [Fact]
    public void A_step_that_the_workflow_lost_is_removed()
    {
        var shorter = Sample.Workflow with { Steps = ["ipam.a", "lb.c"] };

        var steps = Foresight.Of(Sample.Deployed(), shorter, NoDrift).Select(Shown);

        Assert.Equal(["remove dns.b: the workflow has this step no more"], steps);
    }

    [Fact]
    public void Drift_is_repaired_at_its_step_alone()
    {
        var drift = new Dictionary<string, string> { ["dns.b"] = "registration of shop is missing" };

        var steps = Foresight.Of(Sample.Deployed(), Sample.Workflow, drift).Select(Shown);

        Assert.Equal(["change dns.b: registration of shop is missing"], steps);
    }

    [Fact]
    public void An_attempt_of_unknown_outcome_is_made_again()
    {
        var entry = Sample.Detected();
        var step = Planner.Next(entry, Sample.Workflow)!.Value;

        var steps = Foresee(entry.Begun(step, Sample.Workflow, Sample.Noon));

        Assert.Equal("change ipam.a: what became of the last attempt is not known", steps[0]);
    }

    [Fact]
    public void What_is_foreseen_is_what_the_engine_then_does()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var entry = (random.Next(2) == 0 ? Sample.Detected() : Sample.Deployed())
                .Wished(random.Next(4) == 0 ? null : Sample.Definition(port: random.Next(80, 83)), Sample.Noon);
            var workflow = random.Next(3) == 0 ? Sample.Workflow with { Steps = ["ipam.a", "lb.c"] } : Sample.Workflow;

            var foreseen = Foresight.Of(entry, workflow, NoDrift).Select(step => (step.Action == PreviewAction.Remove ? "-" : "+") + step.Step);

            Assert.Equal(Sample.Walk(entry, workflow), foreseen);
        }
    }

    private static List<string> Foresee(Entry entry) => [.. Foresight.Of(entry, Sample.Workflow, NoDrift).Select(Shown)];

    private static string Shown(PreviewedStep step) => $"{step.Action.ToString().ToLowerInvariant()} {step.Step}: {step.Reason}";
}
