using Interlook.Fixtures;
using Xunit;

namespace Interlook.Engine.Tests.Simulation;

public class SimulationTests
{
    [Fact]
    public void The_ten_promises_hold_for_every_seed() =>
        Assert.Empty(Seeds.Play(seed => Scenario.Run(seed) is { Seen.Count: > 0 } violations ? $"{violations}" : null));
}
