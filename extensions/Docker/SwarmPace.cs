namespace Interlook.Extensions.Docker;

/// <summary>
/// How long to wait before a swarm is read again. The API tells nothing of tasks by itself (moby issue 37403), so after each event and
/// while a service converges it is read soon, then less soon. Pure; used by one thread.
/// </summary>
internal sealed class SwarmPace(TimeSpan pollInterval)
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(2);

    private TimeSpan next = Soonest;

    /// <summary>Something happened: begin again with the shortest wait.</summary>
    internal void Hurry() => next = Soonest;

    /// <summary>The wait after a pass.</summary>
    /// <param name="converging">True when the pass saw a service that converges.</param>
    internal TimeSpan Next(bool converging)
    {
        var wait = next;
        if (wait > Fast)
            wait = converging ? Fast : pollInterval;
        else
            next = wait + wait;
        return wait < pollInterval ? wait : pollInterval;
    }
}
