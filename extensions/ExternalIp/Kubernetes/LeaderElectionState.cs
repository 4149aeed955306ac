using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// What a candidate knows of the leader lease, and what it may do. Pure: times come from outside, by one monotonic clock of ours. Times that are
/// written in the lease are for people; whether its holder lives is judged by when we saw it change, never by another machine's clock. Not for
/// concurrent use.
/// </summary>
internal sealed class LeaderElectionState(LeaderElectionOptions options)
{
    private LeaderLease? seen;
    private TimeSpan seenAt;
    private TimeSpan? until;

    /// <summary>True while we may act: from an answered write of ours until the renew deadline, counted from before it was sent.</summary>
    internal bool IsLeader(TimeSpan now) => until > now;

    /// <summary>When we stop being the leader unless we renew; null when we are not.</summary>
    internal TimeSpan? Until(TimeSpan now) => IsLeader(now) ? until : null;

    /// <summary>Who holds the lease as it was last seen; empty when nobody does.</summary>
    internal string Holder => seen?.Spec?.HolderIdentity ?? "";

    /// <summary>Takes what stands in the cluster.</summary>
    /// <param name="lease">Null when there is none.</param>
    /// <param name="now">A moment after the answer: what it shows may have been written just before.</param>
    internal void See(LeaderLease? lease, TimeSpan now)
    {
        if (seen?.Metadata.ResourceVersion != lease?.Metadata.ResourceVersion || seen?.Metadata.Uid != lease?.Metadata.Uid)
            (seen, seenAt) = (lease, now);
        if (Holder != options.Identity)
            until = null;
    }

    /// <summary>What to write now.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="wall">The same moment by the wall clock, for people.</param>
    /// <returns>Null while another holds the lease.</returns>
    internal LeaderLease? Next(TimeSpan now, DateTimeOffset wall)
    {
        var spec = seen?.Spec ?? new();
        var isOurs = Holder == options.Identity;
        if (!isOurs && Holder != "" && now < seenAt + Longest(spec))
            return null;
        return Written(spec with
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(options.Duration.TotalSeconds),
            AcquireTime = isOurs ? spec.AcquireTime : new(wall),
            RenewTime = new(wall),
            LeaseTransitions = (spec.LeaseTransitions ?? 0) + (isOurs || seen is null ? 0 : 1),
        });
    }

    /// <summary>Takes that a write of ours stands.</summary>
    /// <param name="lease">What it is then.</param>
    /// <param name="sent">The moment before it was sent.</param>
    internal void Wrote(LeaderLease lease, TimeSpan sent)
    {
        (seen, seenAt) = (lease, sent);
        until = Holder == options.Identity ? sent + options.RenewDeadline : null;
    }

    /// <summary>Stops being the leader.</summary>
    /// <returns>What to write so that another need not wait; null when the lease is not ours.</returns>
    internal LeaderLease? Release(DateTimeOffset wall)
    {
        until = null;
        return seen?.Spec is { } spec && Holder == options.Identity
            ? Written(spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = new(wall) })
            : null;
    }

    /// <summary>Another that was started with a longer duration trusts in that.</summary>
    private TimeSpan Longest(LeaderLeaseSpec spec) =>
        TimeSpan.FromSeconds(Math.Max(options.Duration.TotalSeconds, Math.Min(spec.LeaseDurationSeconds ?? 0, 3600)));

    private LeaderLease Written(LeaderLeaseSpec spec) => seen is { } known
        ? known with { Spec = spec }
        : new() { Metadata = new() { Namespace = options.Lease.Namespace, Name = options.Lease.Name }, Spec = spec };
}
