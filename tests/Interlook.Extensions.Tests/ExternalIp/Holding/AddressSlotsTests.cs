using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

/// <summary>What is to be done when, without an interface and without a clock.</summary>
public sealed class AddressSlotsTests
{
    private static readonly LinkAddress A = LinkAddress.Parse("10.0.0.7/24");
    private static readonly LinkAddress B = LinkAddress.Parse("fd00::7/64");
    private static readonly LinkState Ethernet = new(2, "eth0", IsUp: true, IsRunning: true, HasNeighbours: true, PhysicalAddress.Parse("02:00:00:00:00:0A"), PromotesSecondaries: true);
    private static readonly PhysicalAddress Other = PhysicalAddress.Parse("02:00:00:00:00:0B");

    private readonly AddressSlots held = new();

    [Fact]
    public void An_address_is_probed_for_then_added_then_announced()
    {
        Want(At(0), A);
        held.See(View(Ethernet), At(0));

        Assert.Equal([A], Next(At(0)).Probe);
        Answer(At(0.1), A);
        Assert.Equal([A], Next(At(0.1)).Add);
        Add(At(0.1), A);
        Assert.Equal([A], Next(At(0.1)).Announce);
    }

    [Fact]
    public void Without_neighbours_an_address_is_added_at_once()
    {
        Want(At(0), A, B);
        held.See(View(Ethernet with { Name = "lo", HasNeighbours = false }), At(0));

        var step = Next(At(0));

        Assert.Equal([A, B], step.Add.OrderBy(address => address.IsIPv6));
        Assert.Empty(step.Probe);
    }

    [Fact]
    public void While_somebody_else_answers_an_address_is_not_added_and_probed_for_every_tenth_of_a_second()
    {
        Want(At(0), A);
        held.See(View(Ethernet), At(0));
        held.Probed([A], ImmutableDictionary<IPAddress, PhysicalAddress>.Empty.Add(A.Address, Other), held.Asked(Next(At(0)).Probe), At(0.1));

        Assert.Equal(Other, held.Report(1).Conflicts[A.Address]);
        Assert.True(Next(At(0.19)).IsNothing);
        Assert.Equal(At(0.2), Next(At(0.19)).Next);
        Assert.Equal([A], Next(At(0.2)).Probe);
        Answer(At(0.3), A);
        Assert.Equal([A], Next(At(0.3)).Add);
        Assert.Empty(held.Report(1).Conflicts);
    }

    [Fact]
    public void A_probe_of_an_interface_that_was_made_again_says_nothing()
    {
        Want(At(0), A);
        held.See(View(Ethernet), At(0));
        var asked = held.Asked(Next(At(0)).Probe);
        held.See(View(Ethernet with { Index = 3 }), At(0.05));
        held.Asked(Next(At(0.05)).Probe);

        held.Probed([A], ImmutableDictionary<IPAddress, PhysicalAddress>.Empty, asked, At(0.1));

        Assert.Empty(Next(At(0.1)).Add);
    }

    [Fact]
    public void An_answer_that_could_not_be_used_soon_is_asked_for_again()
    {
        Want(At(0), A);
        held.See(View(Ethernet), At(0));
        Next(At(0));
        Answer(At(0.1), A);

        var step = Next(At(5));

        Assert.Empty(step.Add);
        Assert.Equal([A], step.Probe);
    }

    [Fact]
    public void Nothing_is_added_while_the_interface_is_down_or_missing()
    {
        Want(At(0), A);

        held.See(View(Ethernet with { IsUp = false, IsRunning = false }), At(0));
        Assert.True(Next(At(10)).IsNothing);
        held.See(LinkView.Missing, At(11));
        Assert.True(Next(At(21)).IsNothing);

        held.See(View(Ethernet), At(22));
        Assert.Equal([A], Next(At(22)).Probe);
    }

