using Interlook.Collections;

namespace Interlook.Entries;

/// <summary>What happened to an entry, oldest first: the newest transitions, so many as one entry may keep. Immutable.</summary>
/// <param name="Transitions">The transitions.</param>
public sealed record EntryHistory(EquatableArray<Transition> Transitions)
{
    /// <summary>So many are kept; an older one goes when a newer comes.</summary>
    public const int Longest = 50;

    /// <summary>So many failures keep their message; of older ones step and reason are left.</summary>
    public const int MostMessages = 8;

    /// <summary>Nothing happened yet.</summary>
    public static EntryHistory Empty { get; } = new([]);

    /// <summary>
    /// The history with one more transition. A failure of the same step for the same reason as the last transition is counted there.
    /// </summary>
    public EntryHistory With(Transition next)
    {
        var known = Transitions.AsSpan();
        if (known.Length > 0 && Repeats(known[^1], next))
        {
            var last = known[^1];
            return new(Transitions.SetItem(known.Length - 1, last with
            {
                Count = last.Count == int.MaxValue ? int.MaxValue : last.Count + 1,
                LastTime = next.Time,
                Duration = next.Duration,
                Message = next.Message,
            }));
        }
        if (known.Length < Longest)
            return new(WithoutOldMessages(Transitions.Insert(known.Length, next)));
        EquatableArray<Transition> newest = [.. known[(known.Length - Longest + 1)..], next];
        return new(WithoutOldMessages(newest));
    }

    private static bool Repeats(Transition last, Transition next) =>
        last.Kind == TransitionKind.Failed && next.Kind == TransitionKind.Failed && last.By == next.By && last.Reason == next.Reason;

    // Messages are what takes room: of a service that fails now here, now there, for days, the newest are enough.
    private static EquatableArray<Transition> WithoutOldMessages(EquatableArray<Transition> transitions)
    {
        if (transitions[transitions.Count - 1].Message is null)
            return transitions;
        var messages = 0;
        for (var i = transitions.Count - 1; i >= 0; i--)
        {
            if (transitions[i].Message is not null && ++messages > MostMessages)
                return transitions.SetItem(i, transitions[i] with { Message = null });
        }
        return transitions;
    }
}
