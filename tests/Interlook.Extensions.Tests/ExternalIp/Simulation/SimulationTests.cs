using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>Alone: it keeps every processor busy, and others wait for servers.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public class SimulationTests
{
    private const string Alone = "simulation of the claims protocol";

    [Fact]
    public void No_seed_breaks_the_protocol()
    {
        var broken = Seeds.Play(seed => Scenario.Run(seed) is { Seen.Count: > 0 } violations ? $"{violations}" : null);

        Assert.True(broken == "", broken); // whole: an assertion about a text shows its beginning
    }
}
