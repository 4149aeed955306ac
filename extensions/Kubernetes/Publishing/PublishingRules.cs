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

    /// <summary>What the settings say for Services without a class: a key with nothing counts as not set.</summary>
    internal const string NoClass = "none";

    /// <summary>True when pods, and not nodes, get the traffic.</summary>
    internal bool TakesPods => Mode == TargetMode.Pod;

    /// <summary>True for a Service whose load balancer we are. It needs no label, and its status is ours to write.</summary>
    internal bool IsOurs(Service service) => IsOfClass(service, LoadBalancerClass);

    /// <summary>Reads the name of a class as settings write it.</summary>
    /// <returns>Empty for those without a class.</returns>
    internal static string ReadClass(string text) =>
        text.Trim() is var name && name.Equals(NoClass, StringComparison.OrdinalIgnoreCase) ? "" : name;

    /// <summary>True for a LoadBalancer Service of that class; of none when it is empty.</summary>
    internal static bool IsOfClass(Service service, string name) =>
        service.Spec.Type == Service.LoadBalancer && (service.Spec.LoadBalancerClass ?? "") == name;
}
