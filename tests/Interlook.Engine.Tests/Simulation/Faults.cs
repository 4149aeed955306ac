namespace Interlook.Engine.Tests.Simulation;

/// <summary>What goes wrong in one run, and how often; all chances are 0 once the run is to become quiet.</summary>
internal sealed class Faults(Random random)
{
    private double level = random.NextDouble() * 0.3;

    /// <summary>A service whose load balancer refuses it for ever; null when there is none.</summary>
    public string? Poisoned { get; } = random.NextDouble() < 0.2 ? "svc-0" : null;

    public bool AreOver { get; private set; }

    public void End()
    {
        AreOver = true;
        level = 0;
    }

    /// <summary>True with the run's chance of trouble, scaled.</summary>
    public bool Strike(double scale = 1) => level > 0 && random.NextDouble() < level * scale;

    public int Choose(int count) => random.Next(count);

    public TimeSpan Moment(double longestSeconds) => TimeSpan.FromSeconds(random.NextDouble() * longestSeconds);
}