    [Fact]
    public void Without_a_carrier_an_address_is_added_after_a_while_and_proved_when_the_carrier_comes()
    {
        Want(At(0), A);
        held.See(View(Ethernet with { IsRunning = false }), At(0));

        Assert.Equal(At(3), Next(At(0)).Next);
        var step = Next(At(3));
        Assert.Equal([A], step.Add);
        Assert.Empty(step.Probe);
        held.Kept([A], [], At(3), Seconds(6));
        held.See(View(Ethernet with { IsRunning = false }, A), At(3));
        Assert.True(Next(At(3)).IsNothing);

        held.See(View(Ethernet, A), At(4));
        Assert.Equal([A], Next(At(4)).Remove);
        held.See(View(Ethernet), At(4));
        Assert.Equal([A], Next(At(4)).Probe);
    }

    [Fact]
    public void After_a_sleep_longer_than_its_lifetime_an_address_is_not_renewed_but_looked_for()
    {
        Hold(At(0), A);

        var step = Next(At(7));

        Assert.True(step is { Look: true, Renew.IsEmpty: true });
        held.See(View(Ethernet, A), At(7));
        Assert.Equal([A], Next(At(7)).Renew);
        held.See(View(Ethernet), At(7));
        Assert.Equal([A], Next(At(7)).Probe);
    }

    [Fact]
    public void An_address_is_renewed_at_a_third_of_its_lifetime()
    {
        Hold(At(0), A);

        Assert.Empty(Next(At(1.9)).Renew);
        Assert.Equal([A], Next(At(2)).Renew);
        held.Kept([A], [], At(2), Seconds(6));
        Assert.Empty(Next(At(3.9)).Renew);
        Assert.Equal([A], Next(At(4)).Renew);
    }

    [Fact]
    public void No_lifetime_reaches_beyond_its_limit()
    {
        held.Want([A], [], Seconds(6), null, At(4.5), At(0));
        held.See(View(Ethernet, A), At(0));

        Assert.Equal(Seconds(4), Next(At(0)).Lifetime);
        held.Kept([A], [], At(0), Seconds(4));
        Assert.Empty(Next(At(1.3)).Renew);
        Assert.Empty(Next(At(2)).Renew); // two more seconds are four in all, as before
        Assert.Empty(Next(At(4)).Renew);

        held.Want([A], [], Seconds(6), null, At(8.5), At(2));
        Assert.Equal([A], Next(At(2)).Renew);
        Assert.Equal(Seconds(6), Next(At(2)).Lifetime);
    }

    [Fact]
    public void Nothing_is_added_for_less_than_a_second()
    {
        held.Want([A], [], Seconds(6), At(5), At(0.9), At(0));
        held.See(View(Ethernet), At(0));

        Assert.True(Next(At(0)).IsNothing);
    }

    [Fact]
    public void At_the_deadline_everything_of_ours_is_removed_and_nothing_of_others()
    {
        var foreign = LinkAddress.Parse("10.0.0.1/24");
        held.Want([A], [], Seconds(6), At(3), null, At(0));
        held.See(View(Ethernet, A, B) with { Addresses = [.. View(Ethernet, A, B).Addresses, Present(foreign) with { IsOurs = false }] }, At(0));
        held.Kept([A], [], At(0), Seconds(6));

        Assert.Equal([B], Next(At(0)).Remove);
        Assert.Equal(At(3), Next(At(2.9)).Next);
        var step = Next(At(3));

        Assert.Equal([A, B], step.Remove.OrderBy(address => address.IsIPv6));
        Assert.True(step is { Renew.IsEmpty: true, Add.IsEmpty: true, Announce.IsEmpty: true, Probe.IsEmpty: true });
    }

    [Fact]
    public void After_a_deadline_a_new_wish_probes_again()
    {
        held.Want([A], [], Seconds(6), At(3), null, At(0));
        held.See(View(Ethernet, A), At(0));
        held.See(View(Ethernet), At(3));
        Assert.True(Next(At(3)).IsNothing);

        held.Want([A], [], Seconds(6), At(9), null, At(5));

        Assert.Equal([A], Next(At(5)).Probe);
    }

