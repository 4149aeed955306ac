namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>
/// How long to wait before the server is asked again. After progress at once, for most ends are of no meaning; then a tenth of a second,
/// doubling to ten seconds, each shortened by up to half so that many clients do not come back together. For one pump.
/// </summary>
internal sealed class PumpPace(Random random)
{
    internal static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>What a server asks for beyond this is not waited: a wrong header must not make a cache old.</summary>
    internal static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(1);

    private int attempts;

    /// <summary>True when the last attempts brought nothing: more than a cut that a second one heals.</summary>
    internal bool IsFailing => attempts > 1;

    /// <summary>Something came.</summary>
    internal void Progress() => attempts = 0;

    /// <summary>Counts an attempt that ended.</summary>
    /// <param name="atLeast">What the server asked for, believed up to <see cref="LongestAsked"/>; null for nothing.</param>
    /// <returns>How long to wait before the next.</returns>
    internal TimeSpan Next(TimeSpan? atLeast)
    {
        var wait = attempts == 0 ? TimeSpan.Zero : Shorten(First * Math.Pow(2, Math.Min(attempts - 1, 16)));
        attempts++;
        var asked = atLeast > LongestAsked ? LongestAsked : atLeast ?? TimeSpan.Zero;
        return asked > wait ? asked : wait;
    }

    private TimeSpan Shorten(TimeSpan wait) => (wait < Longest ? wait : Longest) * (1 - (random.NextDouble() / 2));
}
