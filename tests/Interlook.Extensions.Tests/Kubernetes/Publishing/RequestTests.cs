using System.Net;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Xunit;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>Which Services are published, and what they ask for.</summary>
public sealed class RequestTests
{
    private static readonly PublishingRules Pods = Rules with { Mode = TargetMode.Pod };

    [Fact]
    public void A_Service_with_the_labels_of_the_earlier_system_is_published_under_its_namespace_and_name()
    {
        var published = Rules.Translate(Labelled("web"))!;

        Assert.Null(published.Rejection);
        Assert.Equal("shop/web", published.Definition!.Name);
        Assert.Equal(["web.example.org"], published.Definition.DnsNames);
        Assert.False(published.Definition.Tls);
    }

    [Fact]
    public void An_annotation_wins_over_a_label_and_holds_several_hosts()
    {
        var service = Labelled("web").WithAnnotations(
            (Hosts, "b.example.org, a.example.org"), ("interlook.ssl", "true"), ("interlook.ip", "192.0.2.10"));

        var published = Rules.Translate(service)!.Definition!;

        Assert.Equal(["a.example.org", "b.example.org"], published.DnsNames);
        Assert.True(published.Tls);
        Assert.Equal(IPAddress.Parse("192.0.2.10"), published.PublicIp);
    }

    [Fact]
    public void The_other_spelling_of_hosts_asks_as_well() =>
        Assert.Equal(
            ["one.example.org"],
            Rules.Translate(Labelled("web").WithLabels(("interlook.host", "one.example.org")))!.Definition!.DnsNames);

    [Theory]
    [InlineData("NodePort")]
    [InlineData("LoadBalancer")]
    [InlineData("ClusterIP")]
    [InlineData("ExternalName")]
    public void A_Service_without_labels_asks_for_nothing(string type) =>
        Assert.Null(Rules.Translate(Plain("web", type, Space, PortOf(80, 30080)).WithLabels((Port, "80"))));

    [Fact]
    public void A_Service_that_is_being_deleted_asks_for_nothing()
    {
        var service = Labelled("web");

        Assert.Null(Rules.Translate(service with { Metadata = service.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }));
    }

    [Theory]
    [InlineData("interlook.io/lb", "interlook.io/lb", true)]
    [InlineData("interlook.io/lb", null, false)]
    [InlineData("interlook.io/lb", "example.org/other", false)]
    [InlineData("example.org/mine", "example.org/mine", true)]
    [InlineData("", null, true)]
    [InlineData("", "interlook.io/lb", false)]
    public void A_LoadBalancer_Service_of_our_class_needs_no_label(string ours, string? its, bool isPublished)
    {
        var published = (Rules with { LoadBalancerClass = ours }).Translate(Balanced("web", its, PortOf(80, 30080)));

        Assert.Equal(isPublished, published?.Definition is not null);
    }

    [Fact]
    public void A_LoadBalancer_Service_of_another_class_is_published_when_its_labels_ask()
    {
        var service = Balanced("web", "example.org/other", PortOf(80, 30080)).WithLabels((Hosts, "web.example.org"), (Port, "80"));

        Assert.Equal(["web.example.org"], Rules.Translate(service)!.Definition!.DnsNames);
    }

    [Fact]
    public void The_template_names_a_Service_of_our_class_and_its_own_hosts_go_before()
    {
        var rules = Rules with { HostTemplate = HostTemplate.Read("{name}.{namespace}.example.org") };
        var service = Balanced("web", PublishingRules.DefaultClass, PortOf(80, 30080));

        Assert.Equal(["web.shop.example.org"], rules.Translate(service)!.Definition!.DnsNames);
        Assert.Equal(["own.example.org"], rules.Translate(service.WithLabels((Hosts, "own.example.org")))!.Definition!.DnsNames);
        Assert.Empty(Rules.Translate(service)!.Definition!.DnsNames);
    }

    [Fact]
    public void A_host_name_that_the_template_makes_too_long_is_refused()
    {
        var rules = Rules with { HostTemplate = HostTemplate.Read("{name}-{namespace}.example.org") };

        var published = rules.Translate(Balanced(new string('a', 63), PublishingRules.DefaultClass, PortOf(80, 30080)))!;

        Assert.Null(published.Definition);
        Assert.Contains("label longer than 63 characters", published.Rejection!.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "http", 80, false)]
    [InlineData("", "https", 8443, true)]
    [InlineData("", "other", 443, true)]
    [InlineData("false", "https", 443, false)]
    [InlineData("true", "http", 80, true)]
    public void A_Service_of_our_class_speaks_TLS_as_its_port_says_unless_it_says_so_itself(string ssl, string name, int port, bool isTls)
    {
        var service = Balanced("web", PublishingRules.DefaultClass, PortOf(port, 30080, name));
        if (ssl != "")
            service = service.WithAnnotations(("interlook.ssl", ssl));

        Assert.Equal(isTls, Rules.Translate(service)!.Definition!.Tls);
    }

