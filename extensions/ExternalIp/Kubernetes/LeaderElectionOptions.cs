using System.Globalization;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>How one of several processes is chosen. The defaults are those of the earlier program and of Kubernetes' own controllers.</summary>
internal sealed record LeaderElectionOptions
{
    /// <summary>Who we are: unique for each process, also for two on one host.</summary>
    public required string Identity { get; init; }

    /// <summary>The Lease.</summary>
    public ObjectName Lease { get; init; } = new("kube-system", "ipclaim-scheduler");

    /// <summary>How long the others wait without a sign of the leader.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the leader acts without having renewed.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two attempts.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong with the times; null when nothing is.</summary>
    internal string? Problem =>
        RetryPeriod <= TimeSpan.Zero ? "the retry period must be longer than nothing"
        : RenewDeadline < RetryPeriod * 2 ? "the renew deadline must be at least twice the retry period, or one lost answer ends the leadership"
        : Duration < RenewDeadline + TimeSpan.FromSeconds(1) ? "the lease duration must be at least a second longer than the renew deadline, or there are two leaders"
        : null;

    /// <summary>The identity of this process. In containers every process has the number 1, and on the host's network the host's name: chance tells them apart.</summary>
    internal static string IdentityOf(string hostname, int process, Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{hostname}_{process}_{random.Next():x8}");
}
