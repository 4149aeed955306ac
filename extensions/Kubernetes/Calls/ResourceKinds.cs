using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>The kinds that are spoken of here. What they read shares its texts.</summary>
internal sealed class ResourceKinds
{
    /// <summary>The group of EndpointSlices.</summary>
    internal const string Discovery = "discovery.k8s.io";

    private readonly ObjectJson json = ObjectJson.Make();

    /// <summary>Services.</summary>
    internal ResourceKind<Service> Services => new("", "v1", "services", "Service", true, json.Service, json.NamedObject);

    /// <summary>Nodes.</summary>
    internal ResourceKind<Node> Nodes => new("", "v1", "nodes", "Node", false, json.Node, json.NamedObject);

    /// <summary>Events.</summary>
    internal ResourceKind<Event> Events => new("", "v1", "events", "Event", true, json.Event, json.NamedObject);

    /// <summary>Leader leases.</summary>
    internal ResourceKind<LeaderLease> Leases => new("coordination.k8s.io", "v1", "leases", "Lease", true, json.LeaderLease, json.NamedObject);

    /// <summary>EndpointSlices.</summary>
    /// <param name="version">v1, or v1beta1 before Kubernetes 1.21.</param>
    internal ResourceKind<EndpointSlice> Slices(string version) =>
        new(Discovery, version, "endpointslices", "EndpointSlice", true, json.EndpointSlice, json.NamedObject);
}
