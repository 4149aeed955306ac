namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>True time, chance, and what happens when.</summary>
internal sealed class Clockwork(int seed)
{
    private readonly PriorityQueue<Action, (long At, long Order)> events = new();
    private long order;

    public Random Chance { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan moment, Action action) => events.Enqueue(action, ((moment > Now ? moment : Now).Ticks, ++order));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    public void AfterMilliseconds(double delay, Action action) => At(Now + TimeSpan.FromTicks((long)(delay * TimeSpan.TicksPerMillisecond)), action);

    public bool Strikes(double probability) => Chance.NextDouble() < probability;

    public double Between(double low, double high) => low + (Chance.NextDouble() * (high - low));

    public void RunFor(TimeSpan duration)
    {
        var end = Now + duration;
        while (events.TryPeek(out var action, out var due) && due.At <= end.Ticks)
        {
            events.Dequeue();
            Now = new TimeSpan(due.At);
            action();
        }
        Now = end;
    }
}
