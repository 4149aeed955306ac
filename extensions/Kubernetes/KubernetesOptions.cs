using System.Collections.Immutable;
using Interlook.Configuration;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Publishing;

namespace Interlook.Extensions.Kubernetes;

/// <summary>The settings of <c>provider.kubernetes</c>.</summary>
internal sealed class KubernetesOptions : KubernetesConnectionOptions
{
    private const string Earlier = "A key of the earlier system, without effect: changes are followed as they happen.";

    private static readonly ImmutableArray<(string Word, TargetMode Mode)> Modes =
        [("nodeport", TargetMode.NodePort), ("nodeport-all", TargetMode.NodePortAll), ("pod", TargetMode.Pod)];

    /// <summary>Which Services are looked at, as the API server selects by labels; all items must match.</summary>
    /// <value>Default: empty, all.</value>
    public IReadOnlyList<string> LabelSelector { get; set; } = [];

    /// <summary>Where the traffic of a Service is sent.</summary>
    /// <value>Default: nodeport.</value>
    internal TargetMode TargetMode { get; set; } = TargetMode.NodePort;

    /// <summary>The class of the LoadBalancer Services that need no label; empty: those without a class.</summary>
    /// <value>Default: interlook.io/lb.</value>
    public string LoadBalancerClass { get; set; } = PublishingRules.DefaultClass;

    /// <summary>Names LoadBalancer Services of our class that ask for no host name.</summary>
    /// <value>Default: none, they have no host name.</value>
    internal HostTemplate? HostTemplate { get; set; }

    /// <summary>Time between two full comparisons while changes are followed.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan ResyncInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What of these settings decides about publishing.</summary>
    internal PublishingRules Rules => new(TargetMode, LoadBalancerClass, HostTemplate);

    /// <summary>What of these settings decides about what is read.</summary>
    internal WatchedPart Watched => new([.. Namespaces], string.Join(',', LabelSelector), ResyncInterval);

    internal static SettingsSchema<KubernetesOptions> Schema { get; } =
        Describe(SettingsSchema.For<KubernetesOptions>())
            .List(
                "labelSelector", ReadSelector, (o, list) => o.LabelSelector = list,
                "The labels that a Service must have, each item as `kubectl -l` takes it: `key`, `key=value`, `key!=value`, `key in (a,b)`, `!key`.",
                "all Services", "listOptions")
            .Value(
                "targetMode", ReadMode, (o, mode) => o.TargetMode = mode,
                "Where traffic is sent: to the node port of the nodes that have a ready endpoint, of every ready node, or to the pods themselves.",
                "nodeport", string.Join(", ", Modes.Select(mode => mode.Word)))
            .Text(
                "loadBalancerClass", (o, text) => o.LoadBalancerClass = PublishingRules.ReadClass(text),
                "LoadBalancer Services of this class need no label; `none` means those without a class.", PublishingRules.DefaultClass)
            .Value(
                "hostTemplate", HostTemplate.Read, (o, template) => o.HostTemplate = template,
                "The host name of a LoadBalancer Service of that class without `interlook.hosts`, such as `{name}.{namespace}.example.org`.", "none")
            .Duration(
                "resyncInterval", (o, time) => o.ResyncInterval = time, "Time between two full comparisons while changes are followed.",
                TimeSpan.FromSeconds(10), TimeSpan.FromHours(24), "10m")
            .Text("name", (_, _) => { }, Earlier)
            .Flag("watch", (_, _) => { }, Earlier, "true")
            .Duration("watchInterval", (_, _) => { }, Earlier, TimeSpan.Zero, TimeSpan.FromHours(24))
            .Duration("updateInterval", (_, _) => { }, Earlier, TimeSpan.Zero, TimeSpan.FromHours(24))
            .Duration("pollInterval", (_, _) => { }, Earlier, TimeSpan.Zero, TimeSpan.FromHours(24));

    private static TargetMode ReadMode(string text)
    {
        var word = SettingReaders.Choice(text.Trim(), [.. Modes.Select(mode => mode.Word)]);
        return Modes.First(mode => mode.Word == word).Mode;
    }

    // The server reads it; what it says of a wrong one names it.
    private static string ReadSelector(string text) =>
        text.Trim() is { Length: > 0 } item ? item : throw new FormatException("holds an empty item; write a label as key or key=value");
}
