using Interlook.Configuration;
using Interlook.Extensions.ExternalIp.Etcd;

namespace Interlook.Extensions.ExternalIp;

/// <summary>The settings of <c>vip.externalip</c>.</summary>
public sealed class ExternalIpOptions : EtcdClaimOptions
{
    internal const string InEtcd = "etcd";

    internal const string InKubernetes = "kubernetes";

    /// <summary>Where the claims are kept, and the agents and the scheduler look for them.</summary>
    /// <value>Default: <c>etcd</c>.</value>
    public string Claims { get; set; } = InEtcd;

    /// <summary>The prefix length with which an IPv4 address stands on the interface; one of IPv6 always has 128.</summary>
    /// <value>Default: 32.</value>
    public int Mask { get; set; } = 32;

    /// <summary>How long a deploy waits until a node has the address, and an undeploy until none has it any more.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>With claims in Kubernetes: paths of kubeconfig files, separated as in <c>PATH</c>.</summary>
    /// <value>Default: empty, what <c>KUBECONFIG</c> names, else the pod's service account, else <c>~/.kube/config</c>.</value>
    public string Kubeconfig { get; set; } = "";

    /// <summary>With claims in Kubernetes: the context of the kubeconfig.</summary>
    /// <value>Default: empty, its current one.</value>
    public string Context { get; set; } = "";

    /// <summary>How these settings are written.</summary>
    public static SettingsSchema<ExternalIpOptions> SettingsSchema { get; } = DescribeClaims(Configuration.SettingsSchema.For<ExternalIpOptions>()
        .Choice("claims", (o, word) => o.Claims = word, "Where the claims are kept, for the scheduler and the agents on the nodes.", InEtcd, InEtcd, InKubernetes)
        .Number("mask", (o, number) => o.Mask = number,
            "The prefix length with which an IPv4 address stands on the nodes' interface, the same as the scheduler's `--mask`; an IPv6 address always has 128.", 1, 32, "32")
        .Duration("wait", (o, time) => o.Wait = time,
            "How long a deploy waits until a node has the address, and an undeploy until none has it any more.",
            TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), "10s")
        .Text("kubeconfig", (o, text) => o.Kubeconfig = text.Trim(),
            "With `claims: kubernetes`: kubeconfig file, or several separated as in `PATH`; `~` is the home folder.",
            "what `KUBECONFIG` names, in a pod its service account, else `~/.kube/config`")
        .Text("context", (o, text) => o.Context = text.Trim(), "With `claims: kubernetes`: the context of the kubeconfig.", "its current one")
        .Rule(Check));

    /// <summary>For messages, with claims in etcd.</summary>
    internal string System => Called;

    private static IEnumerable<SettingProblem> Check(ExternalIpOptions options)
    {
        if (options.Claims == InEtcd && options.Kubeconfig != "")
            yield return new("kubeconfig", "is for `claims: kubernetes`");
        if (options.Claims == InEtcd && options.Context != "")
            yield return new("context", "is for `claims: kubernetes`");
    }
}
