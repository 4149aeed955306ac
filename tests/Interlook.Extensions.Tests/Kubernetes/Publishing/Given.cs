using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Services;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>Objects as an API server shows them, in few words.</summary>
internal static class Given
{
    internal const string Hosts = PublicationLabels.Hosts;
    internal const string Port = PublicationLabels.PortLabel;
    internal const string Space = "shop";

    internal static readonly PublishingRules Rules = new(TargetMode.NodePort, PublishingRules.DefaultClass, null);

    internal static ServicePort PortOf(int number, int nodePort = 0, string name = "", string protocol = "TCP", string? target = null) =>
        new() { Name = name, Port = number, NodePort = nodePort, Protocol = protocol, TargetPort = new PortName(target) };

    /// <summary>A NodePort Service that asks with labels, its port 80 at the node port 30080.</summary>
    internal static Service Labelled(string name, string type = Service.NodePort, string space = Space) =>
        Plain(name, type, space, PortOf(80, type == "ClusterIP" ? 0 : 30080)).WithLabels((Hosts, $"{name}.example.org"), (Port, "80"));

    internal static Service Plain(string name, string type, string space, params ServicePort[] ports) => new()
    {
        Metadata = new() { Name = name, Namespace = space, Uid = $"uid-{space}-{name}" },
        Spec = new() { Type = type, Ports = [.. ports] },
    };

    internal static Service WithLabels(this Service service, params (string Key, string Value)[] labels) =>
        service with { Metadata = service.Metadata with { Labels = Pairs(labels) } };

    internal static Service WithAnnotations(this Service service, params (string Key, string Value)[] annotations) =>
        service with { Metadata = service.Metadata with { Annotations = Pairs(annotations) } };

    internal static Service WithPorts(this Service service, params ServicePort[] ports) => service with { Spec = service.Spec with { Ports = [.. ports] } };

    /// <summary>A slice of a Service: endpoints at a port.</summary>
    internal static EndpointSlice Slice(string service, int port, params Endpoint[] endpoints) => new()
    {
        Metadata = new() { Name = $"{service}-1", Namespace = Space, Labels = Pairs((WellKnown.ServiceNameLabel, service)) },
        AddressType = endpoints.FirstOrDefault().Address?.Contains(':') is true ? EndpointSlice.IPv6 : EndpointSlice.IPv4,
        Ports = [new() { Port = port }],
        Endpoints = [.. endpoints],
    };

    internal static Endpoint At(string address, string? node = null, bool? ready = true, bool? serving = null, bool? terminating = null) => new()
    {
        Address = address,
        NodeName = node,
        Conditions = new() { Ready = ready, Serving = serving, Terminating = terminating },
    };

    /// <summary>A node that is ready, with internal addresses.</summary>
    internal static Node ReadyNode(string name, params string[] addresses) => new()
    {
        Metadata = new() { Name = name },
        Status = new()
        {
            Addresses = [.. addresses.Select(address => new NodeAddress { Type = "InternalIP", Address = address })],
            Conditions = [new() { Type = "MemoryPressure", Status = "False" }, new() { Type = "Ready", Status = "True" }],
        },
    };

    internal static ObjectCache<T> Cache<T>(params IEnumerable<T> objects)
        where T : KubernetesObject => new(objects.ToImmutableDictionary(one => one.Name));

    internal static CacheChange<T> Change<T>(ObjectCache<T> now, params ReadOnlySpan<ObjectName> changed)
        where T : KubernetesObject => new(now, [.. changed]);

    internal static NodeTable Table(params IEnumerable<Node> nodes)
    {
        var table = new NodeTable();
        table.Take(new(Cache(nodes), null));
        return table;
    }

    /// <summary>What comes of one Service.</summary>
    internal static Publication? Translate(
        this PublishingRules rules, Service service, IEnumerable<EndpointSlice>? slices = null, IEnumerable<Node>? nodes = null, Publication? before = null) =>
        new ServiceTranslation("provider.kubernetes", rules).Translate(service, slices ?? [], Table(nodes ?? []), before);

    /// <summary>Targets in one line: <c>10.0.0.1:30080*2 10.0.0.2:30080*1</c>.</summary>
    internal static string Shown(this Publication? publication) =>
        string.Join(' ', (publication?.Definition?.Targets ?? []).Select(target => $"{target.Endpoint}*{target.Weight}"));

    internal static IReadOnlyDictionary<string, string> Pairs(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