    [Fact]
    public void An_address_in_the_spec_is_asked_for_by_our_class_only()
    {
        var ours = Balanced("web", PublishingRules.DefaultClass, PortOf(80, 30080));
        ours = ours with { Spec = ours.Spec with { LoadBalancerIP = "192.0.2.20" } };
        var other = (ours with { Spec = ours.Spec with { LoadBalancerClass = "example.org/other" } }).WithLabels((Hosts, "web.example.org"));

        Assert.Equal(IPAddress.Parse("192.0.2.20"), Rules.Translate(ours)!.Definition!.PublicIp);
        Assert.Equal(IPAddress.Parse("192.0.2.21"), Rules.Translate(ours.WithAnnotations(("interlook.ip", "192.0.2.21")))!.Definition!.PublicIp);
        Assert.Null(Rules.Translate(other)!.Definition!.PublicIp);
    }

    [Theory]
    [InlineData("ExternalName", "type ExternalName")]
    [InlineData("ClusterIP", "make it NodePort or LoadBalancer, or set targetMode of Interlook to pod")]
    [InlineData("Novelty", "type Novelty")]
    public void A_Service_that_is_not_reached_from_outside_is_rejected(string type, string problem)
    {
        var published = Rules.Translate(Labelled("web", type))!;

        Assert.Null(published.Definition);
        Assert.Equal("Service shop/web", published.Rejection!.Subject);
        Assert.Contains(problem, published.Rejection.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void With_pods_as_targets_a_ClusterIP_Service_is_as_good_as_any()
    {
        Assert.NotNull(Pods.Translate(Labelled("web", "ClusterIP"))!.Definition);
        Assert.Null(Pods.Translate(Labelled("web", "ExternalName"))!.Definition);
    }

    [Fact]
    public void A_LoadBalancer_Service_without_node_ports_needs_pods_as_targets()
    {
        var service = Balanced("web", PublishingRules.DefaultClass, PortOf(80));

        Assert.Contains("allocateLoadBalancerNodePorts", Rules.Translate(service)!.Rejection!.Problem, StringComparison.Ordinal);
        Assert.NotNull(Pods.Translate(service)!.Definition);
    }

    [Theory]
    [InlineData("interlook.hosts", "not a host", "annotation interlook.hosts: host name 'not a host'")]
    [InlineData("interlook.hosts", " , ", "annotation interlook.hosts is empty")]
    [InlineData("interlook.ssl", "maybe", "annotation interlook.ssl must be true or false")]
    [InlineData("interlook.ip", "10.1", "annotation interlook.ip is not an IP address")]
    [InlineData("interlook.port", "81", "annotation interlook.port says '81'")]
    [InlineData("interlook.weight", "300", "annotation interlook.weight must be from 0 to 256")]
    public void What_cannot_be_read_is_rejected_with_its_key(string key, string value, string problem)
    {
        var published = Rules.Translate(Labelled("web").WithAnnotations((key, value)))!;

        Assert.Null(published.Definition);
        Assert.StartsWith(problem, published.Rejection!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Service_that_cannot_be_read_any_more_keeps_what_it_asked_for_and_follows_its_endpoints()
    {
        var before = Rules.Translate(Labelled("web"));
        var broken = Labelled("web").WithLabels((Hosts, "-"), (Port, "80"));
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"))];

        var published = Rules.Translate(broken, slices, [ReadyNode("node-1", "10.0.0.1")], before)!;

        Assert.Equal(["web.example.org"], published.Definition!.DnsNames);
        Assert.Equal("10.0.0.1:30080*1", published.Shown());
        Assert.EndsWith("(what it asked for before stays published)", published.Rejection!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Service_that_lost_its_node_port_keeps_its_address_and_has_no_targets()
    {
        EndpointSlice[] slices = [Slice("web", 8080, At("10.1.0.1", "node-1"))];
        Node[] nodes = [ReadyNode("node-1", "10.0.0.1")];
        var before = Rules.Translate(Labelled("web"), slices, nodes);

        var published = Rules.Translate(Labelled("web", "ClusterIP"), slices, nodes, before)!;

        Assert.Equal(["web.example.org"], published.Definition!.DnsNames);
        Assert.Empty(published.Definition.Targets);
        Assert.NotNull(published.Rejection);
    }

    [Fact]
    public void Another_Service_of_the_same_name_inherits_nothing()
    {
        var before = Rules.Translate(Labelled("web"));
        var broken = Labelled("web").WithLabels((Hosts, "-"));

        var published = Rules.Translate(broken with { Metadata = broken.Metadata with { Uid = "another" } }, before: before)!;

        Assert.Null(published.Definition);
    }

    [Theory]
    [InlineData("{name}.example.org", true)]
    [InlineData("*.{name}.{namespace}.example.org", true)]
    [InlineData("{name}.{cluster}.example.org", false)]
    [InlineData("{name.example.org", false)]
    [InlineData("{Name}.example.org", false)]
    [InlineData("{name}..org", false)]
    [InlineData("{name}_x.org", false)]
    public void A_template_makes_host_names_or_is_refused(string text, bool isGood)
    {
        var problem = Record.Exception(() => HostTemplate.Read(text));

        Assert.Equal(isGood, problem is null);
        Assert.True(problem is null or FormatException);
    }

    [Fact]
    public void No_template_is_none() => Assert.Null(HostTemplate.Read(" "));

    private static Service Balanced(string name, string? its, params ServicePort[] ports)
    {
        var service = Plain(name, Service.LoadBalancer, Space, ports);
        return service with { Spec = service.Spec with { LoadBalancerClass = its } };
    }
}
