namespace Interlook.Specification;

/// <summary>A clock that stands still until a test moves it; timers fire in order of their due time, then of their making.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<ManualTimer, (long Due, long Sequence)> timers = new();
    private long now;
    private long wallOffset = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;
    private long sequence;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer is due, as the time from now; null when no timer waits.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (gate)
            {
                DropDead();
                return timers.TryPeek(out _, out var at) ? TimeSpan.FromTicks(Math.Max(0, at.Due - now)) : null;
            }
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref now) + Volatile.Read(ref wallOffset), TimeSpan.Zero);

    /// <summary>Sets the wall clock forwards or backwards; timers and timestamps take no notice.</summary>
    public void StepWallClock(TimeSpan by) => Interlocked.Add(ref wallOffset, by.Ticks);

    /// <summary>Moves time on, firing on this thread every timer that becomes due.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        Volatile.Write(ref now, end);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(long end)
    {
        lock (gate)
        {
            DropDead();
            if (!timers.TryPeek(out var timer, out var at) || at.Due > end)
                return null;
            timers.Dequeue();
            if (at.Due > now)
                Volatile.Write(ref now, at.Due);
            return timer;
        }
    }

    private void DropDead()
    {
        while (timers.TryPeek(out var timer, out var at) && timer.Scheduled != at.Sequence)
            timers.Dequeue();
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan interval = Timeout.InfiniteTimeSpan;

        internal long Scheduled { get; private set; } = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                interval = period;
                Scheduled = -1;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    Schedule(dueTime);
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire()
        {
            lock (clock.gate)
            {
                Scheduled = -1;
                if (interval != Timeout.InfiniteTimeSpan && interval > TimeSpan.Zero)
                    Schedule(interval);
            }
            callback(state);
        }

        private void Schedule(TimeSpan dueTime)
        {
            Scheduled = clock.sequence++;
            clock.timers.Enqueue(this, (clock.now + dueTime.Ticks, Scheduled));
        }
    }
}
