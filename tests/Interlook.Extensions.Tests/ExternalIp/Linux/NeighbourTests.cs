using System.Net;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Linux;

/// <summary>What neighbours see of us, and we of them.</summary>
public sealed class NeighbourTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_announcement_is_a_gratuitous_arp_request_and_a_reply()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        var hardware = await laboratory["node"].HardwareOnAsync(LaboratoryNetwork.Front);
        using var link = laboratory["node"].Open();
        link.Read();
        await using var capture = await FrameCapture.StartAsync(laboratory["client"]);

        link.Announce([NetworkLaboratory.FreeAddress(1)]);

        await Eventually.TrueAsync("both were seen", () => capture.Count("10.99.0.101") == 2);
        Assert.Equal(1, capture.Count($"{hardware} > ff:ff:ff:ff:ff:ff", "Request who-has 10.99.0.101 tell 10.99.0.101"));
        Assert.Equal(1, capture.Count($"{hardware} > ff:ff:ff:ff:ff:ff", $"Reply 10.99.0.101 is-at {hardware}"));
    }

    [Fact]
    public async Task An_announcement_of_ipv6_is_an_unsolicited_advertisement_that_overrides()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        var hardware = await laboratory["node"].HardwareOnAsync(LaboratoryNetwork.Front);
        using var link = laboratory["node"].Open();
        link.Read();
        await using var capture = await FrameCapture.StartAsync(laboratory["client"]);

        link.Announce([NetworkLaboratory.FreeIpv6Address(1)]);

        await Eventually.TrueAsync("it was seen", () => capture.Count($"{hardware} > 33:33:00:00:00:01", "fd99::1:1 > ff02::1", "neighbor advertisement, tgt is fd99::1:1") == 1);
    }

    [Theory]
    [InlineData("10.99.0.101")]
    [InlineData("fd99::1:1")]
    public async Task An_announcement_moves_an_address_in_the_table_of_a_neighbour(string text)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node1", "node2", "client");
        var address = LinkAddress.Of(IPAddress.Parse(text), 128);
        using var first = laboratory["node1"].Open();
        using var second = laboratory["node2"].Open();
        first.Read();
        second.Read();
        first.Add([address], Minute);
        await Eventually.TrueAsync("the first answers", () => laboratory["client"].PingAsync(address.Address));
        Assert.Equal(await laboratory["node1"].HardwareOnAsync(LaboratoryNetwork.Front), await laboratory["client"].NeighbourAsync(address.Address));
        first.Remove([address]);
        second.Add([address], Minute);

        second.Announce([address.Address]);

        var hardware = await laboratory["node2"].HardwareOnAsync(LaboratoryNetwork.Front);
        await Eventually.TrueAsync("the client knows", async () => await laboratory["client"].NeighbourAsync(address.Address) == hardware);
        await Eventually.TrueAsync("the second answers", () => laboratory["client"].PingAsync(address.Address));
    }

    [Fact]
    public async Task A_probe_finds_who_has_an_address_and_changes_nobodys_table()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "other");
        using var link = laboratory["node"].Open();
        link.Read();
        var (taken, taken6) = (laboratory["other"].AddressOn(LaboratoryNetwork.Front), laboratory["other"].Ipv6AddressOn(LaboratoryNetwork.Front));

        var answers = await link.ProbeAsync(
            [taken, taken6, NetworkLaboratory.FreeAddress(1), NetworkLaboratory.FreeIpv6Address(1)], TestContext.Current.CancellationToken);

        Assert.Equal([taken, taken6], answers.Keys.OrderByDescending(address => address.ToString().Length));
        var hardware = (await laboratory["other"].HardwareOnAsync(LaboratoryNetwork.Front)).Replace(":", "", StringComparison.Ordinal);
        Assert.All(answers.Values, each => Assert.Equal(hardware, each.ToString(), ignoreCase: true));
        Assert.Equal("", await laboratory["other"].NeighbourAsync(NetworkLaboratory.FreeAddress(1)));
    }

    [Fact]
    public async Task Of_two_who_probe_for_one_address_at_the_same_time_one_sees_the_other()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node1", "node2");
        var clock = new ManualTimeProvider();
        using var first = laboratory["node1"].Open(time: clock);
        using var second = laboratory["node2"].Open(time: clock);
        first.Read();
        second.Read();
        IPAddress[] addresses = [NetworkLaboratory.FreeAddress(1), NetworkLaboratory.FreeIpv6Address(1)];

        var probes = Task.WhenAll(
            first.ProbeAsync(addresses, TestContext.Current.CancellationToken), second.ProbeAsync(addresses, TestContext.Current.CancellationToken));
        await Eventually.TrueAsync("both are over", () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(40));
            return probes.IsCompleted;
        });

        var answers = await probes;

        Assert.All(addresses, address => Assert.Contains(answers, each => each.ContainsKey(address)));
    }

    [Fact]
    public async Task A_probe_that_hears_nothing_because_the_interface_is_down_is_no_answer()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var link = laboratory["node"].Open();
        link.Read();
        await laboratory["node"].Namespace.IpAsync("link set eth0 down");

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => link.ProbeAsync([NetworkLaboratory.FreeAddress(1)], TestContext.Current.CancellationToken));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Contains("eth0", failure.Message, StringComparison.Ordinal);
    }
}
