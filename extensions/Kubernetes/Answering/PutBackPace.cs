namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>
/// How soon what others removed is put back: at once, and the next time later and later, so that two programs that contradict each other do not
/// write as fast as they can. Used by one thread at a time.
/// </summary>
internal sealed class PutBackPace
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private TimeSpan pause;
    private long last;

    /// <summary>How long to wait now; zero when it may be put back at once.</summary>
    internal TimeSpan Delay(TimeProvider time)
    {
        var left = pause - time.GetElapsedTime(last);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>It was put back. After a quiet time, twice as long as the pause, everything begins anew.</summary>
    internal void Took(TimeProvider time)
    {
        var isQuiet = pause == TimeSpan.Zero || time.GetElapsedTime(last) > pause * 2 + First;
        pause = isQuiet ? First : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Longest.Ticks));
        last = time.GetTimestamp();
    }
}
