namespace Interlook.Extensions.Etcd;

/// <summary>
/// Decides when the lease is asked for next. Pure. A third of its life would keep it alive; asked every second, an etcd that came back
/// without its data is noticed at once, at the price of a request that etcd answers from memory.
/// </summary>
/// <param name="ttl">The life of the lease.</param>
/// <param name="random">Keeps many Interlooks from asking at one moment.</param>
internal sealed class KeepAlivePace(TimeSpan ttl, Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    private int failures;

    /// <summary>True after a failure that no success has followed.</summary>
    internal bool IsFailing => failures > 0;

    /// <summary>How long to wait now.</summary>
    internal TimeSpan Next()
    {
        var usual = ttl / 3 < Longest ? ttl / 3 : Longest;
        var wait = failures == 0 ? usual : FirstRetry * (1 << Math.Min(failures - 1, 4));
        return (wait < usual ? wait : usual) * (0.8 + (0.2 * random.NextDouble()));
    }

    internal void Succeeded() => failures = 0;

    internal void Failed() => failures++;
}
