using Interlook.Specification;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>
/// One incarnation of a process in virtual time: a single thread that runs whatever is ready, in an order that chance decides, and moves
/// the clock on when nothing is. A loop that is no longer run is a process that was killed.
/// </summary>
internal sealed class SimulationLoop(ManualTimeProvider clock, Random random) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> ready = [];
    private bool killed;

    public ManualTimeProvider Clock => clock;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!killed)
            ready.Add((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nothing waits in a simulation");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Nothing of this process ever runs again.</summary>
    public void Kill()
    {
        killed = true;
        ready.Clear();
    }

    /// <summary>Runs everything that is ready, and what becomes ready by it.</summary>
    public void Drain(Action? start = null)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            start?.Invoke();
            while (ready.Count > 0)
            {
                var at = random.Next(ready.Count);
                var (callback, state) = ready[at];
                ready[at] = ready[^1];
                ready.RemoveAt(ready.Count - 1);
                callback(state);
            }
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Lets virtual time pass.</summary>
    public void RunFor(TimeSpan duration)
    {
        Drain();
        while (clock.NextDue is { } due && due <= duration)
        {
            duration -= due;
            Drain(() => clock.Advance(due));
        }
        clock.Advance(duration);
        Drain();
    }

    /// <summary>Runs a task to its end, letting time pass as it needs.</summary>
    public void Complete(Func<Task> work)
    {
        var task = Task.CompletedTask;
        Drain(() => task = work());
        while (!task.IsCompleted)
        {
            var due = clock.NextDue ?? throw new InvalidOperationException("the task waits for nothing that will come");
            Drain(() => clock.Advance(due));
        }
        task.GetAwaiter().GetResult();
    }
}
