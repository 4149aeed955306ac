namespace Interlook.Engine.Scheduling;

/// <summary>Slots that failed at a step for want of room (used up, or taken by another), oldest first. Safe for concurrent use.</summary>
internal sealed class RoomQueue
{
    /// <summary>How many are tried when something was given back: several, since a requested address helps only who asked for it.</summary>
    private const int TriedAtOnce = 64;

    private readonly Lock gate = new();
    private readonly HashSet<EntrySlot> members = [];
    private readonly Queue<EntrySlot> order = new();
    private long made;

    /// <summary>How often room was made; when it grew during a call that found none, the call is worth another try.</summary>
    public long Made => Volatile.Read(ref made);

    /// <summary>A slot waits for room; once, however often it says so.</summary>
    public void Join(EntrySlot slot)
    {
        lock (gate)
        {
            if (members.Add(slot))
                order.Enqueue(slot);
        }
    }

    /// <summary>Room was made: takes those that have waited longest.</summary>
    /// <param name="waits">Whether a slot still waits; those that do not are forgotten.</param>
    public IReadOnlyList<EntrySlot> TakeOldest(Func<EntrySlot, bool> waits)
    {
        Interlocked.Increment(ref made);
        lock (gate)
        {
            if (order.Count == 0)
                return [];
            var taken = new List<EntrySlot>();
            while (taken.Count < TriedAtOnce && order.TryDequeue(out var slot))
            {
                members.Remove(slot);
                if (waits(slot))
                    taken.Add(slot);
            }
            return taken;
        }
    }
}
