namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>
/// The deadlines of a loop's relays, in slots of a tenth of a second. Activity moves no entry: a relay is looked at when the slot comes it
/// was put in, and put in a later one when its deadline has moved meanwhile. Used on the loop's thread only.
/// </summary>
internal sealed class DeadlineWheel
{
    private const int Slots = 512;
    private const long Never = long.MaxValue;

    private static readonly long Width = TimeSpan.FromMilliseconds(100).Ticks;

    private readonly Relay?[] heads = new Relay?[Slots];
    private long cursor; // the last tick that was looked at

    /// <summary>When there is something to look at next, in ticks of the clock; the largest number when there is nothing.</summary>
    public long NextDue { get; private set; } = Never;

    /// <summary>Puts a relay in the slot of its deadline; moves it when it is in another.</summary>
    public void Add(Relay relay, long now)
    {
        Remove(relay);
        var tick = Math.Clamp((relay.Deadline / Width) + 1, (now / Width) + 1, (now / Width) + Slots - 1);
        var slot = (int)(tick % Slots);
        var head = heads[slot];
        (relay.WheelSlot, relay.Previous, relay.Next) = (slot, null, head);
        if (head is not null)
            head.Previous = relay;
        heads[slot] = relay;
        NextDue = Math.Min(NextDue, tick * Width);
    }

    /// <summary>Takes a relay out.</summary>
    public void Remove(Relay relay)
    {
        if (relay.WheelSlot < 0)
            return;
        if (relay.Previous is { } previous)
            previous.Next = relay.Next;
        else
            heads[relay.WheelSlot] = relay.Next;
        if (relay.Next is { } next)
            next.Previous = relay.Previous;
        (relay.Previous, relay.Next, relay.WheelSlot) = (null, null, -1);
    }

    /// <summary>Ends what is due.</summary>
    public void Advance(long now)
    {
        if (now < NextDue)
            return;
        var last = now / Width;
        for (var tick = Math.Max(cursor + 1, last - Slots + 1); tick <= last; tick++)
            LookAt((int)(tick % Slots), now);
        cursor = last;
        NextDue = Next(last);
    }

    private void LookAt(int slot, long now)
    {
        // The chain is taken off first: what is put back for later may come into this very slot, a turn of the wheel on.
        var relay = heads[slot];
        heads[slot] = null;
        while (relay is not null)
        {
            var next = relay.Next;
            if (next is not null)
                next.Previous = null;
            (relay.Previous, relay.Next, relay.WheelSlot) = (null, null, -1);
            if (relay.Deadline > now)
                Add(relay, now);
            else
                relay.Expire();
            relay = next;
        }
    }

    private long Next(long last)
    {
        for (var tick = last + 1; tick < last + Slots; tick++)
        {
            if (heads[tick % Slots] is not null)
                return tick * Width;
        }
        return Never;
    }
}
