namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// Whether this process is the one that acts. Two that act at the same time do no harm, for every write is a compare-and-set: an election
/// only saves writes.
/// </summary>
internal interface ILeadership
{
    /// <summary>Follows it: first how it is, then each change. Ends only with <paramref name="stopping"/>.</summary>
    /// <exception cref="ExtensionException">It cannot be found out; follow anew. What was said last counts meanwhile.</exception>
    IAsyncEnumerable<bool> FollowAsync(CancellationToken stopping);
}
