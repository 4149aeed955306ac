using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.ExternalIp.Naive;

/// <summary>What <c>interlook naive</c> is told.</summary>
public sealed class NaiveOptions : KubernetesConnectionOptions
{
    /// <summary>The interface that the addresses are put on.</summary>
    /// <value>Default: eth0.</value>
    public string Link { get; set; } = "eth0";

    /// <summary>
    /// The length of the prefix of every address. Up to 32 it is of IPv4, and IPv6 addresses stand alone (128); above it is of IPv6, and
    /// those of IPv4 stand alone.
    /// </summary>
    /// <value>Default: 32.</value>
    public int Mask { get; set; } = 32;

    /// <summary>How often everything is looked at anew, the Services and the interface.</summary>
    /// <value>Default: 20 seconds.</value>
    public TimeSpan Resync { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>True when the addresses in <c>status.loadBalancer</c> count too.</summary>
    /// <value>Default: false.</value>
    public bool WithLoadBalancers { get; set; }

    /// <summary>Where a journal is kept when the kernel is too old for marks.</summary>
    /// <value>Default: /run/interlook.</value>
    public string JournalFolder { get; set; } = "/run/interlook";
}
