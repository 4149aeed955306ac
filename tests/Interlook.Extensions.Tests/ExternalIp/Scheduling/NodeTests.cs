using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.ExternalIp.Timing;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Scheduling;

/// <summary>From claims to nodes: who lives, who gets what, and who gives it up.</summary>
public class NodeTests
{
    private const string Web = "default/web";
    private const string First = "10-0-0-1-24";

    private readonly SchedulerFixture scheduler = new();

    [Fact]
    public void A_claim_is_scheduled_with_its_node_its_holder_and_its_label()
    {
        scheduler.Live("node1");
        scheduler.Service(Web, "10.0.0.1");

        scheduler.Run();

        var claim = scheduler.Claim(First)!;
        Assert.Equal(("node1", "node1", "node1"), (claim.Node, claim.Holder, claim.Metadata.Labels["ipnode"]));
    }

    [Fact]
    public void A_claim_waits_without_a_node_and_gets_the_first_that_comes()
    {
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();

        Assert.Equal("", scheduler.Claim(First)!.Node);

        scheduler.Live("node1");
        scheduler.Run();

        Assert.Equal("node1", scheduler.Claim(First)!.Node);
    }

    [Fact]
    public void A_service_is_told_that_no_node_lives_until_one_does()
    {
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();

        var refusal = Assert.Single(scheduler.Refusals);
        Assert.Equal((Web, Reason.Unavailable), (refusal.Service, refusal.Reason));
        Assert.Contains("10.0.0.1", refusal.Message, StringComparison.Ordinal);

        scheduler.Live("node1");
        scheduler.Run();

        Assert.Empty(scheduler.Refusals);

        scheduler.Live();
        scheduler.Run(10);

        Assert.Equal(Web, Assert.Single(scheduler.Refusals).Service);
    }

    [Fact]
    public void The_record_of_a_node_that_is_gone_for_good_is_removed()
    {
        scheduler.Live("node1", "node2");
        scheduler.Service(Web, "10.0.0.1", "10.0.0.2");
        scheduler.Run();
        scheduler.Live("node2");

        scheduler.Run(FenceTimes.GoneAfter.TotalSeconds - 10);
        Assert.Equal(["node1", "node2"], scheduler.Nodes);

        scheduler.Run(20);
        Assert.Equal(["node2"], scheduler.Nodes);

        scheduler.Live("node1", "node2");
        scheduler.Service("default/new", "10.0.0.3");
        scheduler.Run();
        Assert.Equal("node1", scheduler.Claim("10-0-0-3-24")!.Node);
    }

    [Fact]
    public void The_record_of_a_node_that_still_has_a_claim_stays_however_long_it_is_silent()
    {
        scheduler.Live("node1");
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();
        scheduler.Live();

        scheduler.Run(FenceTimes.GoneAfter.TotalSeconds + 20);

        Assert.Equal(["node1"], scheduler.Nodes);
    }

    [Fact]
    public void A_burst_of_claims_is_split_evenly()
    {
        scheduler.Live("node1", "node2", "node3");
        scheduler.Service(Web, [.. Enumerable.Range(1, 32).Select(number => $"10.0.0.{number}")]);

        scheduler.Run();

        Assert.Equal([10, 11, 11], Counts("node1", "node2", "node3").Order());
    }

    [Fact]
    public void Claims_that_come_while_others_are_being_written_are_split_with_them()
    {
        scheduler.Live("node1", "node2", "node3");
        scheduler.Run();

        scheduler.AnswersLate = true;
        foreach (var number in Enumerable.Range(1, 32).Reverse()) // each before those that are being written, by its name
        {
            scheduler.Service($"default/web{number}", $"10.0.0.{number}");
            scheduler.Run(0.5);
        }
        scheduler.AnswersLate = false;
        scheduler.Answer();
        scheduler.Run();

        Assert.Equal([10, 11, 11], Counts("node1", "node2", "node3").Order());
    }

    [Fact]
    public void First_alive_puts_everything_on_one_node()
    {
        var greedy = new SchedulerFixture(NodeFilter.FirstAlive);
        greedy.Live("node1", "node2");
        greedy.Service(Web, "10.0.0.1", "10.0.0.2", "10.0.0.3");

        greedy.Run();

        Assert.All(greedy.Claims, claim => Assert.Equal("node1", greedy.Claim(claim)!.Node));
    }

