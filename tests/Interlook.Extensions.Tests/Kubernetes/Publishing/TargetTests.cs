using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Xunit;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>Where the traffic of a Service goes.</summary>
public sealed class TargetTests
{
    private static readonly Node[] Three =
        [ReadyNode("node-1", "10.0.0.1", "fd00::1"), ReadyNode("node-2", "10.0.0.2", "fd00::2"), ReadyNode("node-3", "10.0.0.3", "fd00::3")];

    [Theory]
    [InlineData(TargetMode.NodePort, "Cluster", "10.0.0.1:30080*2 10.0.0.2:30080*1")]
    [InlineData(TargetMode.NodePort, "Local", "10.0.0.1:30080*2 10.0.0.2:30080*1")]
    [InlineData(TargetMode.NodePortAll, "Cluster", "10.0.0.1:30080*1 10.0.0.2:30080*1 10.0.0.3:30080*1")]
    [InlineData(TargetMode.NodePortAll, "Local", "10.0.0.1:30080*2 10.0.0.2:30080*1")]
    [InlineData(TargetMode.Pod, "Local", "10.1.0.1:8080*1 10.1.0.2:8080*1 10.2.0.1:8080*1")]
    public void Endpoints_on_nodes_make_targets_by_mode_and_policy(object mode, string policy, string expected)
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"), At("10.1.0.2", "node-1"), At("10.2.0.1", "node-2"))];

