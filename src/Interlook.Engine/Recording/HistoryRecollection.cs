using Interlook.Entries;

namespace Interlook.Engine.Recording;

/// <summary>What a crash cost a history, as far as the entry, which is always durable, knows it. Pure.</summary>
internal static class HistoryRecollection
{
    /// <summary>Adds that the service was detected, updated, deployed or undeployed, where the entry says so and the history does not.</summary>
    /// <param name="history">What was stored of it.</param>
    /// <param name="entry">The entry as it was stored.</param>
    public static EntryHistory Complete(EntryHistory history, Entry entry)
    {
        var provider = entry.Desired.Provider;
        if (history.Transitions.IsEmpty)
            history = history.With(new Transition(entry.TimeDetected, provider, TransitionKind.Detected));
        if (IsNewer(entry.LastUpdate, history))
            history = history.With(new Transition(entry.LastUpdate, provider, entry.Expected == ExpectedState.Deployed ? TransitionKind.Updated : TransitionKind.Withdrawn));
        if (entry.CloseTime is { } closed && IsNewer(closed, history))
            history = history.With(new Transition(closed, Transition.Core, entry.Expected == ExpectedState.Deployed ? TransitionKind.Deployed : TransitionKind.Undeployed));
        return history;
    }

    // A history keeps times to the millisecond.
    private static bool IsNewer(DateTimeOffset time, EntryHistory history) =>
        time.ToUnixTimeMilliseconds() > history.Transitions[^1].LastTime.ToUnixTimeMilliseconds();
}
