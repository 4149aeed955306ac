namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>
/// One process: killed, stopped and continued from outside. Its monotonic clock goes on while it is stopped, and runs a little fast or slow.
/// What happens while it is stopped reaches it when it continues, in any order: timers and sockets do not know of each other.
/// </summary>
internal sealed class SimulatedProcess(Clockwork clock)
{
    private static readonly TimeSpan Rounding = TimeSpan.FromTicks(2);

    private readonly List<Action> backlog = [];
    private readonly double rate = clock.Between(0.999, 1.001);
    private int start;

    public bool Runs { get; private set; }

    public bool IsStopped { get; private set; }

    /// <summary>True when it can do something now.</summary>
    public bool IsActive => Runs && !IsStopped;

    /// <summary>Its monotonic clock; no process of this simulation has another.</summary>
    public TimeSpan Now => clock.Now * rate;

    public void Start()
    {
        start++;
        (Runs, IsStopped) = (true, false);
    }

    public void Kill()
    {
        start++;
        (Runs, IsStopped) = (false, false);
        backlog.Clear();
    }

    public void Stop() => IsStopped = Runs;

    public void Continue()
    {
        if (!IsStopped)
            return;
        IsStopped = false;
        var waiting = backlog.ToArray();
        backlog.Clear();
        clock.Chance.Shuffle(waiting);
        foreach (var action in waiting)
            Do(action);
    }

    /// <summary>Something for this process, now: done, put off while it is stopped, or lost.</summary>
    public void Do(Action action)
    {
        if (IsStopped)
            backlog.Add(action);
        else if (Runs)
            action();
    }

    /// <summary>What belongs to this start of the process and to no later one.</summary>
    public Action OfThisStart(Action action)
    {
        var mine = start;
        return () =>
        {
            if (mine == start)
                Do(() =>
                {
                    if (mine == start)
                        action();
                });
        };
    }

    /// <summary>A timer of this process, by its own clock. As any timer it is never early, not even by the rounding from one clock to the other.</summary>
    public void At(TimeSpan local, Action action)
    {
        // What is due since ever, or never, has no moment that could be converted.
        var moment = local <= Now ? clock.Now : local < TimeSpan.FromDays(1) ? (local / rate) + Rounding : TimeSpan.FromDays(1);
        clock.At(moment, OfThisStart(action));
    }
}
