namespace Interlook.Engine.Scheduling;

/// <summary>How long to wait after failures in a row: doubling from a first delay to a longest one, each 20 % shorter to 20 % longer by chance.</summary>
internal readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>After a failed step: 1 s doubling to 5 min.</summary>
    public static Backoff OfStep { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>After a broken watch: 1 s doubling to 30 s.</summary>
    public static Backoff OfWatch { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>After a start that has to wait: 1 s doubling to 10 s.</summary>
    public static Backoff OfStart { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    /// <summary>The next delay.</summary>
    /// <param name="failures">How many failures in a row, the last one included; at least 1.</param>
    /// <param name="random">The source of chance.</param>
    public TimeSpan Delay(int failures, Random random)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures - 1, 30));
        var capped = doubled < Longest ? doubled : Longest;
        return capped * (0.8 + 0.4 * random.NextDouble());
    }
}
