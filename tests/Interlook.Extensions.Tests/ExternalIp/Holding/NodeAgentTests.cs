using Interlook.Extensions.ExternalIp.Claims;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

public class NodeAgentTests
{
    private const string Address = "10.0.0.1/24";
    private const string Name = "10-0-0-1-24";

    private readonly AgentFixture node = new();

    [Fact]
    public void The_first_heartbeat_creates_the_record_and_the_next_count_on()
    {
        node.Run(1);

        Assert.Equal(1, node.Own!.Revision);

        node.Run(4);

        Assert.Equal(3, node.Own!.Revision);
    }

    [Fact]
    public void A_record_that_somebody_deleted_is_made_again()
    {
        Hold();
        node.RemoveOwn();

        node.Run(4);

        Assert.InRange(node.Own!.Revision, 1, 3);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void An_address_is_held_while_its_claim_names_this_node_as_node_and_holder()
    {
        node.Run();
        node.SetClaim("10.0.0.1", "node1", "node1");
        node.SetClaim("10.0.0.2", "node2", "node2");
        node.SetClaim("10.0.0.3", "node1", "node2");
        node.Run();

        Assert.Equal([Address], node.Held);

        node.RemoveClaim("10.0.0.1");
        node.Run();

        Assert.Empty(node.Held);
    }

    [Fact]
    public void A_claim_that_was_there_before_is_taken_anew_before_it_is_held()
    {
        node.SetClaim("10.0.0.1", "node1", "node1");

        node.Run();

        Assert.Equal([$"{Name} node1/node1"], node.Written);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void A_claim_of_the_earlier_program_is_taken_and_has_a_holder_then()
    {
        node.SetClaim(new Claim { Metadata = ClaimMeta.Named(Name), Spec = new() { Cidr = Address, NodeName = "node1" } });

        node.Run();

        Assert.Equal([Address], node.Held);
        Assert.Equal("node1", node.Claim(Name).Status!.Holder);
    }

    [Fact]
    public void A_claim_that_was_given_now_costs_no_write()
    {
        node.Run();
        node.SetClaim("10.0.0.1", "node1", "node1");

        node.Run();

        Assert.Empty(node.Written);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void Without_heartbeats_everything_is_gone_at_the_fence()
    {
        var sent = Hold();
        node.PeersHaveContact = true;
        node.StoreAnswers = false;

        Assert.Equal(sent + node.Times.Fence, node.Holding.Until);

        node.Run(6);

        Assert.Empty(node.Holding.Addresses);
    }

    [Fact]
    public void After_a_fence_every_claim_is_taken_anew()
    {
        Hold();
        node.PeersHaveContact = true;
        node.StoreAnswers = false;
        node.Run(8);
        node.StoreAnswers = true;

        node.Run(2);

        Assert.Equal([$"{Name} node1/node1"], node.Written);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void A_process_that_was_stopped_holds_nothing_at_its_first_step()
    {
        Hold();
        node.Sleep(TimeSpan.FromSeconds(6));

        var pass = node.Agent.Pass(node.Now, node);

        Assert.Empty(pass.Holding.Addresses);
    }

    [Fact]
    public void A_late_answer_counts_from_the_sending_of_its_heartbeat()
    {
        Hold();
        node.Sleep(node.Times.Heartbeat);
        var heartbeat = node.Agent.Pass(node.Now, node).Heartbeat!;
        var sent = node.Now;
        node.Sleep(TimeSpan.FromSeconds(1));

        node.Agent.HeartbeatAnswered(heartbeat, new(WriteOutcome.Written, new(99)), node.Now);

        Assert.Equal(sent + node.Times.Fence, node.Agent.Pass(node.Now, node).Holding.Until);
    }

    [Fact]
    public void A_claim_is_handed_over_only_when_its_address_is_off_the_link()
    {
        Hold();
        node.KeeperWorks = false;
        node.SetClaim(node.Claim(Name).For("node2", "node1"));
        node.Run();

        Assert.Empty(node.Held);
        Assert.Empty(node.Written);

        node.KeeperWorks = true;
        node.Run();

        Assert.Equal([$"{Name} node2/node2"], node.Written);
    }

    [Fact]
    public void What_was_on_the_link_is_handed_over_with_the_word_that_it_is_free()
    {
        Hold();
        node.SetClaim(node.Claim(Name).For("node2", "node1"));

        node.Run();

        Assert.Equal("node1", node.Claim(Name).Status!.LeftBy);
    }

    [Fact]
    public void Nobody_vouches_for_what_never_was_on_the_link()
    {
        node.KeeperWorks = false; // somebody else answers for it
        Hold();
        node.SetClaim(node.Claim(Name).For("node2", "node1"));

        node.Run();

        Assert.Equal([$"{Name} node2/node2"], node.Written);
        Assert.Null(node.Claim(Name).Status!.LeftBy);
    }

    [Fact]
    public void What_another_has_left_for_this_node_needs_no_question_until_it_is_taken_anew()
    {
        node.Peer("node2");
        node.Run();
        node.SetClaim(new Claim { Metadata = ClaimMeta.Named(Name), Spec = new() { Cidr = Address } }.For("node1", "node2").HandedOverBy("node2"));
        node.Run(2);

        Assert.Equal([Address], node.Holding.HandedOver.Select(each => each.ToString()));

        node.PeersHaveContact = true;
        node.StoreAnswers = false;
        node.Run(8);
        node.StoreAnswers = true;
        node.Run(2);

        Assert.Equal([Address], node.Held);
        Assert.Empty(node.Holding.HandedOver);
    }

    [Fact]
    public void Of_many_that_are_to_be_handed_over_only_a_few_are_off_the_link_at_a_time()
    {
        node.Peer("node2");
        node.Run();
        string[] addresses = [.. Enumerable.Range(1, 20).Select(number => $"10.0.0.{number}")];
        foreach (var address in addresses)
            node.SetClaim(address, "node1", "node1");
        node.Run();
        node.ClaimWritesFail = true;
        foreach (var address in addresses)
            node.SetClaim(address, "node2", "node1");

        node.Run();

        Assert.Equal(12, node.Held.Count());

        node.ClaimWritesFail = false;
        node.Run();

        Assert.Empty(node.Held);
        Assert.Equal(20, node.Written.Count);
    }

    [Fact]
    public void What_speaks_against_an_address_stands_in_its_claim_for_as_long_as_it_lasts()
    {
        Hold();
        node.Trouble = new("Conflict", "02:00:00:00:00:0B answers for 10.0.0.1", DateTimeOffset.UnixEpoch);
        node.Run();

        Assert.Equal([$"{Name} node1/node1"], node.Written);
        Assert.Equal("02:00:00:00:00:0B answers for 10.0.0.1", node.Claim(Name).Trouble);
        Assert.Equal(("Announced", "False", "Conflict"), Said(Assert.Single(node.Claim(Name).Status!.Conditions)));

        node.Trouble = null;
        node.Run();

        Assert.Equal(2, node.Written.Count);
        Assert.Empty(node.Claim(Name).Status!.Conditions);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void What_spoke_against_an_address_on_one_node_is_not_said_of_the_next()
    {
        Hold();
        node.Trouble = new("Conflict", "02:00:00:00:00:0B answers for 10.0.0.1", DateTimeOffset.UnixEpoch);
        node.Run();
        node.SetClaim(node.Claim(Name).For("node2", "node1"));

        node.Run();

        Assert.Equal("node2", node.Claim(Name).Holder);
        Assert.Empty(node.Claim(Name).Status!.Conditions);
    }

    [Fact]
    public void A_record_that_another_process_writes_too_is_shared_until_that_ends()
    {
        Hold();
        Assert.False(node.Agent.IsShared(node.Now));

        node.SetOwn(node.Own! with { Revision = node.Own!.Revision + 1, Status = new() { Key = "other" } });
        node.Run(6);

        Assert.Equal([Address], node.Held);
        Assert.Equal("own", node.Own!.Status!.Key);
        Assert.False(node.Agent.IsShared(node.Now));

        node.SetOwn(node.Own! with { Revision = node.Own!.Revision + 1, Status = new() { Key = "other" } });
        node.Run(0.1);

        Assert.True(node.Agent.IsShared(node.Now));
    }

    [Fact]
    public void A_claim_that_nobody_shall_have_is_let_go_of()
    {
        Hold();
        node.SetClaim(node.Claim(Name).For("", "node1"));

        node.Run();

        Assert.Equal([$"{Name} /"], node.Written);
    }

    [Fact]
    public void A_node_that_drains_says_so_at_once_and_goes_on_holding()
    {
        Hold();

        node.Agent.Drain(node.Now);
        node.Run(0.5);

        Assert.True(node.Own!.IsDraining);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void A_node_that_ends_gives_up_what_nobody_took()
    {
        Hold();

        node.Agent.Release(node.Now);
        node.Run();

        Assert.Empty(node.Held);
        Assert.Equal([$"{Name} node1/"], node.Written);
    }

    [Fact]
    public void While_no_peer_has_contact_either_the_addresses_stay()
    {
        Hold();
        node.StoreAnswers = false;
        node.PeersHaveContact = false;

        node.Run(60);

        Assert.Contains("node2", node.Asked);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void One_peer_that_does_not_answer_is_a_fence()
    {
        Hold();
        node.StoreAnswers = false;
        node.PeersHaveContact = null;

        node.Run(8);

        Assert.Empty(node.Held);
    }

    [Fact]
    public void One_peer_that_has_contact_is_a_fence()
    {
        Hold();
        node.StoreAnswers = false;
        node.PeersHaveContact = false;
        node.Run(20);

        node.PeersHaveContact = true;
        node.Run(8);

        Assert.Empty(node.Held);
    }

    [Fact]
    public void A_node_goes_through_no_outage_that_is_longer_than_the_longest()
    {
        Hold();
        node.StoreAnswers = false;
        node.PeersHaveContact = false;

        node.Run(Interlook.Extensions.ExternalIp.Timing.FenceTimes.LongestOutage.TotalSeconds + 8);

        Assert.Empty(node.Held);
    }

    [Fact]
    public void After_an_outage_a_heartbeat_alone_does_not_hold_a_claim_that_was_given_away_meanwhile()
    {
        Hold();
        node.StoreAnswers = false;
        node.PeersHaveContact = false;
        node.Run(20);
        node.WatchWorks = false;
        node.SetClaim(node.Claim(Name).TakenOver("node2", "node2"));

        node.StoreAnswers = true;
        node.Run(2);

        Assert.Empty(node.Held);
    }

    [Fact]
    public void After_an_outage_the_claims_are_taken_anew_and_no_address_leaves_the_link()
    {
        Hold();
        node.StoreAnswers = false;
        node.PeersHaveContact = false;
        node.Run(20);
        node.StoreAnswers = true;

        for (var i = 0; i < 300; i++)
        {
            node.Run(0.02);
            Assert.Equal([Address], node.Held);
        }

        Assert.Equal([$"{Name} node1/node1"], node.Written);
    }

    [Fact]
    public void A_node_that_said_it_has_no_contact_takes_nothing_of_a_dead_node_for_one_expiry()
    {
        Hold();
        node.StoreAnswers = false;
        node.Run(3);
        Assert.False(node.Agent.AnswerPeer(node.Now));
        var said = node.Now;
        node.StoreAnswers = true;
        node.Run(0.5);
        node.SetClaim(new Claim { Metadata = ClaimMeta.Named("10-0-0-9-24"), Spec = new() { Cidr = "10.0.0.9/24" } }.For("node2", "node2").TakenOver("node1", "node1"));
        node.SetClaim("10.0.0.8", "node1", "node1");

        node.Run(1);

        Assert.Equal([Address, "10.0.0.8/24"], node.Held);

        node.Run((said + node.Times.Expiry - node.Now).TotalSeconds + 0.1);

        Assert.Equal([Address, "10.0.0.8/24", "10.0.0.9/24"], node.Held);
    }

    [Fact]
    public void A_process_that_just_started_takes_nothing_of_a_dead_node_for_one_expiry()
    {
        node.SetClaim(new Claim { Metadata = ClaimMeta.Named(Name), Spec = new() { Cidr = Address } }.For("node2", "node2").TakenOver("node1", "node1"));

        node.Run(5);
        Assert.Empty(node.Held);

        node.Run(1);
        Assert.Equal([Address], node.Held);
    }

    [Fact]
    public void What_was_a_dead_nodes_is_taken_anew_after_two_heartbeats_so_that_the_next_start_waits_for_nobody()
    {
        node.Run(10);
        node.SetClaim(new Claim { Metadata = ClaimMeta.Named(Name), Spec = new() { Cidr = Address } }.For("node2", "node2").TakenOver("node1", "node1"));

        node.Run((node.Times.Heartbeat * 2).TotalSeconds - 0.1);
        Assert.Equal([Address], node.Held);
        Assert.Equal(["node2"], node.Claim(Name).From);

        node.Run(node.Times.Heartbeat.TotalSeconds + 0.2);
        Assert.Equal([Address], node.Held);
        Assert.Empty(node.Claim(Name).From);
        Assert.Single(node.Written);
    }

    [Fact]
    public void Lifetimes_in_the_kernel_never_reach_beyond_what_the_last_heartbeat_allows()
    {
        var sent = Hold();
        var holding = node.Holding;

        Assert.Equal(4, holding.LifetimeAt(sent + TimeSpan.FromSeconds(0.2), node.Times).TotalSeconds);
        Assert.Equal(3, holding.LifetimeAt(sent + TimeSpan.FromSeconds(0.3), node.Times).TotalSeconds);
        Assert.Equal(1, holding.LifetimeAt(sent + TimeSpan.FromSeconds(3.2), node.Times).TotalSeconds);
        Assert.Equal(0, holding.LifetimeAt(sent + TimeSpan.FromSeconds(3.3), node.Times).TotalSeconds);
    }

    private static (string Type, string Status, string? Reason) Said(ClaimCondition condition) => (condition.Type, condition.Status, condition.Reason);

    /// <summary>A node that holds one address, at the moment of a heartbeat.</summary>
    private TimeSpan Hold()
    {
        node.Peer("node2");
        node.Run();
        node.SetClaim("10.0.0.1", "node1", "node1");
        node.Run(7);
        var count = node.Own!.Revision;
        while (node.Own!.Revision == count)
            node.Run(0.02);
        node.Written.Clear();
        return node.Now - TimeSpan.FromMilliseconds(20);
    }
}
