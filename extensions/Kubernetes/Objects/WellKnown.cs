namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>Words that Kubernetes gives a meaning (its page "Well-Known Labels, Annotations and Taints").</summary>
internal static class WellKnown
{
    /// <summary>On an EndpointSlice: the Service it belongs to.</summary>
    internal const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>On a node: load balancers outside shall not send to it.</summary>
    internal const string ExcludeBalancersLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

    /// <summary>On a node, and in the topology of discovery.k8s.io/v1beta1: the node's name.</summary>
    internal const string HostnameLabel = "kubernetes.io/hostname";

    /// <summary>A taint of a node that the cluster autoscaler is about to delete.</summary>
    internal const string AutoscalerDeletesTaint = "ToBeDeletedByClusterAutoscaler";

    /// <summary>On a Service: how it asks the External IP Controller for an address.</summary>
    internal const string ExternalIpAnnotation = "external-ip";
}