    [Fact]
    public void A_silent_node_loses_its_claims_to_the_others_and_they_keep_theirs()
    {
        var before = Three();

        scheduler.Live("node1", "node3");
        scheduler.Run(8);

        Assert.All(scheduler.Claims, claim => Assert.True(before[claim] == "node2" ? Node(claim) != "node2" : Node(claim) == before[claim]));
        Assert.Equal([3, 3], Counts("node1", "node3"));
    }

    [Fact]
    public void A_node_that_missed_one_heartbeat_keeps_its_claims()
    {
        var before = Three();

        scheduler.Live("node1", "node3");
        scheduler.Run(4);
        scheduler.Live("node1", "node2", "node3");
        scheduler.Run(10);

        Assert.All(scheduler.Claims, claim => Assert.Equal(before[claim], Node(claim)));
    }

    [Fact]
    public void A_dead_node_is_judged_only_by_a_read_that_is_fresh()
    {
        Three();

        scheduler.Live("node1", "node3");
        scheduler.Run(8);

        Assert.Contains("node2", scheduler.Read);
        Assert.DoesNotContain("node1", scheduler.Read);
    }

    [Fact]
    public void Nothing_goes_back_when_a_node_returns()
    {
        Three();
        scheduler.Live("node1", "node3");
        scheduler.Run(8);
        scheduler.Written.Clear();

        scheduler.Live("node1", "node2", "node3");
        scheduler.Run(20);

        Assert.Empty(scheduler.Written);
    }

    [Fact]
    public void The_claims_of_a_node_whose_record_is_deleted_move()
    {
        Three();

        scheduler.RemoveNode("node2");
        scheduler.Live("node1", "node3");
        scheduler.Run(8);

        Assert.Equal([3, 3], Counts("node1", "node3"));
    }

    [Fact]
    public void A_record_made_anew_whose_count_begins_again_is_a_living_node()
    {
        var before = Three();
        scheduler.SetNode(scheduler.Node("node2") with { Revision = 0 });

        scheduler.Run(10);

        Assert.All(scheduler.Claims, claim => Assert.Equal(before[claim], Node(claim)));
    }

    [Fact]
    public void A_scheduler_that_was_stopped_moves_nothing_because_of_it()
    {
        var before = Three();
        scheduler.Sleep(TimeSpan.FromMinutes(1));

        scheduler.Run(10);

        Assert.All(scheduler.Claims, claim => Assert.Equal(before[claim], Node(claim)));
    }

    [Fact]
    public void A_restart_moves_nothing()
    {
        Three();
        scheduler.Written.Clear();

        scheduler.Restart();
        scheduler.Run(15);

        Assert.Empty(scheduler.Written);
    }

    [Fact]
    public void Old_records_of_nodes_that_are_gone_get_nothing_from_a_scheduler_that_starts()
    {
        scheduler.Live("gone1", "gone2", "node1");
        scheduler.Live("node1");
        scheduler.Service(Web, "10.0.0.1", "10.0.0.2", "10.0.0.3");

        scheduler.Run();

        Assert.Equal([3], Counts("node1"));
    }

    [Fact]
    public void When_all_were_silent_the_first_that_is_heard_does_not_get_everything()
    {
        var before = Three();
        scheduler.Live();
        scheduler.Run(60);

        scheduler.Live("node1");
        scheduler.Run(1);
        scheduler.Live("node1", "node2", "node3");
        scheduler.Run(10);

        Assert.All(scheduler.Claims, claim => Assert.Equal(before[claim], Node(claim)));
    }

    [Fact]
    public void A_draining_node_hands_everything_over()
    {
        Three();
        scheduler.Written.Clear();

        scheduler.SetNode(scheduler.Node("node2") with { Status = scheduler.Node("node2").Status! with { Draining = true } });
        scheduler.Run();

        Assert.All(scheduler.Written, written => Assert.EndsWith("/node2", written, StringComparison.Ordinal));
        Assert.Equal([3, 0, 3], Counts("node1", "node2", "node3"));
    }

