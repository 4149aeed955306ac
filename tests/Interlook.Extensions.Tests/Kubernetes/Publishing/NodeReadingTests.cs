using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Xunit;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>What nodes mean for traffic.</summary>
public sealed class NodeReadingTests
{
    private static Node Good => ReadyNode("node-1", "10.0.0.1");

    [Fact]
    public void A_ready_node_takes_traffic_at_its_internal_addresses()
    {
        var place = NodeReading.Read(ReadyNode("node-1", "10.0.0.1", "10.0.0.2", "FD00::1"));

        Assert.Equal(new NodePlace { TakesTraffic = true, IPv4 = "10.0.0.1", IPv6 = "fd00::1" }, place);
    }

    [Fact]
    public void An_external_address_counts_only_without_an_internal_one()
    {
        Assert.Equal("10.0.0.1", NodeReading.Read(WithAddresses(("ExternalIP", "192.0.2.1"), ("InternalIP", "10.0.0.1"))).IPv4);
        Assert.Null(NodeReading.Read(WithAddresses(("ExternalIP", "2001:db8::1"), ("InternalIP", "10.0.0.1"))).IPv6);
        Assert.Equal("192.0.2.1", NodeReading.Read(WithAddresses(("Hostname", "node-1"), ("ExternalIP", "192.0.2.1"))).IPv4);
    }

    [Fact]
    public void Nodes_that_are_not_ready_or_excluded_or_on_their_way_out_take_none()
    {
        Node[] out_ =
        [
            Good with { Status = Good.Status! with { Conditions = [new() { Type = "Ready", Status = "Unknown" }] } },
            Good with { Status = Good.Status! with { Conditions = [] } },
            Good with { Status = null },
            Good with { Metadata = Good.Metadata with { Labels = Pairs((WellKnown.ExcludeBalancersLabel, "")) } },
            Good with { Metadata = Good.Metadata with { Labels = Pairs((WellKnown.ExcludeBalancersLabel, "false")) } },
            Good with { Metadata = Good.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } },
            Good with { Spec = new() { Taints = [new() { Key = "dedicated" }, new() { Key = WellKnown.AutoscalerDeletesTaint }] } },
        ];

        Assert.All(out_, node => Assert.False(NodeReading.Read(node).TakesTraffic));
        Assert.True(NodeReading.Read(Good with { Spec = new() { Taints = [new() { Key = "node.kubernetes.io/unschedulable" }] } }).TakesTraffic);
    }

    [Fact]
    public void While_no_node_is_ready_those_of_unknown_state_take_traffic_and_that_is_said()
    {
        Node[] nodes =
        [
            WithReady("node-1", "Unknown"),
            WithReady("node-2", "False"),
            WithReady("node-3", "Unknown") with { Metadata = new() { Name = "node-3", DeletionTimestamp = DateTimeOffset.UnixEpoch } },
            WithReady("node-4", "Unknown") with { Metadata = new() { Name = "node-4", Labels = Pairs((WellKnown.ExcludeBalancersLabel, "")) } },
            WithReady("node-5", "True") with { Metadata = new() { Name = "node-5", Labels = Pairs((WellKnown.ExcludeBalancersLabel, "")) } },
        ];

        var table = Table(nodes);

        Assert.Equal(["10.0.0.1"], table.Taking.Select(place => place.IPv4));
        Assert.Equal("nodes", Assert.Single(table.Rejections).Subject);
        Assert.Empty(Table(nodes[1..]).Taking);
        Assert.Empty(Table(nodes[1..]).Rejections);
    }

    [Fact]
    public void Once_a_node_is_ready_again_those_of_unknown_state_take_none_and_mean_something_else()
    {
        var table = Table(WithReady("node-1", "Unknown"), WithReady("node-2", "Unknown"));

        var changed = table.Take(new(Cache(WithReady("node-1", "Unknown"), WithReady("node-2", "True")), [new("", "node-2")]));

        Assert.Equal(["10.0.0.2"], table.Taking.Select(place => place.IPv4));
        Assert.Equal(["node-1", "node-2"], changed.Order());
        Assert.Empty(table.Rejections);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", null)]
    [InlineData("2001:DB8::1", null, "2001:db8::1")]
    [InlineData("192.0.2.1, 2001:db8::1", "192.0.2.1", "2001:db8::1")]
    [InlineData("Node-1.Example.org", "node-1.example.org", "node-1.example.org")]
    public void A_written_address_goes_before_its_own(string written, string? four, string? six)
    {
        var place = NodeReading.Read(Good with { Metadata = Good.Metadata with { Annotations = Pairs(("interlook.ip", written)) } });

        Assert.Equal((four, six), (place.IPv4, place.IPv6));
        Assert.Null(place.Problem);
    }

    [Theory]
    [InlineData("10.77.66")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1,192.0.2.2")]
    [InlineData("192.0.2.1,node.example.org")]
    [InlineData("node.example.org,192.0.2.1")]
    [InlineData("*.example.org")]
    [InlineData("")]
    public void A_written_address_that_cannot_be_used_is_a_problem_and_not_overlooked(string written)
    {
        var place = NodeReading.Read(Good with { Metadata = Good.Metadata with { Labels = Pairs(("interlook.ip", written)) } });

        Assert.StartsWith("label interlook.ip ", place.Problem, StringComparison.Ordinal);
        Assert.Null(place.IPv4);
        Assert.Null(place.IPv6);
    }

    [Fact]
    public void A_ready_node_without_addresses_is_a_problem() =>
        Assert.Equal("node node-1", Assert.Single(Table(ReadyNode("node-1")).Rejections).Subject);

    [Fact]
    public void A_node_is_found_by_its_host_name_too()
    {
        var table = Table(Good with { Metadata = Good.Metadata with { Labels = Pairs((WellKnown.HostnameLabel, "ip-10-0-0-1")) } });

        Assert.Equal("10.0.0.1", table.Find("ip-10-0-0-1")?.IPv4);
        Assert.Equal("10.0.0.1", table.Find("node-1")?.IPv4);
        Assert.Null(table.Find("node-2"));
    }

    [Fact]
    public void A_change_that_means_nothing_for_traffic_is_none()
    {
        var table = Table(Good);

        var changed = table.Take(new(Cache(Good with { Spec = new() { Taints = [new() { Key = "dedicated" }] } }), null));

        Assert.Empty(changed);
    }

    private static Node WithReady(string name, string ready)
    {
        var node = ReadyNode(name, $"10.0.0.{name[^1]}");
        return node with { Status = node.Status! with { Conditions = [new() { Type = "Ready", Status = ready }] } };
    }

    private static Node WithAddresses(params (string Type, string Address)[] addresses) => Good with
    {
        Status = Good.Status! with { Addresses = [.. addresses.Select(one => new NodeAddress { Type = one.Type, Address = one.Address })] },
    };
}
