using System.Collections.Concurrent;
using System.Globalization;
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
        var first = Setting("INTERLOOK_FIRST_SEED", 1);
        var count = Setting("INTERLOOK_SEEDS", 10_000);
        var broken = new ConcurrentDictionary<int, Violations>();

        Parallel.For(first, first + count, (seed, state) =>
        {
            var violations = Scenario.Run(seed);
            if (violations.Seen.Count > 0)
                broken[seed] = violations;
            if (broken.Count >= 10)
                state.Stop();
        });

        Assert.True(broken.IsEmpty, string.Join("\n", broken.OrderBy(each => each.Key).Select(each =>
            $"seed {each.Key} (repeat it with INTERLOOK_SEEDS=1 INTERLOOK_FIRST_SEED={each.Key})\n{each.Value}")));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
