namespace Interlook.Entries;

/// <summary>
/// What happened to an entry, oldest first: the newest transitions, so many as one entry may keep. Immutable, compared by content, and
/// safe to share between threads; successors of one history are made by one thread at a time.
/// </summary>
public sealed class EntryHistory : IEquatable<EntryHistory>
{
    /// <summary>So many are kept; an older one goes when a newer comes.</summary>
    public const int Longest = 50;

    /// <summary>So many messages are kept; of older failures step and reason are left.</summary>
    public const int MostMessages = 8;

    /// <summary>Room for a service that is detected and walks a workflow of two steps; longer ones get half as much again, and again.</summary>
    private const int UsualLength = 4;

    // A history and its successors share the room, in which each sees only its own beginning: so a step costs no copy of what was before.
    private readonly Transition[] room;
    private readonly int count;

    /// <summary>A history of these transitions, oldest first.</summary>
    public EntryHistory(params ReadOnlySpan<Transition> transitions)
        : this(transitions.ToArray(), transitions.Length)
    {
    }

    private EntryHistory(Transition[] room, int count)
    {
        this.room = room;
        this.count = count;
    }

    /// <summary>Nothing happened yet.</summary>
    public static EntryHistory Empty { get; } = new();

    /// <summary>The transitions, without a copy.</summary>
    public ReadOnlySpan<Transition> Transitions => room.AsSpan(0, count);

    /// <summary>
    /// The history with one more transition. A failure of the same step for the same reason as the last transition is counted there.
    /// </summary>
    public EntryHistory With(Transition next)
    {
        if (count > 0 && Repeats(room[count - 1], next))
            return new EntryHistory([.. Transitions[..^1], Repeated(room[count - 1], next)]);
        var forgotten = next.Message is null ? -1 : OldestMessage();
        if (forgotten < 0 && count < room.Length && room[count].By is null)
        {
            room[count] = next;
            return new EntryHistory(room, count + 1);
        }
        return Moved(next, forgotten);
    }

    /// <inheritdoc/>
    public bool Equals(EntryHistory? other) => other is not null && Transitions.SequenceEqual(other.Transitions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntryHistory);

    /// <inheritdoc/>
    public override int GetHashCode() => count == 0 ? 0 : HashCode.Combine(count, room[count - 1]);

    private static bool Repeats(Transition last, Transition next) =>
        last.Kind == TransitionKind.Failed && next.Kind == TransitionKind.Failed && last.By == next.By && last.Reason == next.Reason;

    private static Transition Repeated(Transition last, Transition next) => last with
    {
        Count = last.Count == int.MaxValue ? int.MaxValue : last.Count + 1,
        LastTime = next.Time,
        Duration = next.Duration,
        Message = next.Message,
    };

    /// <summary>The history with one more transition, in another room.</summary>
    private EntryHistory Moved(Transition next, int forgotten)
    {
        var kept = Transitions[Math.Max(0, count - Longest + 1)..];
        var length = kept.Length + 1;
        var moved = new Transition[length <= UsualLength ? UsualLength : Math.Max(length, Math.Min(Longest, length * 3 / 2))];
        kept.CopyTo(moved);
        forgotten -= count - kept.Length;
        if (forgotten >= 0)
            moved[forgotten] = moved[forgotten] with { Message = null };
        moved[kept.Length] = next;
        return new EntryHistory(moved, length);
    }

    /// <summary>
    /// Messages are what takes room: of a service that fails now here, now there, for days, the newest are enough.
    /// </summary>
    /// <returns>The place of the oldest message when no more may be kept; else -1.</returns>
    private int OldestMessage()
    {
        var messages = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            if (room[i].Message is not null && ++messages == MostMessages)
                return i;
        }
        return -1;
    }
}
