using Interlook.Configuration;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Publishing;

namespace Interlook.Extensions.Kubernetes;

/// <summary>The settings of <c>status.kubernetes</c>.</summary>
internal sealed class KubernetesStatusOptions : KubernetesConnectionOptions
{
    /// <summary>The class of the Services that are written to; empty: those without a class. Null: the one of <c>provider.kubernetes</c>.</summary>
    /// <value>Default: null.</value>
    public string? LoadBalancerClass { get; set; }

    /// <summary>True writes the host names too, and not the address alone.</summary>
    /// <value>Default: true.</value>
    public bool HostNames { get; set; } = true;

    /// <summary>What is watched where the connection is its own.</summary>
    internal WatchedPart Watched => new([.. Namespaces], LabelSelector: "", TimeSpan.FromMinutes(10));

    internal static SettingsSchema<KubernetesStatusOptions> Schema { get; } =
        Describe(SettingsSchema.For<KubernetesStatusOptions>())
            .Text(
                "loadBalancerClass", (o, text) => o.LoadBalancerClass = PublishingRules.ReadClass(text),
                "The class of the LoadBalancer Services whose status is ours; `none` means those without a class.", "that of `provider.kubernetes`")
            .Flag(
                "hostNames", (o, flag) => o.HostNames = flag,
                "Writes host names beside the address; `false` where something else makes DNS names of what a Service's status says.", "true")
            .Rule(options => options.Namespaces.Count > 0 && !options.IsSet
                ? [new SettingProblem("namespaces", "belongs to a connection, and this section has none of its own: set it under provider.kubernetes")]
                : []);
}
