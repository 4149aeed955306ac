using Interlook.Configuration;
using Interlook.Extensions.ExternalIp.Naive;

namespace Interlook.Host.ExternalIp;

/// <summary>The flags of <c>interlook naive</c>: the earlier program's, with its defaults, and one of our own.</summary>
internal static class NaiveFlags
{
    /// <summary>The variable by which the earlier program's image was told the interface.</summary>
    internal const string LinkVariable = "HOST_INTERFACE";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The flags, which set what they are given.</summary>
    internal static IReadOnlyList<EarlierFlag> Of(NaiveOptions options) =>
    [
        new("iface", "NAME", $"The interface that addresses are put on (default eth0, or what {LinkVariable} says).", text => options.Link = text),
        new("mask", "LENGTH", "The length of every address's prefix (default 32). Up to 32 for IPv4, above for IPv6.",
            text => options.Mask = FlagValues.Mask(text, 128)),
        new("kubeconfig", "FILE", "How the API server is reached (default: KUBECONFIG, the pod's service account, ~/.kube/config).",
            text => options.Kubeconfig = text.Trim()),
        new("hostname", "NAME", "Not used in this mode.", _ => { }),
        new("resync", "DURATION", "How often everything is looked at anew (default 20s).",
            text => options.Resync = SettingReaders.Duration(text, Shortest, Longest)),
        new("load-balancers", null, "Also put up the addresses in status.loadBalancer.", text => options.WithLoadBalancers = FlagValues.Switch(text)),
    ];
}
