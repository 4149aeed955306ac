namespace Interlook.Engine.Scheduling;

/// <summary>
/// The queue of one step and the passes that work on it, so many at once: a step that hangs holds up its own lane and no other. Nobody
/// waits at an empty lane: a pass begins with the slot that needs it, and ends when no slot waits. Safe for concurrent use.
/// </summary>
/// <param name="step">The step's name.</param>
/// <param name="width">How many passes run at once.</param>
internal sealed class StepLane(string step, int width)
{
    /// <summary>Room in an empty queue: what a start needs, when all slots come at once, is given back.</summary>
    private const int RoomKept = 256;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Never longer than the table of entries: a slot stands in at most one lane, once.
    private readonly Queue<EntrySlot> queue = new();
    private Func<EntrySlot, StepLane, Task>? pass;
    private TaskScheduler home = TaskScheduler.Default;
    private int running;
    private bool closed;

    /// <summary>The step.</summary>
    public string Step => step;

    /// <summary>How many slots wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return queue.Count;
        }
    }

    /// <summary>Puts a slot that is Queued into the lane.</summary>
    public void Enqueue(EntrySlot slot)
    {
        lock (gate)
        {
            if (closed)
                return; // what is dropped is found again after the next start
            queue.Enqueue(slot);
            if (pass is null || running == width)
                return;
            running++;
        }
        Begin();
    }

    /// <summary>Takes slots until the lane is closed; passes under way end first. Passes run on the synchronisation context of this call.</summary>
    /// <param name="work">One pass over one slot; must not throw.</param>
    public async Task RunAsync(Func<EntrySlot, StepLane, Task> work)
    {
        int begun;
        lock (gate)
        {
            pass = work;
            running = begun = Math.Min(width, queue.Count);
            if (SynchronizationContext.Current is not null)
                home = TaskScheduler.FromCurrentSynchronizationContext();
        }
        for (var i = 0; i < begun; i++)
            Begin();
        await ended.Task; // awaited, not handed out: whoever waits for several at once would be told on another thread
    }

    /// <summary>No slot is taken any more.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            queue.Clear();
            if (running == 0)
                ended.TrySetResult();
        }
    }

    // Never on the caller's thread, whoever that is: a provider's event or a request must not wait for a pass.
    private void Begin() => Task.Factory.StartNew(WorkAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, home);

    private async Task WorkAsync()
    {
        while (TryTake() is { } slot)
            await pass!(slot, this);
    }

    private EntrySlot? TryTake()
    {
        lock (gate)
        {
            if (queue.TryDequeue(out var slot))
                return slot;
            if (queue.Capacity > RoomKept)
                queue.TrimExcess();
            if (--running == 0 && closed)
                ended.TrySetResult();
            return null;
        }
    }
}
