using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// One thing after the other: what happens is told from anywhere, taken in the order in which it was told, and after each burst follows a
/// pass, and another when the pass before said so. What is told in here is short and never waits: nothing outside can hold up a pass.
/// </summary>
internal sealed class PassLoop(TimeProvider time)
{
    // Timers count in milliseconds: one that is due a moment too early would find nothing to do.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly long start = time.GetTimestamp();
    private readonly ConcurrentQueue<Action<TimeSpan>> happened = new();
    // One sign is enough: whoever wakes up takes everything that was told.
    private readonly Channel<bool> signs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The moment, since the loop was made, by a clock that goes on while the process is stopped.</summary>
    internal TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>The clock's timestamp of a moment of the loop.</summary>
    internal long TimestampOf(TimeSpan moment) => start + (long)(moment.Ticks * (time.TimestampFrequency / (double)TimeSpan.TicksPerSecond));

    /// <summary>Tells that something happened: what to do in the loop, with the moment at which it is taken.</summary>
    internal void Tell(Action<TimeSpan> what)
    {
        happened.Enqueue(what);
        signs.Writer.TryWrite(true);
    }

    /// <summary>The same, and waits until it was taken: for who would otherwise tell faster than the loop can take.</summary>
    internal Task TellAsync(Action<TimeSpan> what, CancellationToken stopping)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Tell(now =>
        {
            what(now);
            taken.SetResult();
        });
        return taken.Task.WaitAsync(stopping);
    }

    /// <summary>Passes until it is stopped.</summary>
    /// <param name="pass">Gets the moment, and says when to pass again though nothing is told; null for never.</param>
    /// <param name="stopping">Stops it.</param>
    internal async Task RunAsync(Func<TimeSpan, TimeSpan?> pass, CancellationToken stopping)
    {
        await using var timer = time.CreateTimer(_ => signs.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                // No more than was told by now: a flood of news does not keep the pass away.
                for (var left = happened.Count; left > 0 && happened.TryDequeue(out var what); left--)
                    what(Now);
                var next = pass(Now) ?? TimeSpan.MaxValue;
                var now = Now;
                var wait = next <= now ? Tick : next - now < LongestWait ? next - now + Tick : LongestWait;
                timer.Change(wait, Timeout.InfiniteTimeSpan);
                if (happened.IsEmpty)
                    await signs.Reader.ReadAsync(stopping);
                stopping.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // stopped
        }
    }
}
