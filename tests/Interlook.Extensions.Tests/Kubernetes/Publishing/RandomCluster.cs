using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>Makes objects of a small cluster by chance, so small that they meet often.</summary>
/// <param name="random">The chance.</param>
/// <param name="hasMistakes">True when some Services ask for what cannot be.</param>
internal sealed class RandomCluster(Random random, bool hasMistakes)
{
    private static readonly string[] Services = ["a", "b", "c", "d", "e"];
    private static readonly string[] Nodes = ["node-1", "node-2", "node-3", "node-4"];
    private static readonly string[] PortNames = ["", "http", "https"];

    /// <summary>The name of a Service that there may be.</summary>
    internal ObjectName ServiceName() => new(Space, One(Services));

    /// <summary>The name of a slice that there may be.</summary>
    internal ObjectName SliceName() => new(Space, $"{One(Services)}-{random.Next(2)}");

    /// <summary>The name of a node that there may be.</summary>
    internal ObjectName NodeName() => new("", One(Nodes));

    internal PublishingRules Rules() => new(
        One(TargetMode.NodePort, TargetMode.NodePortAll, TargetMode.Pod),
        One("", PublishingRules.DefaultClass),
        One(null, HostTemplate.Read("{name}.{namespace}.example.org")));

    internal Service Service(ObjectName name)
    {
        var type = hasMistakes ? One("NodePort", "NodePort", "LoadBalancer", "LoadBalancer", "ClusterIP", "ExternalName") : One("NodePort", "LoadBalancer");
        var several = random.Next(3) == 0;
        var hasNodePorts = type is "NodePort" or "LoadBalancer" && !(hasMistakes && random.Next(8) == 0);
        ServicePort[] ports = several
            ? [PortOf(80, hasNodePorts ? 30080 : 0, "http"), PortOf(443, hasNodePorts ? 30443 : 0, "https")]
            : [PortOf(80, hasNodePorts ? 30080 + random.Next(3) : 0, target: One("8080", null))];
        return new()
        {
            Metadata = new()
            {
                Name = name.Name,
                Namespace = name.Namespace,
                Uid = $"uid-{random.Next(2)}",
                DeletionTimestamp = random.Next(12) == 0 ? DateTimeOffset.UnixEpoch : null,
                Labels = random.Next(4) == 0 ? Pairs() : Pairs((Hosts, $"{name.Name}{random.Next(3)}.example.org"), (Port, Written())),
                Annotations = random.Next(3) > 0 ? Pairs() : Pairs(Annotation()),
            },
            Spec = new()
            {
                Type = type,
                Ports = [.. ports],
                LoadBalancerClass = type == "LoadBalancer" ? One(null, PublishingRules.DefaultClass, "example.org/other") : null,
                ExternalTrafficPolicy = One("Cluster", "Local"),
            },
        };

        string Written() => several ? One("80", "443", "https") : "80";
    }

    internal EndpointSlice Slice(ObjectName name)
    {
        var isIPv6 = random.Next(3) == 0;
        return new()
        {
            Metadata = new()
            {
                Name = name.Name,
                Namespace = name.Namespace,
                // Mostly its own Service's; sometimes it moves, or is nobody's.
                Labels = random.Next(8) switch { 0 => Pairs(), 1 => Pairs((WellKnown.ServiceNameLabel, One(Services))), _ => Pairs((WellKnown.ServiceNameLabel, name.Name[..1])) },
            },
            AddressType = isIPv6 ? EndpointSlice.IPv6 : EndpointSlice.IPv4,
            Ports = [.. PortNames.Where(_ => random.Next(2) == 0).Select(port => new EndpointPort { Name = port, Port = One<int?>(8080, 8080, 8081, null) })],
            Endpoints = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Endpoint(isIPv6))],
        };
    }

    internal Node Node(ObjectName name)
    {
        var number = name.Name[^1];
        var node = random.Next(4) == 0 ? ReadyNode(name.Name, $"10.0.0.{number}") : ReadyNode(name.Name, $"10.0.0.{number}", $"fd00::{number}");
        return random.Next(8) switch
        {
            0 => node with { Status = node.Status! with { Conditions = [] } },
            1 => node with { Metadata = node.Metadata with { Labels = Pairs((WellKnown.ExcludeBalancersLabel, "")) } },
            2 => node with { Metadata = node.Metadata with { Annotations = Pairs(("interlook.ip", $"192.0.2.{number}")) } },
            3 => node with { Metadata = node.Metadata with { Labels = Pairs((WellKnown.HostnameLabel, $"host-{number}")) } },
            4 => node with { Metadata = node.Metadata with { Annotations = Pairs(("interlook.ip", "nowhere at all")) } },
            5 => Unknown(node),
            6 => Unknown(node) with { Metadata = node.Metadata with { Labels = Pairs((WellKnown.HostnameLabel, $"host-{number}")) } },
            _ => node,
        };
    }

    private static Node Unknown(Node node) =>
        node with { Status = node.Status! with { Conditions = [new() { Type = "Ready", Status = "Unknown" }] } };

    private Endpoint Endpoint(bool isIPv6)
    {
        // A pod has one address and stays on one node.
        var pod = random.Next(12);
        var node = (pod % 6) switch { 4 => "host-1", 5 => null, var at => Nodes[at] };
        return At(isIPv6 ? $"fd01::{pod + 1}" : $"10.1.0.{pod + 1}", node, One<bool?>(true, true, null, false), One<bool?>(true, null), One<bool?>(null, false, false, true));
    }

    private (string, string) Annotation() => random.Next(hasMistakes ? 6 : 3) switch
    {
        0 => ("interlook.ssl", "true"),
        1 => ("interlook.ip", "192.0.2.77"),
        2 => ("interlook.weight", "7"),
        3 => ("interlook.ssl", "perhaps"),
        4 => (Hosts, "not a host"),
        _ => (Port, "9"),
    };

    private T One<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
