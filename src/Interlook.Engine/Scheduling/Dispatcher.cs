using System.Collections.Frozen;
using Interlook.Engine.Planning;

namespace Interlook.Engine.Scheduling;

/// <summary>Puts slots that have something to do into the lane of their next step, at once or after a back-off. Safe for concurrent use.</summary>
internal sealed class Dispatcher : IDisposable
{
    private readonly FrozenDictionary<string, StepLane> lanes;
    private readonly StepLane closing;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly PriorityQueue<EntrySlot, (long Due, long Sequence)> agenda = new();
    private readonly ITimer alarm;
    private long sequence;

    /// <summary>Makes a dispatcher.</summary>
    /// <param name="lanes">A lane for every step that can be called.</param>
    /// <param name="closing">The lane of entries that only have to be written: none of their steps is due.</param>
    /// <param name="time">The clock.</param>
    public Dispatcher(IEnumerable<StepLane> lanes, StepLane closing, TimeProvider time)
    {
        this.lanes = lanes.ToFrozenDictionary(lane => lane.Step);
        this.closing = closing;
        this.time = time;
        alarm = time.CreateTimer(_ => PokeDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for a pass over a slot. Harmless when nothing is to do.</summary>
    public void Poke(EntrySlot slot)
    {
        if (slot.Poke())
            LaneOf(slot).Enqueue(slot);
    }

    /// <summary>Asks for a pass after a while; until then the slot holds its failed step.</summary>
    public void PokeLater(EntrySlot slot, TimeSpan delay)
    {
        if (delay > Backoff.OfStep.Longest * 2)
            delay = Backoff.OfStep.Longest * 2; // whatever an outside system asked for: longer is no patience but a stand-still
        var due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        slot.HoldUntil = due;
        lock (gate)
        {
            var place = (Due: due, Sequence: sequence++);
            agenda.Enqueue(slot, place);
            if (agenda.TryPeek(out _, out var first) && first == place)
                alarm.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Asks for a pass now, whatever back-off holds the slot.</summary>
    public void PokeNow(EntrySlot slot)
    {
        slot.HoldUntil = 0;
        Poke(slot);
    }

    /// <summary>The lane of a step; the closing lane when there is no step or no such lane.</summary>
    public StepLane LaneOf(PlannedStep? step) =>
        step is { } planned ? lanes.GetValueOrDefault(planned.Step, closing) : closing;

    /// <inheritdoc/>
    public void Dispose() => alarm.Dispose();

    private StepLane LaneOf(EntrySlot slot) =>
        LaneOf(Planner.Next(slot.Entry.Wished(slot.Wish, default), slot.Workflow));

    private void PokeDue()
    {
        var due = new List<EntrySlot>();
        lock (gate)
        {
            var now = time.GetTimestamp();
            while (agenda.TryPeek(out var slot, out var at))
            {
                if (at.Due > now)
                {
                    alarm.Change(TimeSpan.FromSeconds((double)(at.Due - now) / time.TimestampFrequency) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    break;
                }
                agenda.Dequeue();
                if (slot.HoldUntil == at.Due)
                    due.Add(slot);
            }
        }
        foreach (var slot in due)
            PokeNow(slot);
    }
}