        Assert.Equal(expected, By((TargetMode)mode).Translate(Policy(policy), slices, Three).Shown());
    }

    [Theory]
    [InlineData(TargetMode.NodePort, "Cluster", "10.0.0.1:30080*1 10.0.0.2:30080*1 10.0.0.3:30080*1")]
    [InlineData(TargetMode.NodePort, "Local", "10.0.0.1:30080*1")]
    [InlineData(TargetMode.Pod, "Cluster", "10.1.0.1:8080*1 192.0.2.9:8080*1")]
    public void Endpoints_outside_the_cluster_are_reached_through_every_node(object mode, string policy, string expected)
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"), At("192.0.2.9"))];

        Assert.Equal(expected, By((TargetMode)mode).Translate(Policy(policy), slices, Three).Shown());
    }

    [Theory]
    [InlineData("Cluster", "10.0.0.2:30080*1 10.0.0.3:30080*1")]
    [InlineData("Local", "")]
    public void When_all_endpoints_are_on_nodes_that_take_no_traffic_the_others_pass_it_on(string policy, string expected)
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"))];
        Node[] nodes = [Excluded(Three[0]), Three[1], Three[2]];

        var published = Rules.Translate(Policy(policy), slices, nodes);

        Assert.Equal(expected, published.Shown());
        Assert.Equal(expected == "", published!.Rejection is not null);
    }

    [Theory]
    [InlineData(TargetMode.NodePort, "Cluster", "10.0.0.1:30080*1")]
    [InlineData(TargetMode.NodePort, "Local", "10.0.0.1:30080*1")]
    [InlineData(TargetMode.NodePortAll, "Cluster", "10.0.0.1:30080*1 10.0.0.2:30080*1 10.0.0.3:30080*1")]
    public void When_the_state_of_every_node_is_unknown_its_targets_stay(object mode, string policy, string expected)
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"))];
        var nodes = Three.Select(node => node with { Status = node.Status! with { Conditions = [new() { Type = "Ready", Status = "Unknown" }] } });

        Assert.Equal(expected, By((TargetMode)mode).Translate(Policy(policy), slices, nodes).Shown());
    }

    [Fact]
    public void A_node_that_takes_no_traffic_is_left_out_while_another_has_endpoints()
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"), At("10.2.0.1", "node-2"))];

        Assert.Equal("10.0.0.2:30080*1", Rules.Translate(Labelled("web"), slices, [Excluded(Three[0]), Three[1], Three[2]]).Shown());
    }

    /// <summary>What null means is said in the API at each of these conditions.</summary>
    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData(true, true, false, true)]
    [InlineData(true, null, null, true)]
    [InlineData(null, null, false, true)]
    [InlineData(false, true, false, false)]
    [InlineData(false, null, null, false)]
    [InlineData(true, false, null, false)]
    [InlineData(true, true, true, false)]
    [InlineData(null, null, true, false)]
    public void An_endpoint_counts_when_it_is_ready_serving_and_not_terminating(bool? ready, bool? serving, bool? terminating, bool counts)
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1", ready, serving, terminating))];

        Assert.Equal(counts ? "10.1.0.1:8080*1" : "", By(TargetMode.Pod).Translate(Labelled("web"), slices).Shown());
    }

    [Fact]
    public void Endpoints_without_conditions_are_ready() =>
        Assert.Equal("10.1.0.1:8080*1", By(TargetMode.Pod).Translate(Labelled("web"), [Slice("web", 8080, At("10.1.0.1") with { Conditions = null })]).Shown());

    [Theory]
    [InlineData(TargetMode.NodePort)]
    [InlineData(TargetMode.NodePortAll)]
    [InlineData(TargetMode.Pod)]
    public void Without_a_ready_endpoint_the_Service_stays_published_without_targets(object mode)
    {
        var published = By((TargetMode)mode).Translate(Labelled("web"), [Slice("web", 8080, At("10.1.0.1", "node-1", ready: false))], Three)!;

        Assert.NotNull(published.Definition);
        Assert.Empty(published.Definition.Targets);
        Assert.Null(published.Rejection);
    }

    [Theory]
    [InlineData(TargetMode.NodePort, "10.0.0.1:30080*1")]
    [InlineData(TargetMode.Pod, "10.1.0.1:8080*1")]
    public void An_endpoint_that_stands_in_two_slices_counts_once(object mode, string expected)
    {
        var slice = Slice("web", 8080, At("10.1.0.1", "node-1"));

        Assert.Equal(expected, By((TargetMode)mode).Translate(Labelled("web"), [slice, slice], Three).Shown());
    }

    [Theory]
    [InlineData(TargetMode.NodePort, "10.0.0.1:30080*1 [fd00::1]:30080*1 [fd00::2]:30080*1")]
    [InlineData(TargetMode.Pod, "10.1.0.1:8080*1 [fd01::1]:8080*1 [fd01::2]:8080*1")]
    public void Both_families_make_targets_each_for_itself(object mode, string expected)
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1")), Slice("web", 8080, At("fd01::1", "node-1"), At("fd01::2", "node-2"))];

        Assert.Equal(expected, By((TargetMode)mode).Translate(Labelled("web"), slices, Three).Shown());
    }

    [Fact]
    public void Nodes_without_an_address_of_the_family_are_no_targets_and_that_is_said()
    {
        var published = Rules.Translate(Labelled("web"), [Slice("web", 8080, At("fd01::1", "node-1"))], [ReadyNode("node-1", "10.0.0.1")])!;

        Assert.Empty(published.Definition!.Targets);
        Assert.Contains("an address of their family", published.Rejection!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_no_addresses_are_not_endpoints()
    {
        var named = Slice("web", 8080, At("host.example.org")) with { AddressType = "FQDN" };

        Assert.Equal("", By(TargetMode.Pod).Translate(Labelled("web"), [named]).Shown());
    }

    [Fact]
    public void The_port_of_the_slice_belongs_to_the_name_of_the_Service_port()
    {
        var service = Labelled("web").WithPorts(PortOf(80, 30080, "http", target: "web"), PortOf(81, 30081, "admin")).WithLabels((Hosts, "a.org"), (Port, "http"));
        var two = Slice("web", 0, At("10.1.0.1")) with { Ports = [new() { Name = "admin", Port = 9000 }, new() { Name = "http", Port = 8080 }] };
        var other = Slice("web", 0, At("10.1.0.2")) with { Ports = [new() { Name = "http", Port = 8081 }] };
        var none = Slice("web", 0, At("10.1.0.3")) with { Ports = [new() { Name = "admin", Port = 9000 }, new() { Name = "http", Port = 8080, Protocol = "UDP" }] };

        Assert.Equal("10.1.0.1:8080*1 10.1.0.2:8081*1", By(TargetMode.Pod).Translate(service, [two, other, none]).Shown());
    }

    [Theory]
    [InlineData("9090", "10.1.0.1:9090*1")]
    [InlineData(null, "10.1.0.1:80*1")]
    public void A_slice_for_all_ports_takes_the_number_of_the_Service(string? target, string expected)
    {
        var every = Slice("web", 0, At("10.1.0.1")) with { Ports = [new() { Port = null }] };

        Assert.Equal(expected, By(TargetMode.Pod).Translate(Labelled("web").WithPorts(PortOf(80, 30080, target: target)), [every]).Shown());
    }

    [Fact]
    public void The_node_of_an_endpoint_of_an_older_server_is_in_its_topology()
    {
        var endpoint = At("10.1.0.1") with { Topology = Pairs((WellKnown.HostnameLabel, "node-2")) };

        Assert.Equal("10.0.0.2:30080*1", Rules.Translate(Labelled("web"), [Slice("web", 8080, endpoint)], Three).Shown());
    }

    [Theory]
    [InlineData("0", "10.0.0.1:30080*0 10.0.0.2:30080*0")]
    [InlineData("10", "10.0.0.1:30080*20 10.0.0.2:30080*10")]
    [InlineData("200", "10.0.0.1:30080*256 10.0.0.2:30080*128")]
    public void A_written_weight_is_that_of_an_endpoint_and_proportions_are_kept(string weight, string expected)
    {
        var service = Labelled("web").WithAnnotations(("interlook.weight", weight));
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"), At("10.1.0.2", "node-1"), At("10.2.0.1", "node-2"))];

        Assert.Equal(expected, Rules.Translate(service, slices, Three).Shown());
    }

    [Fact]
    public void More_endpoints_on_a_node_than_the_largest_weight_keep_their_proportions()
    {
        var many = Enumerable.Range(0, 512).Select(i => At($"10.1.{i / 256}.{i % 256}", "node-1"));
        var some = Enumerable.Range(0, 128).Select(i => At($"10.2.0.{i}", "node-2"));

        var published = Rules.Translate(Labelled("web"), [Slice("web", 8080, [.. many, .. some, At("10.3.0.1", "node-3")])], Three);

        Assert.Equal("10.0.0.1:30080*256 10.0.0.2:30080*64 10.0.0.3:30080*1", published.Shown());
    }

    private static PublishingRules By(TargetMode mode) => Rules with { Mode = mode };

    private static Service Policy(string policy)
    {
        var service = Labelled("web");
        return service with { Spec = service.Spec with { ExternalTrafficPolicy = policy } };
    }

    private static Node Excluded(Node node) => node with { Metadata = node.Metadata with { Labels = Pairs((WellKnown.ExcludeBalancersLabel, "")) } };
}