    [Fact]
    public void Our_addresses_that_nobody_wants_are_removed_and_those_wanted_are_taken_over()
    {
        Want(At(0), A);
        held.See(View(Ethernet, A, B), At(0));

        var step = Next(At(0));

        Assert.Equal([B], step.Remove);
        Assert.Equal([A], step.Announce);
        Assert.Empty(step.Probe);
        Assert.Equal([A], Next(At(0.1)).Renew);
    }

    [Fact]
    public void An_address_that_was_removed_by_hand_comes_back()
    {
        Hold(At(0), A);

        held.See(View(Ethernet), At(7));

        Assert.Equal([A], Next(At(7)).Probe);
    }

    [Fact]
    public void An_address_of_somebody_else_counts_as_present_and_is_added_when_it_goes()
    {
        Want(At(0), A);
        held.See(new(Ethernet, [Present(A) with { IsOurs = false }]), At(0));

        Assert.True(Next(At(0)).IsNothing);
        Assert.Contains(A, held.Report(1).Foreign);
        held.See(View(Ethernet), At(1));
        Assert.Equal([A], Next(At(1)).Probe);
    }

    [Fact]
    public void An_ipv4_address_with_another_prefix_is_added_before_the_old_one_goes()
    {
        var wide = LinkAddress.Parse("10.0.0.7/16");
        Hold(At(0), A);

        Want(At(1), wide);
        Assert.Equal([wide], Next(At(1)).Add);
        Assert.Empty(Next(At(1)).Remove);
        held.Kept([wide], [], At(1), Seconds(6));
        held.See(View(Ethernet, A, wide), At(1));

        Assert.Equal([A], Next(At(1)).Remove);
    }

    [Fact]
    public void An_ipv6_address_with_another_prefix_goes_before_the_new_one_comes()
    {
        var single = LinkAddress.Parse("fd00::7/128");
        Hold(At(0), B);

        Want(At(1), single);

        Assert.Equal([B], Next(At(1)).Remove);
    }

    [Fact]
    public void An_address_is_announced_for_five_seconds_and_again_when_the_interface_comes_up()
    {
        Hold(At(0), A);

        Assert.Equal([0, 0.1, 0.3, 1, 2, 3, 4, 5], Announcements(0, 10));
        held.See(View(Ethernet with { IsRunning = false }, A), At(11));
        Assert.Empty(Announcements(11, 12));
        held.See(View(Ethernet, A), At(12));

        Assert.Equal([12, 12.1, 12.3, 13, 14, 15, 16, 17], Announcements(12, 20));
    }

    [Fact]
    public void What_the_kernel_refused_is_tried_again_after_a_second_and_reported()
    {
        Want(At(0), A);
        held.See(View(Ethernet with { HasNeighbours = false }), At(0));
        held.Kept(Next(At(0)).Add, [new(A, 13, "no")], At(0), Seconds(6));

        Assert.Equal("no", held.Report(1).Problems[A]);
        Assert.True(Next(At(0.9)).IsNothing);
        Assert.Equal([A], Next(At(1)).Add);
    }

    [Fact]
    public void What_was_handed_over_is_added_and_announced_before_anybody_is_asked_and_then_they_are()
    {
        WantHandedOver(At(0), A, B);
        held.See(View(Ethernet), At(0));

        Assert.Equal([A, B], Next(At(0)).Add.OrderBy(address => address.IsIPv6));
        Assert.Empty(Next(At(0)).Probe);

        Add(At(0), A, B);
        Assert.Equal(2, Next(At(0)).Announce.Length);
        Assert.Equal([A, B], Next(At(0)).Probe.OrderBy(address => address.IsIPv6));
        Answer(At(0.1), A, B);
        Assert.Empty(Next(At(0.1)).Probe);
        Assert.Empty(Next(At(0.1)).Remove);
    }

