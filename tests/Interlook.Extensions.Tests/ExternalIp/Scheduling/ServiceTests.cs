using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Scheduling;

/// <summary>From Services to claims: what the earlier program's tests asserted, and what it got wrong.</summary>
public class ServiceTests
{
    private const string Web = "default/web";

    private readonly SchedulerFixture scheduler = new();

    public ServiceTests() => scheduler.Live("node1", "node2");

    [Fact]
    public void A_claim_comes_and_goes_with_its_Service()
    {
        scheduler.Service(Web, "10.10.0.2");
        scheduler.Run();

        Assert.Equal([Web], scheduler.Claim("10-10-0-2-24")!.Services);

        scheduler.RemoveService(Web);
        scheduler.Run();

        Assert.Empty(scheduler.Claims);
    }

    [Fact]
    public void An_annotated_Service_gets_the_first_free_address_of_an_address_pool()
    {
        scheduler.Pool("pool", "192.168.16.248/29", ["192.168.16.250", "192.168.16.252"]);
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });

        scheduler.Run();

        Assert.Equal(["192.168.16.250"], scheduler.Service(Web).ExternalIps);
        Assert.Equal("pool", scheduler.Claim("192-168-16-250-29")!.Pool);
        Assert.Equal("192-168-16-250-29", scheduler.Allocated("pool")["192.168.16.250"]);
    }

    [Fact]
    public void An_annotation_may_be_added_while_the_Service_runs()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web });
        scheduler.Run();

        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        Assert.Equal(["10.20.0.1"], scheduler.Service(Web).ExternalIps);
    }

    [Fact]
    public void An_address_written_by_hand_replaces_the_one_that_was_given()
    {
        scheduler.Pool("pool", "192.168.16.248/29");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true, ExternalIps = ["10.20.0.2"] });
        scheduler.Run();

        Assert.Equal(["10-20-0-2-24"], scheduler.Claims);
        Assert.Equal(["10.20.0.2"], scheduler.Service(Web).ExternalIps);
        Assert.Empty(scheduler.Allocated("pool"));
    }

    [Fact]
    public void An_address_of_an_address_pool_is_not_claimed_again_with_the_mask_of_others()
    {
        scheduler.Pool("pool", "192.168.16.248/29");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });

        scheduler.Run(20);

        Assert.Equal(["192-168-16-249-29"], scheduler.Claims);
    }

    [Fact]
    public void Nothing_is_written_when_nothing_changed()
    {
        scheduler.Pool("pool", "192.168.16.248/29");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Service("default/other", "10.0.0.1", "10.0.0.2");
        scheduler.Run();
        scheduler.Written.Clear();

        scheduler.Run(20);
        scheduler.Restart();
        scheduler.Run(20);

        Assert.Empty(scheduler.Written);
    }

    [Fact]
    public void One_address_in_two_Services_is_one_claim_until_the_last_has_gone()
    {
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Service("default/other", "10.0.0.1", "10.0.0.2");
        scheduler.Run();

        Assert.Equal(["10-0-0-1-24", "10-0-0-2-24"], scheduler.Claims);
        Assert.Equal(["default/other", Web], scheduler.Claim("10-0-0-1-24")!.Services);

        scheduler.RemoveService("default/other");
        scheduler.Run();

        Assert.Equal(["10-0-0-1-24"], scheduler.Claims);
        Assert.Equal([Web], scheduler.Claim("10-0-0-1-24")!.Services);
    }

    [Fact]
    public void An_owner_counts_only_while_it_uses_the_address()
    {
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();

        scheduler.Service(Web, "10.0.0.2");
        scheduler.Run();

        Assert.Equal(["10-0-0-2-24"], scheduler.Claims);
    }

    [Fact]
    public void Claims_that_nobody_wants_are_gone_after_the_scheduler_was_away()
    {
        scheduler.Service(Web, "10.0.0.1", "10.0.0.2", "10.0.0.3");
        scheduler.Run();
        scheduler.Restart();
        scheduler.Service(Web, "10.0.0.1", "10.0.0.2");

        scheduler.Run();

        Assert.Equal(2, scheduler.Claims.Count());

        scheduler.RemoveService(Web);
        scheduler.Run();

        Assert.Empty(scheduler.Claims);
    }

    [Fact]
    public void A_claim_made_by_hand_without_an_owner_is_removed()
    {
        scheduler.SetClaim(new Claim { Metadata = ClaimMeta.Named("10-9-9-9-24"), Spec = new() { Cidr = "10.9.9.9/24" } });

        scheduler.Run();

        Assert.Empty(scheduler.Claims);
    }

    [Fact]
    public void A_LoadBalancer_gets_an_address_and_a_status()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true });

        scheduler.Run();

        Assert.Equal((["10.20.0.1"], ["10.20.0.1"]), (scheduler.Service(Web).ExternalIps, scheduler.Service(Web).Ingress));
    }

    [Fact]
    public void A_status_that_was_lost_in_a_crash_is_written_later()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true });
        scheduler.Run();
        scheduler.Service(scheduler.Service(Web) with { Ingress = [] });

        scheduler.Restart();
        scheduler.Run();

        Assert.Equal(["10.20.0.1"], scheduler.Service(Web).Ingress);
    }

    [Fact]
    public void A_LoadBalancer_with_an_address_written_by_hand_gets_no_other()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true, ExternalIps = ["10.0.0.1"] });

        scheduler.Run();

        Assert.Equal(["10-0-0-1-24"], scheduler.Claims);
        Assert.Equal(["10.0.0.1"], scheduler.Service(Web).Ingress);
    }

    [Fact]
    public void The_address_that_a_LoadBalancer_asks_for_is_given()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true, AskedAddress = "10.20.0.77" });

        scheduler.Run();

        Assert.Equal(["10.20.0.77"], scheduler.Service(Web).ExternalIps);
    }

    [Fact]
    public void A_LoadBalancer_that_asks_for_another_address_moves_to_it()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true });
        scheduler.Run();

        scheduler.Service(scheduler.Service(Web) with { AskedAddress = "10.20.0.77" });
        scheduler.Run();

        Assert.Equal(["10-20-0-77-24"], scheduler.Claims);
        Assert.Equal((["10.20.0.77"], ["10.20.0.77"]), (scheduler.Service(Web).ExternalIps, scheduler.Service(Web).Ingress));
    }

    [Theory]
    [InlineData("10.20.0.1", Reason.Conflict)]
    [InlineData("10.99.0.1", Reason.Invalid)]
    [InlineData("nonsense", Reason.Invalid)]
    public void An_asked_address_that_cannot_be_had_is_a_refusal(string asked, Reason expected)
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = "default/a", IsBalancer = true });
        scheduler.Run();

        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true, AskedAddress = asked });
        scheduler.Run();

        Assert.Equal((Web, expected), (Assert.Single(scheduler.Refusals).Service, scheduler.Refusals[0].Reason));
        Assert.Empty(scheduler.Service(Web).ExternalIps);
    }

    [Fact]
    public void Without_its_annotation_a_Service_gives_its_address_back()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        scheduler.Service(scheduler.Service(Web) with { AsksAuto = false });
        scheduler.Run();

        Assert.Empty(scheduler.Service(Web).ExternalIps);
        Assert.Empty(scheduler.Claims);
        Assert.Empty(scheduler.Allocated("pool"));
    }

    [Fact]
    public void Without_its_type_a_LoadBalancer_gives_its_address_back()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, IsBalancer = true });
        scheduler.Run();

        scheduler.Service(scheduler.Service(Web) with { IsBalancer = false });
        scheduler.Run();

        Assert.Empty(scheduler.Claims);
    }

    [Fact]
    public void An_address_is_not_free_before_it_is_out_of_the_Service_that_had_it()
    {
        scheduler.Pool("pool", "10.20.0.1/32");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();
        scheduler.RefusesServices = true;
        scheduler.Service(scheduler.Service(Web) with { AsksAuto = false });
        scheduler.Service(new ServiceDemand { Name = "default/next", AsksAuto = true });
        scheduler.Run();

        Assert.Equal([Web], scheduler.Claim("10-20-0-1-32")!.Services);

        scheduler.RefusesServices = false;
        scheduler.Run(10);

        Assert.Equal(["default/next"], scheduler.Claim("10-20-0-1-32")!.Services);
        Assert.Equal(["10.20.0.1"], scheduler.Service("default/next").ExternalIps);
    }

    [Fact]
    public void An_address_pool_that_comes_after_the_Services_serves_them()
    {
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        Assert.Equal(Reason.Exhausted, Assert.Single(scheduler.Refusals).Reason);

        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Run();

        Assert.Equal(["10.20.0.1"], scheduler.Service(Web).ExternalIps);
        Assert.Empty(scheduler.Refusals);
    }

    [Fact]
    public void Exhaustion_is_a_reason_and_ends_when_an_address_is_freed()
    {
        scheduler.Pool("pool", "10.20.0.1/32");
        scheduler.Service(new ServiceDemand { Name = "default/first", AsksAuto = true });
        scheduler.Run();
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        Assert.Equal("There is no free IP left in the pool: default/web waits for one", Assert.Single(scheduler.Refusals).Message);

        scheduler.RemoveService("default/first");
        scheduler.Run();

        Assert.Equal(["10.20.0.1"], scheduler.Service(Web).ExternalIps);
    }

    [Fact]
    public void The_next_address_pool_gives_when_the_first_is_empty()
    {
        scheduler.Pool("a", "10.20.0.1/32");
        scheduler.Pool("b", "10.30.0.1/32");
        scheduler.Service(new ServiceDemand { Name = "default/first", AsksAuto = true });
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });

        scheduler.Run();

        Assert.Equal(["10-20-0-1-32", "10-30-0-1-32"], scheduler.Claims);
    }

    [Fact]
    public void An_address_written_by_hand_inside_an_address_pool_counts_as_taken_and_has_its_prefix()
    {
        scheduler.Pool("pool", "10.20.0.0/28");
        scheduler.Service("default/hand", "10.20.0.1");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });

        scheduler.Run();

        Assert.Equal(["10-20-0-1-28", "10-20-0-2-28"], scheduler.Claims);
        Assert.Equal(["10.20.0.1", "10.20.0.2"], scheduler.Allocated("pool").Keys);
    }

    [Fact]
    public void Two_Services_never_get_one_address_though_the_claims_cannot_be_written()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.RefusesClaims = true;
        scheduler.Service(new ServiceDemand { Name = "default/first", AsksAuto = true });
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        Assert.Empty(scheduler.Service(Web).ExternalIps);

        scheduler.RefusesClaims = false;
        scheduler.Run();

        Assert.Equal(["10.20.0.1"], scheduler.Service("default/first").ExternalIps);
        Assert.Equal(["10.20.0.2"], scheduler.Service(Web).ExternalIps);
    }

    [Fact]
    public void An_address_that_could_not_be_written_into_its_Service_is_not_lost()
    {
        scheduler.Pool("pool", "10.20.0.1/32");
        scheduler.RefusesServices = true;
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();

        scheduler.Restart();
        scheduler.RefusesServices = false;
        scheduler.Run();

        Assert.Equal(["10.20.0.1"], scheduler.Service(Web).ExternalIps);
    }

    [Fact]
    public void Given_addresses_stay_after_a_restart_though_a_Service_with_an_earlier_name_waits()
    {
        scheduler.Pool("pool", "10.20.0.1/32");
        scheduler.Service(new ServiceDemand { Name = "default/z", AsksAuto = true });
        scheduler.Run();
        scheduler.Service(new ServiceDemand { Name = "default/a", AsksAuto = true });

        scheduler.Restart();
        scheduler.Run();

        Assert.Equal(["default/z"], scheduler.Claim("10-20-0-1-32")!.Services);
    }

    [Fact]
    public void An_invalid_address_is_a_refusal_and_the_others_are_claimed()
    {
        scheduler.Service(Web, "10.0.0", "10.0.0.1", "2001:db8::7");

        scheduler.Run();

        Assert.Equal(["10-0-0-1-24", "2001-db8-0-0-0-0-0-7-128"], scheduler.Claims);
        Assert.Equal("externalIPs of default/web holds '10.0.0', which is not an IP address", Assert.Single(scheduler.Refusals).Message);
    }

    [Fact]
    public void An_address_that_another_Service_also_wrote_by_hand_stays_with_it()
    {
        scheduler.Pool("pool", "10.20.0.0/24");
        scheduler.Service(new ServiceDemand { Name = Web, AsksAuto = true });
        scheduler.Run();
        scheduler.Service("default/a", "10.20.0.1");
        scheduler.Run();
        scheduler.RemoveService(Web);

        scheduler.Run();

        Assert.Equal(["default/a"], scheduler.Claim("10-20-0-1-24")!.Services);
        Assert.Equal(["10.20.0.1"], scheduler.Service("default/a").ExternalIps);
        Assert.Null(scheduler.Claim("10-20-0-1-24")!.Pool);
    }

    [Fact]
    public void Other_labels_and_owners_of_a_claim_are_kept()
    {
        scheduler.Service(Web, "10.0.0.1");
        scheduler.Run();
        var claim = scheduler.Claim("10-0-0-1-24")!;
        scheduler.SetClaim(claim with
        {
            Metadata = claim.Metadata.WithLabel("mine", "x") with { OwnerReferences = [new ClaimOwner { Kind = "Other", Uid = "u" }, .. claim.Metadata.OwnerReferences] },
        });

        scheduler.Service("default/a", "10.0.0.1");
        scheduler.Run();

        claim = scheduler.Claim("10-0-0-1-24")!;
        Assert.Equal("x", claim.Metadata.Labels["mine"]);
        Assert.Equal(["Other", ClaimOwner.ServiceReference, ClaimOwner.ServiceReference], claim.Metadata.OwnerReferences.Select(owner => owner.Kind));
    }

    [Fact]
    public void A_claim_of_an_Interlook_gets_a_node_and_is_given_up_when_its_owner_is_taken_away()
    {
        var world = new SchedulerFixture();
        world.Live("node1", "node2");
        var claim = new Claim { Metadata = ClaimMeta.Named("10-0-0-7-32") with { OwnerReferences = [ClaimOwner.Of("interlook", new("default", "shop"))] }, Spec = new() { Cidr = "10.0.0.7/32" } };
        world.SetClaim(claim);

        world.Run();
        var placed = world.Claim("10-0-0-7-32")!;
        world.SetClaim(placed with { Metadata = placed.Metadata with { OwnerReferences = [] } });
        world.Run();

        Assert.True(placed.IsHeldBy("node1"));
        Assert.Equal("InterlookEntry interlook/default/shop", placed.Owners);
        Assert.Empty(world.Claims);
    }

    [Fact]
    public void A_Service_joins_the_claim_of_an_Interlook_and_leaves_it_whatever_their_masks_are()
    {
        var world = new SchedulerFixture();
        world.Live("node1");
        world.SetClaim(new Claim
        {
            Metadata = ClaimMeta.Named("10-0-0-7-32") with { OwnerReferences = [ClaimOwner.Of("interlook", new("default", "shop"))] },
            Spec = new() { Cidr = "10.0.0.7/32" },
        });

        world.Service("default/web", "10.0.0.7");
        world.Run();
        var shared = world.Claim("10-0-0-7-32")!;
        world.RemoveService("default/web");
        world.Run();

        Assert.Equal(["10-0-0-7-32"], world.Claims);
        Assert.Equal("InterlookEntry interlook/default/shop, ServiceReference default/web", shared.Owners);
        Assert.Equal("InterlookEntry interlook/default/shop", world.Claim("10-0-0-7-32")!.Owners);
    }
}
