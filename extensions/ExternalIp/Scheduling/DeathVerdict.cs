using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>A node was silent for the whole expiry, and a read that began after that still showed its last heartbeat.</summary>
/// <param name="Claims">
/// The claims as they were known before the read began. Only these revisions may be written over: a claim that was changed later may have
/// been taken anew by the node itself, after a heartbeat that the read was too early for.
/// </param>
internal sealed record DeathVerdict(ImmutableSortedDictionary<string, StoredRecord<Claim>> Claims)
{
    /// <summary>True when the claim, as it is known now, is the one on which the verdict was given.</summary>
    internal bool Covers(string name, Revision revision) => Claims.TryGetValue(name, out var known) && known.Revision == revision;
}
