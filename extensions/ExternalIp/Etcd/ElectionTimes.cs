namespace Interlook.Extensions.ExternalIp.Etcd;

/// <summary>The times of an election, with the earlier program's defaults.</summary>
/// <param name="Lease">How long a leader that died keeps its place; whole seconds, etcd may make more of it.</param>
/// <param name="RenewDeadline">After so long without a renewal a leader stops leading; less than the lease.</param>
/// <param name="Retry">How often a leader renews, and others look.</param>
internal readonly record struct ElectionTimes(TimeSpan Lease, TimeSpan RenewDeadline, TimeSpan Retry)
{
    internal static ElectionTimes Default => new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
}
