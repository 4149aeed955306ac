using Interlook.Configuration;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Host.ExternalIp;

/// <summary>
/// The flags of <c>interlook claimcontroller</c> and <c>interlook scheduler</c>: the earlier program's, with its defaults, and some of our own. As there,
/// each takes those of the other, and leaves them.
/// </summary>
internal static class ClaimsFlags
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The flags, which set what they are given.</summary>
    internal static IReadOnlyList<EarlierFlag> Of(ClaimsOptions options) =>
    [
        new("iface", "NAME", $"The interface that addresses are put on (default eth0, or what {NaiveFlags.LinkVariable} says).", text => options.Link = text),
        new("mask", "LENGTH", "The length of the prefix of IPv4 addresses that no address pool holds (default 32).", text => options.Mask = FlagValues.Mask(text, 32)),
        new("kubeconfig", "FILE", "How the API server is reached (default: KUBECONFIG, the pod's service account, ~/.kube/config).",
            text => options.Kubeconfig = text.Trim()),
        new("hostname", "NAME", "The name of this machine (default: its own).", text => options.HostName = text.Trim() is { Length: > 0 } name ? name : options.HostName),
        new("resync", "DURATION", "How often everything is looked at anew (default 20s).", text => options.Resync = Duration(text)),
        new("hb", "DURATION", "How often a node says that it lives (default 2s). The same everywhere.", text => options.Heartbeat = Duration(text)),
        new("monitor", "DURATION", "How long the scheduler waits for a node (default 4s). The same everywhere.", text => options.Monitor = Duration(text)),
        new("nodefilter", "NAME", "fair: the node with the fewest addresses; first-alive: the first living node (default fair).", text => options.Filter = ReadFilter(text)),
        new("leader-elect", null, "One of several schedulers acts (default false).", text => options.Elects = FlagValues.Switch(text)),
        new("leader-elect-lease-duration", "DURATION", "How long the others wait without a sign of it (default 15s).", text => options.LeaseDuration = Duration(text)),
        new("leader-elect-renew-deadline", "DURATION", "How long it acts without having renewed (default 10s).", text => options.RenewDeadline = Duration(text)),
        new("leader-elect-retry-period", "DURATION", "The pause between two attempts (default 2s).", text => options.RetryPeriod = Duration(text)),
        new("peer-port", "PORT", "The UDP port by which nodes ask each other while the claims cannot be reached (default: any).",
            text => options.PeerPort = FlagValues.Number(text, 0, 65535)),
        .. EtcdFlags.Of(options),
    ];

    /// <summary>What is wrong with the flags together.</summary>
    internal static IEnumerable<string> Check(ClaimsOptions options)
    {
        if (options.Etcd is not { } etcd)
            return [];
        string[] both = options.Kubeconfig == "" ? [] : ["--kubeconfig is not for claims in etcd: leave it out, or --etcd"];
        return [.. EtcdFlags.Check(etcd), .. both];
    }

    private static TimeSpan Duration(string text) => SettingReaders.Duration(text, Shortest, Longest);

    private static NodeFilter ReadFilter(string text) => text switch
    {
        "fair" => NodeFilter.Fair,
        "first-alive" => NodeFilter.FirstAlive,
        _ => throw new FormatException($"must be fair or first-alive, not '{text}'"),
    };
}
