using System.Net;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Linux;

/// <summary>Addresses on real interfaces, in namespaces of the test's own.</summary>
public sealed class LinuxLinkTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Free => [$"{NetworkLaboratory.FreeAddress(1)}/24", $"{NetworkLaboratory.FreeAddress(1)}/32", $"{NetworkLaboratory.FreeIpv6Address(1)}/64", $"{NetworkLaboratory.FreeIpv6Address(1)}/128"];

    [Theory]
    [MemberData(nameof(Free))]
    public async Task An_added_address_answers_has_our_mark_and_an_end(string text)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        using var link = laboratory["node"].Open();
        var address = LinkAddress.Parse(text);
        link.Read();

        var failures = link.Add([address], Minute);

        Assert.Empty(failures);
        var present = Assert.Single(link.Read().Addresses, each => each.IsOurs);
        Assert.Equal(address, present.Address);
        Assert.Equal(AddressMark.Protocol, present.Protocol);
        Assert.InRange(present.Lifetime!.Value.TotalSeconds, 50, 60);
        // The kernel joins the group of an IPv6 address, and makes its route, some time after it said that it is there.
        await Eventually.TrueAsync("it answers", () => laboratory["client"].PingAsync(address.Address));
    }

    [Theory]
    [MemberData(nameof(Free))]
    public async Task A_removed_address_is_gone_and_removing_it_again_is_no_failure(string text)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var link = laboratory["node"].Open();
        var address = LinkAddress.Parse(text);
        link.Read();
        link.Add([address], Minute);

        Assert.Empty(link.Remove([address]));
        Assert.Empty(link.Remove([address]));

        Assert.DoesNotContain(link.Read().Addresses, each => each.Address == address);
    }

    [Theory]
    [MemberData(nameof(Free))]
    public async Task An_address_that_nobody_renews_goes_by_itself(string text)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var link = laboratory["node"].Open();
        var address = LinkAddress.Parse(text);
        link.Read();

        link.Add([address], TimeSpan.FromSeconds(1));

        Assert.Contains(link.Read().Addresses, each => each.Address == address);
        await Eventually.TrueAsync("the kernel removed it", () => link.Read().Addresses.All(each => each.Address != address));
    }

    [Theory]
    [MemberData(nameof(Free))]
    public async Task A_renewed_address_lives_on_under_our_mark(string text)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var link = laboratory["node"].Open();
        var address = LinkAddress.Parse(text);
        link.Read();
        link.Add([address], TimeSpan.FromSeconds(5));

        Assert.Empty(link.Renew([address], Minute));

        var present = Assert.Single(link.Read().Addresses, each => each.IsOurs);
        Assert.InRange(present.Lifetime!.Value.TotalSeconds, 50, 60);
    }

    [Theory]
    [MemberData(nameof(Free))]
    public async Task An_address_of_somebody_else_is_neither_taken_over_nor_removed(string text)
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await laboratory["node"].Namespace.IpAsync($"address add {text} dev eth0");
        using var link = laboratory["node"].Open();
        var address = LinkAddress.Parse(text);
        link.Read();

        var failure = Assert.Single(link.Add([address], Minute));
        Assert.Empty(link.Remove([address]));

        Assert.Equal(KernelFault.Exists, failure.Error);
        Assert.Contains($"{address} cannot be added to eth0", failure.Problem, StringComparison.Ordinal);
        var present = Assert.Single(link.Read().Addresses, each => each.Address == address);
        Assert.False(present.IsOurs);
        Assert.Null(present.Lifetime);
    }

    [Fact]
    public async Task Addresses_that_others_added_after_ours_to_the_same_network_survive_it()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        var node = laboratory["node"];
        using var link = node.Open();
        link.Read();
        link.Add([LinkAddress.Parse("10.77.0.1/24"), LinkAddress.Parse("10.77.0.2/24")], Minute);
        await node.Namespace.IpAsync("address add 10.77.0.3/24 dev eth0");
        Assert.True(link.Read().Addresses.Single(each => each.Address == LinkAddress.Parse("10.77.0.3/24")).IsSecondary);

        link.Remove([LinkAddress.Parse("10.77.0.1/24")]);

        Assert.Equal(["10.77.0.2/24", "10.77.0.3/24"], Of("10.77"));
        link.Remove([LinkAddress.Parse("10.77.0.2/24")]);
        Assert.Equal(["10.77.0.3/24"], Of("10.77"));
        await laboratory["client"].Namespace.IpAsync("address add 10.77.0.9/24 dev eth0");
        Assert.True(await laboratory["client"].PingAsync(IPAddress.Parse("10.77.0.3")));

        IEnumerable<string> Of(string start) =>
            link.Read().Addresses.Select(each => each.Address.ToString()).Where(text => text.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Addresses_of_others_in_the_same_network_survive_the_end_of_ours_by_the_kernel()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        var node = laboratory["node"];
        using var link = node.Open();
        link.Read();
        link.Add([LinkAddress.Parse("10.77.0.1/24"), LinkAddress.Parse("fd77::1/64")], TimeSpan.FromSeconds(1));
        await node.Namespace.IpAsync("address add 10.77.0.3/24 dev eth0", "address add fd77::3/64 dev eth0 nodad");
        await Eventually.TrueAsync("the kernel removed ours", () => !link.Read().Addresses.Any(each => each.IsOurs));

        var left = link.Read().Addresses.Select(each => each.Address.ToString()).ToList();

        Assert.Contains("10.77.0.3/24", left);
        Assert.Contains("fd77::3/64", left);
        Assert.Contains("10.77.0.0/24", await node.Namespace.IpAsync("route show dev eth0"), StringComparison.Ordinal);
        Assert.Contains("fd77::/64", await node.Namespace.ShowAsync("-6 route show dev eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_route_to_a_network_that_another_ipv6_address_needs_keeps_to_that_address()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        var node = laboratory["node"];
        using var link = node.Open();
        link.Read();
        link.Add([LinkAddress.Parse("fd77::1/64")], Minute);
        await node.Namespace.IpAsync("address add fd77::3/64 dev eth0 nodad");
        link.Read();

        link.Renew([LinkAddress.Parse("fd77::1/64")], Minute);

        var route = Assert.Single((await node.Namespace.ShowAsync("-6 route show dev eth0")).Split('\n'), line => line.StartsWith("fd77::/64", StringComparison.Ordinal));
        Assert.DoesNotContain("expires", route, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ipv6_address_of_ours_is_not_the_source_of_what_the_node_sends()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        var node = laboratory["node"];
        using var link = node.Open();
        link.Read();

        link.Add([LinkAddress.Of(NetworkLaboratory.FreeIpv6Address(1), 64)], Minute);

        var route = await node.Namespace.IpAsync($"route get {laboratory["client"].Ipv6AddressOn(LaboratoryNetwork.Front)}");
        Assert.Contains($"src {node.Ipv6AddressOn(LaboratoryNetwork.Front)} ", route, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lo_takes_addresses_and_has_no_neighbours()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var link = laboratory["node"].Open("lo");
        link.Read();

        link.Add([LinkAddress.Parse("192.0.2.1/32"), LinkAddress.Parse("2001:db8::1/128")], Minute);
        link.Announce([IPAddress.Parse("192.0.2.1")]);

        var view = link.Read();
        Assert.False(view.State!.HasNeighbours);
        Assert.True(view.State.IsRunning);
        Assert.Equal(2, view.Addresses.Count(each => each.IsOurs));
        Assert.Empty(await link.ProbeAsync([IPAddress.Parse("192.0.2.2")], TestContext.Current.CancellationToken));
        Assert.True(await laboratory["node"].PingAsync(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_no_failure_and_takes_no_address()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var link = laboratory["node"].Open("eth7");

        Assert.Null(link.Read().State);
        var failure = Assert.Single(link.Add([LinkAddress.Parse("192.0.2.1/32")], Minute));

        Assert.Equal(KernelFault.NoDevice, failure.Error);
        Assert.Contains("192.0.2.1/32 cannot be added to eth7: No such device", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_hundred_addresses_of_each_family_are_added_renewed_and_removed()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        using var link = laboratory["node"].Open();
        link.Read();
        var addresses = Enumerable.Range(0, 500)
            .SelectMany(i => new[] { LinkAddress.Parse($"10.78.{i / 250}.{(i % 250) + 1}/16"), LinkAddress.Parse($"fd78::{i:x}:1/64") })
            .ToList();

        Timed("add", () => Assert.Empty(link.Add(addresses, Minute)));
        Timed("read", () => Assert.Equal(1000, link.Read().Addresses.Count(each => each.IsOurs)));
        Timed("renew", () => Assert.Empty(link.Renew(addresses, Minute)));
        Timed("announce", () => link.Announce([.. addresses.Select(each => each.Address)]));
        Timed("remove", () => Assert.Empty(link.Remove(addresses)));

        Assert.DoesNotContain(link.Read().Addresses, each => each.IsOurs);

        static void Timed(string what, Action act)
        {
            var begun = TimeProvider.System.GetTimestamp();
            act();
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds:F1} ms");
        }
    }

    [Fact]
    public async Task Without_a_mark_of_the_kernel_a_journal_says_what_is_ours()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using var folder = new TemporaryFolder();
        await laboratory["node"].Namespace.IpAsync("address add 10.77.0.2/32 dev eth0");
        using (var link = laboratory["node"].Open(journal: new(folder.File("eth0"), "boot")))
        {
            link.Read();
            link.Add([LinkAddress.Parse("10.77.0.1/32"), LinkAddress.Parse("10.77.0.2/32")], Minute);
        }

        using var second = laboratory["node"].Open(journal: new(folder.File("eth0"), "boot"));

        var ours = Assert.Single(second.Read().Addresses, each => each.IsOurs);
        Assert.Equal(LinkAddress.Parse("10.77.0.1/32"), ours.Address);
        Assert.Equal(0, ours.Protocol);
        Assert.Empty(second.Remove([ours.Address, LinkAddress.Parse("10.77.0.2/32")]));
        Assert.Contains(second.Read().Addresses, each => each.Address == LinkAddress.Parse("10.77.0.2/32"));
        Assert.Equal(["boot"], await File.ReadAllLinesAsync(folder.File("eth0"), TestContext.Current.CancellationToken));
    }
}
