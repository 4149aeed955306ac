namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// Judges a connection by what it answers: one on which a request waits, and nothing at all was answered since that was sent, is likely to hang, as when a
/// machine between forgot it. One that never answered yet gets longer, and more with each that follows: a slow server shall not be asked by ever new
/// connections. No clock of its own. Not for concurrent use.
/// </summary>
/// <param name="patience">How long a request may wait.</param>
internal sealed class ConnectionDoubt(TimeSpan patience)
{
    private const int FirstFactor = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan made;
    private TimeSpan? answered;
    private TimeSpan newPatience = patience * FirstFactor;

    /// <summary>Another connection is used from now on.</summary>
    internal void Begin(TimeSpan now) => (made, answered) = (now, null);

    /// <summary>It answered something.</summary>
    internal void Answer(TimeSpan now)
    {
        answered = now;
        newPatience = patience * FirstFactor;
    }

    /// <summary>A request waits since then: true when the connection is to be given up.</summary>
    internal bool IsHanging(TimeSpan since, TimeSpan now)
    {
        if (answered is { } last)
            return last <= since && now >= since + patience;
        if (now < made + newPatience)
            return false;
        newPatience = newPatience * 2 < Longest ? newPatience * 2 : Longest;
        return true;
    }
}
