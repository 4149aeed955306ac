namespace Interlook.Extensions.Consul;

/// <summary>
/// How fast one chain of queries may follow each other: three at once, then one a second. Some answers come at once again and again,
/// because much changes or because something between us and Consul does not wait. Used by one chain only.
/// </summary>
internal sealed class QueryPace(TimeProvider time)
{
    internal const int Burst = 3;

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private double saved = Burst;
    private long last = time.GetTimestamp();

    /// <summary>Takes the right to one query.</summary>
    /// <returns>How long to wait before it.</returns>
    internal TimeSpan Take()
    {
        var now = time.GetTimestamp();
        saved = Math.Min(Burst, saved + (time.GetElapsedTime(last, now) / Interval)) - 1;
        last = now;
        return saved >= 0 ? TimeSpan.Zero : Interval * -saved;
    }
}
