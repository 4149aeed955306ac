namespace Interlook.Extensions.ExternalIp;

/// <summary>Decides when a claim is looked at next, and when no more: soon at first, because a scheduler takes milliseconds, then less often.</summary>
/// <param name="whole">How long to look in all.</param>
/// <param name="time">The clock.</param>
internal sealed class ClaimPatience(TimeSpan whole, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private readonly long began = time.GetTimestamp();
    private TimeSpan pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for the next look.</summary>
    /// <returns>False when it is time to give up.</returns>
    internal async Task<bool> WaitAsync(CancellationToken stopping)
    {
        if (time.GetElapsedTime(began) >= whole)
            return false;
        await Task.Delay(pause, time, stopping);
        pause = pause * 2 < Longest ? pause * 2 : Longest;
        return true;
    }
}
