using Xunit;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>The simulation can fail: every promise broken on purpose is caught, as that promise, within a few seeds.</summary>
public class MutantTests
{
    private const int Seeds = 60;

    public static TheoryData<int, string> Broken => new()
    {
        { 1, nameof(HearsOnce) },
        { 2, nameof(CallsTwice) },
        { 3, nameof(SkipsTheWayBack) },
        { 4, nameof(RemembersTheOld) },
        { 5, nameof(SeesDriftEverywhere) },
        { 6, nameof(RetriesAtOnce) },
        { 7, nameof(TakesErrorsForEmpty) },
        { 8, nameof(AcknowledgesTooEarly) },
        { 9, nameof(UndeploysOnStop) },
        { 10, nameof(TakesWhatIsNotOurs) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_promise_broken_on_purpose_is_caught(int promise, string mutant)
    {
        var caught = Enumerable.Range(1, Seeds).Any(seed => Scenario.Run(seed, Make(mutant)).Seen.Any(each => each.Promise == promise));

        Assert.True(caught, $"{mutant} broke promise {promise} in {Seeds} runs and was not caught");
    }

    private static Mutant Make(string name) => name switch
    {
        nameof(HearsOnce) => new HearsOnce(),
        nameof(CallsTwice) => new CallsTwice(),
        nameof(SkipsTheWayBack) => new SkipsTheWayBack(),
        nameof(RemembersTheOld) => new RemembersTheOld(),
        nameof(SeesDriftEverywhere) => new SeesDriftEverywhere(),
        nameof(RetriesAtOnce) => new RetriesAtOnce(),
        nameof(TakesErrorsForEmpty) => new TakesErrorsForEmpty(),
        nameof(AcknowledgesTooEarly) => new AcknowledgesTooEarly(),
        nameof(UndeploysOnStop) => new UndeploysOnStop(),
        _ => new TakesWhatIsNotOurs(),
    };
}
