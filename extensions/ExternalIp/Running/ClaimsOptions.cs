using System.Net;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>What <c>interlook claimcontroller</c> and <c>interlook scheduler</c> are told. Times have to be the same for all of one cluster.</summary>
public sealed class ClaimsOptions : KubernetesConnectionOptions
{
    /// <summary>The interface that addresses are put on.</summary>
    /// <value>Default: eth0.</value>
    public string Link { get; set; } = "eth0";

    /// <summary>The name of this machine, with or without dots.</summary>
    /// <value>Default: the machine's own.</value>
    public string HostName { get; set; } = Dns.GetHostName(); // whole: Environment.MachineName ends at the first dot

    /// <summary>The length of the prefix of IPv4 addresses that no address pool holds; those of IPv6 stand alone.</summary>
    /// <value>Default: 32.</value>
    public int Mask { get; set; } = 32;

    /// <summary>How often everything is looked at anew.</summary>
    /// <value>Default: 20 seconds.</value>
    public TimeSpan Resync { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a node says that it lives.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the scheduler waits for a node, see <see cref="Timing.FenceTimes"/>.</summary>
    /// <value>Default: 4 seconds.</value>
    public TimeSpan Monitor { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How nodes are chosen.</summary>
    /// <value>Default: fair.</value>
    public NodeFilter Filter { get; set; } = NodeFilter.Fair;

    /// <summary>True when one of several schedulers is to act.</summary>
    /// <value>Default: false.</value>
    public bool Elects { get; set; }

    /// <summary>How long the other schedulers wait without a sign of the one that acts.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a scheduler acts without having renewed.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan RenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two attempts to lead.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The UDP port by which nodes ask each other whether they reach the claims; 0 lets the kernel choose.</summary>
    /// <value>Default: 0.</value>
    public int PeerPort { get; set; }

    /// <summary>Where the claims are when they are not in Kubernetes; null when they are.</summary>
    public EtcdClaimOptions? Etcd { get; set; }

    /// <summary>Where a journal is kept when the kernel is too old for marks.</summary>
    /// <value>Default: /run/interlook.</value>
    public string JournalFolder { get; set; } = "/run/interlook";
}
