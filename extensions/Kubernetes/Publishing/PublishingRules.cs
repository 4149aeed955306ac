using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What the settings say of publishing. Immutable.</summary>
/// <param name="Mode">Where traffic is sent.</param>
/// <param name="LoadBalancerClass">The class of the LoadBalancer Services that are ours; empty: those without a class.</param>
/// <param name="HostTemplate">Names Services of our class that ask for no host name; null leaves them without.</param>
internal sealed record PublishingRules(TargetMode Mode, string LoadBalancerClass, HostTemplate? HostTemplate)
{
    /// <summary>The class that is ours unless the settings say another.</summary>
    internal const string DefaultClass = "interlook.io/lb";

    /// <summary>True when pods, and not nodes, get the traffic.</summary>
    internal bool TakesPods => Mode == TargetMode.Pod;

    /// <summary>True for a Service whose load balancer we are. It needs no label, and its status is ours to write.</summary>
    internal bool IsOurs(Service service) =>
        service.Spec.Type == Service.LoadBalancer && (service.Spec.LoadBalancerClass ?? "") == LoadBalancerClass;
}
