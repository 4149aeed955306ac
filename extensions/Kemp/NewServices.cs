using System.Collections.Concurrent;

namespace Interlook.Extensions.Kemp;

/// <summary>
/// Remembers virtual services that were just added, or may have been: the appliance shows a new one only after a moment. Whoever finds nothing
/// must not believe it yet. Safe for concurrent use.
/// </summary>
internal sealed class NewServices(TimeProvider time)
{
    /// <summary>How long a new one may stay hidden: twice the longest that was seen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> added = new(StringComparer.Ordinal);

    /// <summary>Notes that one is being added, or was right now.</summary>
    internal void Add(string nickname) => added[nickname] = time.GetTimestamp();

    /// <summary>Notes that it was seen, or is known not to be there.</summary>
    internal void Forget(string nickname) => added.TryRemove(nickname, out _);

    /// <summary>True while it may be there unseen.</summary>
    internal bool MayBeHidden(string nickname)
    {
        if (!added.TryGetValue(nickname, out var moment))
            return false;
        if (time.GetElapsedTime(moment) < Patience)
            return true;
        Forget(nickname);
        return false;
    }
}