    [Fact]
    public void A_draining_node_keeps_what_nobody_else_can_take()
    {
        scheduler.Live("node1");
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();

        scheduler.SetNode(scheduler.Node("node1") with { Status = new() { Draining = true } });
        scheduler.Run();

        Assert.Equal("node1", Node(First));
    }

    [Fact]
    public void What_a_dead_node_held_goes_only_to_nodes_that_it_would_have_asked()
    {
        Three();
        scheduler.SetNode(scheduler.Node("node2") with { Status = new() { Peers = ["node3"] } });
        scheduler.Run(1);

        scheduler.Live("node1", "node3");
        scheduler.Run(8);

        Assert.Equal([2, 4], Counts("node1", "node3"));
    }

    [Fact]
    public void What_went_through_two_dead_nodes_goes_only_to_one_that_both_would_have_asked()
    {
        TakenOver();

        scheduler.Live("node3", "node4");
        scheduler.Run(10);

        Assert.Equal("node4", Node(First));
        Assert.Equal(["node1", "node2"], scheduler.Claim(First)!.From);
    }

    [Fact]
    public void That_a_former_holder_lives_again_opens_its_claim_only_to_nodes_that_it_named_for_an_expiry()
    {
        TakenOver();

        scheduler.Live("node1", "node3");
        scheduler.Run(10);
        Assert.Equal("node2", Node(First));

        scheduler.SetNode(scheduler.Node("node1") with { Status = new() { Peers = ["node2", "node3", "node4"] } });
        scheduler.Run(scheduler.Times.Expiry.TotalSeconds - 1);
        Assert.Equal("node2", Node(First));

        scheduler.Run(2);
        Assert.Equal("node3", Node(First));
    }

    [Fact]
    public void A_node_that_the_dead_one_did_not_know_gets_its_claims_after_the_longest_outage()
    {
        scheduler.Live("node1");
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();
        scheduler.Live("node2");
        scheduler.Run(60);

        Assert.Equal("node1", Node(First));

        scheduler.Run(FenceTimes.LongestOutage.TotalSeconds);

        Assert.Equal("node2", Node(First));
    }

    [Fact]
    public void A_claim_of_the_earlier_program_stays_on_its_node()
    {
        scheduler.Live("node1", "node2");
        scheduler.Service(Web, "10.0.0.1");
        scheduler.SetClaim(new Claim { Metadata = ClaimMeta.Named(First), Spec = new() { Cidr = "10.0.0.1/24", NodeName = "node2" } }.OwnedBy([Web]));

        scheduler.Run(10);

        Assert.Equal("node2", Node(First));
        Assert.Empty(scheduler.Written);
    }

    [Fact]
    public void An_unwanted_claim_of_a_dead_node_is_let_go_of_by_a_living_one_before_it_is_deleted()
    {
        Three();
        scheduler.Live("node1", "node3");
        scheduler.RemoveService(Web);
        scheduler.Run(1);

        Assert.NotEmpty(scheduler.Claims);

        scheduler.Run(8);

        Assert.Empty(scheduler.Claims);
    }

    private Dictionary<string, string> Three()
    {
        scheduler.Live("node1", "node2", "node3");
        scheduler.Service(Web, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6");
        scheduler.Run();
        return scheduler.Claims.ToDictionary(claim => claim, Node);
    }

    /// <summary>Four nodes live, and the claim went from node1 to node2; each of the two names node4 as one it would ask, and one more.</summary>
    private void TakenOver()
    {
        scheduler.Live("node1", "node2", "node3", "node4");
        scheduler.SetNode(scheduler.Node("node1") with { Status = new() { Peers = ["node2", "node4"] } });
        scheduler.SetNode(scheduler.Node("node2") with { Status = new() { Peers = ["node3", "node4"] } });
        scheduler.Service(Web, "10.0.0.1");
        var claim = new Claim { Metadata = ClaimMeta.Named(First), Spec = new() { Cidr = "10.0.0.1/24" } }.OwnedBy([Web]);
        scheduler.SetClaim(claim.For("node1", "node1").TakenOver("node2", "node2"));
    }

    private string Node(string claim) => scheduler.Claim(claim)!.Node;

    private int[] Counts(params string[] nodes) => [.. nodes.Select(node => scheduler.Claims.Count(claim => Node(claim) == node))];
}
