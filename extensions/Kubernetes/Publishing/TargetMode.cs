namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Where the traffic of a Service is sent.</summary>
internal enum TargetMode
{
    /// <summary>To the Service's node port on the nodes that have a ready endpoint.</summary>
    NodePort,

    /// <summary>To the Service's node port on every node that may take traffic.</summary>
    NodePortAll,

    /// <summary>To the pods themselves.</summary>
    Pod,
}
