namespace Interlook.Extensions.Kemp;

/// <summary>
/// Keeps all calls to one appliance under its flood guard, which drops the 31st within 3 seconds. A few calls after a quiet time go at once, the
/// others follow each other evenly, in the order in which they came. Few are under way at once, and a turn begins when one of these places is free:
/// after the appliance stalled, nothing that waited meanwhile pours out together. Safe for concurrent use.
/// </summary>
internal sealed class CallPace : IDisposable
{
    /// <summary>The most calls under way at once.</summary>
    internal const int MostCalls = 4;

    // 3 seconds of the pace and the burst together leave 2 of the guard's 30: room for jitter, and for somebody who looks by hand.
    private const int GuardedCalls = 28;
    private const int GuardedSeconds = 3;
    private const int LargestBurst = 4;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim places = new(MostCalls);
    private readonly TimeProvider time;
    private readonly long interval;
    private readonly long allowance;
    private long next;
    private long granted;
    private long finished;

    /// <param name="perSecond">The most calls in a second, in the long run.</param>
    /// <param name="time">The clock.</param>
    internal CallPace(int perSecond, TimeProvider time)
    {
        this.time = time;
        next = time.GetTimestamp();
        interval = time.TimestampFrequency / perSecond;
        allowance = interval * (Math.Clamp(GuardedCalls - (GuardedSeconds * perSecond), 1, LargestBurst) - 1);
    }

    /// <summary>How many calls it has let go.</summary>
    internal long Granted => Interlocked.Read(ref granted);

    /// <summary>How many of these have ended.</summary>
    internal long Finished => Interlocked.Read(ref finished);

    /// <summary>Waits for the right to one call.</summary>
    /// <returns>The call's turn; disposed when its answer is there, or will never be.</returns>
    internal async Task<IDisposable> TakeAsync(CancellationToken stopping)
    {
        await places.WaitAsync(stopping);
        try
        {
            var wait = Reserve();
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, stopping);
            Interlocked.Increment(ref granted);
            return new Turn(this);
        }
        catch (OperationCanceledException)
        {
            places.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

    /// <summary>Takes the next free moment. One that its caller gives up stays taken: at worst a call comes later than it might.</summary>
    private TimeSpan Reserve()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var due = Math.Max(now, next - allowance);
            next = Math.Max(now, next) + interval;
            return TimeSpan.FromSeconds((double)(due - now) / time.TimestampFrequency);
        }
    }

    private sealed class Turn(CallPace pace) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Increment(ref pace.finished);
            pace.places.Release();
        }
    }
}
