using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>The simulation can fail: each break of the protocol is found within some hundred seeds.</summary>
public class MutantTests
{
    private const int Seeds = 2000;

    public static TheoryData<string> Broken => [.. Enum.GetNames<Mutant>().Where(name => name != nameof(Mutant.None))];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_protocol_broken_on_purpose_is_caught(string mutant)
    {
        var caught = Enumerable.Range(1, Seeds).Any(seed => Scenario.Run(seed, Enum.Parse<Mutant>(mutant)).Seen.Count > 0);

        Assert.True(caught, $"{mutant} was not caught in {Seeds} runs");
    }
}
