using System.Threading.Channels;

namespace Interlook.Engine.Scheduling;

/// <summary>
/// The queue of one step and the passes that work on it, so many at once: a step that hangs holds up its own lane and no other.
/// </summary>
/// <param name="step">The step's name.</param>
/// <param name="width">How many passes run at once.</param>
internal sealed class StepLane(string step, int width)
{
    // Unbounded, yet never longer than the table of entries: a slot stands in at most one lane, once.
    private readonly Channel<EntrySlot> queue = Channel.CreateUnbounded<EntrySlot>();

    /// <summary>The step.</summary>
    public string Step => step;

    /// <summary>How many slots wait.</summary>
    public int Waiting => queue.Reader.Count;

    /// <summary>Puts a slot that is Queued into the lane.</summary>
    public void Enqueue(EntrySlot slot) => queue.Writer.TryWrite(slot);

    /// <summary>Takes slots until the lane is closed; passes under way end first.</summary>
    /// <param name="pass">One pass over one slot; must not throw.</param>
    public Task RunAsync(Func<EntrySlot, StepLane, Task> pass) =>
        Task.WhenAll(Enumerable.Range(0, width).Select(_ => WorkAsync(pass)));

    /// <summary>No slot is taken any more.</summary>
    public void Close()
    {
        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out _))
        {
            // What waits is found again after the next start.
        }
    }

    private async Task WorkAsync(Func<EntrySlot, StepLane, Task> pass)
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            while (queue.Reader.TryRead(out var slot))
                await pass(slot, this);
        }
    }
}
