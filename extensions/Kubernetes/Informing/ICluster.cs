using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>What is watched of one cluster, shared by everything that speaks to it. Safe for concurrent use.</summary>
internal interface ICluster
{
    /// <summary>The server, for messages: <c>Kubernetes at https://10.0.0.1:6443</c>.</summary>
    string Server { get; }

    /// <summary>A namespace that is watched, for a question that only shall be answered.</summary>
    string Space { get; }

    /// <summary>The Services of the namespaces that are watched, as the label selector leaves them.</summary>
    IInformer<Service> Services { get; }

    /// <summary>The EndpointSlices of the same namespaces.</summary>
    IInformer<EndpointSlice> Slices { get; }

    /// <summary>The nodes.</summary>
    IInformer<Node> Nodes { get; }
}
