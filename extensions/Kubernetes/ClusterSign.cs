using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes;

/// <summary>What a watch is told. A closed set.</summary>
internal abstract record ClusterSign
{
    private ClusterSign()
    {
    }

    /// <summary>Services changed.</summary>
    internal sealed record OfServices(CacheChange<Service> Change) : ClusterSign;

    /// <summary>EndpointSlices changed.</summary>
    internal sealed record OfSlices(CacheChange<EndpointSlice> Change) : ClusterSign;

    /// <summary>Nodes changed.</summary>
    internal sealed record OfNodes(CacheChange<Node> Change) : ClusterSign;

    /// <summary>It is time to look whether the server can still be read.</summary>
    internal sealed record Look : ClusterSign;
}
