using Interlook.Collections;
using Interlook.Extensions;
using Interlook.Providers;

namespace Interlook.Engine.Watching;

/// <summary>How a watch does, at one moment.</summary>
/// <param name="Synced">It runs, and a snapshot has come since it was opened.</param>
/// <param name="LastSync">When the last snapshot came.</param>
/// <param name="LastSyncStamp">The same on the clock that never steps, for measuring age.</param>
/// <param name="HasSeenAll">A complete snapshot has come since it was opened.</param>
/// <param name="Rejections">What asks for publication and cannot have it.</param>
/// <param name="Reason">Why it broke last; null while it runs.</param>
/// <param name="Message">The same in words.</param>
internal sealed record WatchStatus(
    bool Synced,
    DateTimeOffset? LastSync,
    long? LastSyncStamp,
    bool HasSeenAll,
    EquatableArray<Rejection> Rejections,
    Reason? Reason,
    string? Message)
{
    /// <summary>Not begun.</summary>
    public static WatchStatus NotBegun { get; } = new(false, null, null, false, [], null, null);
}