    [Fact]
    public void What_was_handed_over_and_somebody_else_has_too_is_removed_reported_and_probed_for()
    {
        WantHandedOver(At(0), A);
        held.See(View(Ethernet), At(0));
        Add(At(0), A);
        held.Announced([A], At(0));

        held.Probed([A], ImmutableDictionary<IPAddress, PhysicalAddress>.Empty.Add(A.Address, Other), held.Asked(Next(At(0)).Probe), At(0.1));

        Assert.Equal([A], Next(At(0.1)).Remove);
        held.See(View(Ethernet), At(0.1));
        Assert.Equal(Other, held.Report(1).Conflicts[A.Address]);
        Assert.Empty(Next(At(0.1)).Add);
        Assert.Equal([A], Next(At(0.1)).Probe);
        Answer(At(0.2), A);
        Assert.Equal([A], Next(At(0.2)).Add);
        Assert.Empty(held.Report(1).Conflicts);
    }

    [Fact]
    public void Only_the_first_time_is_something_handed_over_added_unasked()
    {
        WantHandedOver(At(0), A);
        held.See(View(Ethernet), At(0));
        Add(At(0), A);
        Answer(At(0.1), A);

        held.See(View(Ethernet), At(1)); // somebody removed it

        Assert.Empty(Next(At(1)).Add);
        Assert.Equal([A], Next(At(1)).Probe);
    }

    [Fact]
    public void What_was_handed_over_to_an_interface_that_was_made_again_meanwhile_is_asked_for_first()
    {
        held.See(View(Ethernet with { IsUp = false }), At(0));
        WantHandedOver(At(0), A);
        held.See(View(Ethernet), At(1));

        Assert.Empty(Next(At(1)).Add);
        Assert.Equal([A], Next(At(1)).Probe);
    }

    [Fact]
    public void Neighbours_that_could_not_be_asked_late_are_asked_again()
    {
        WantHandedOver(At(0), A);
        held.See(View(Ethernet), At(0));
        Add(At(0), A);
        held.Announced([A], At(0));

        held.Probed([A], null, held.Asked(Next(At(0)).Probe), At(0.05));

        Assert.Empty(Next(At(0.05)).Probe);
        Assert.Empty(Next(At(0.05)).Remove);
        Assert.Equal([A], Next(At(1.05)).Probe);
    }

    private List<double> Announcements(double from, double to)
    {
        var found = new List<double>();
        for (var tenth = (int)Math.Round(from * 10); tenth <= to * 10; tenth++)
        {
            var step = held.Next(At(tenth / 10.0), mayProbe: true);
            held.Kept(step.Renew, [], At(tenth / 10.0), Seconds(6));
            if (step.Announce.IsEmpty)
                continue;
            found.Add(tenth / 10.0);
            held.Announced(step.Announce, At(tenth / 10.0));
        }
        return found;
    }

    private void Want(TimeSpan now, params LinkAddress[] addresses) => held.Want([.. addresses], [], Seconds(6), null, null, now);

    private void WantHandedOver(TimeSpan now, params LinkAddress[] addresses) => held.Want([.. addresses], [.. addresses], Seconds(6), null, null, now);

    private void Hold(TimeSpan now, params LinkAddress[] addresses)
    {
        Want(now, addresses);
        held.See(View(Ethernet, addresses), now);
        Add(now, addresses);
    }

    private void Add(TimeSpan now, params LinkAddress[] addresses)
    {
        held.Kept(addresses, [], now, Seconds(6));
        held.See(View(Ethernet, addresses), now);
    }

    private void Answer(TimeSpan now, params LinkAddress[] addresses) =>
        held.Probed(addresses, ImmutableDictionary<IPAddress, PhysicalAddress>.Empty, held.Asked(addresses), now);

    private KeeperStep Next(TimeSpan now) => held.Next(now, mayProbe: true);

    private static LinkView View(LinkState state, params LinkAddress[] ours) => new(state, [.. ours.Select(Present)]);

    private static PresentAddress Present(LinkAddress address) =>
        new(address, AddressMark.Protocol, Seconds(6), IsSecondary: false, IsRefused: false) { IsOurs = true };

    private static TimeSpan At(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
