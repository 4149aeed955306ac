using Interlook.Engine.Recording;
using Interlook.Entries;
using Interlook.Services;
using Xunit;

namespace Interlook.Engine.Tests.Recording;

public sealed class HistoryRecollectionTests
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_history_that_was_lost_tells_what_the_entry_knows()
    {
        var entry = Deployed() with { LastUpdate = Morning.AddMinutes(1), CloseTime = Morning.AddMinutes(2) };

        var history = HistoryRecollection.Complete(EntryHistory.Empty, entry);

        Assert.Equal(
            [
                (Morning, Sample.Provider, TransitionKind.Detected), (Morning.AddMinutes(1), Sample.Provider, TransitionKind.Updated),
                (Morning.AddMinutes(2), Transition.Core, TransitionKind.Deployed),
            ],
            history.Transitions.ToArray().Select(each => (each.Time, each.By, each.Kind)));
    }

    [Fact]
    public void A_history_that_lacks_its_end_gets_it()
    {
        var stored = new EntryHistory(new Transition(Morning, Sample.Provider, TransitionKind.Detected));
        var entry = Deployed() with { Expected = ExpectedState.Undeployed, LastUpdate = Morning.AddHours(1), CloseTime = Morning.AddHours(2) };

        var history = HistoryRecollection.Complete(stored, entry);

        Assert.Equal(
            [TransitionKind.Detected, TransitionKind.Withdrawn, TransitionKind.Undeployed],
            history.Transitions.ToArray().Select(each => each.Kind));
    }

    [Fact]
    public void A_whole_history_stays_as_it_is()
    {
        var stored = new EntryHistory(
            new Transition(Morning, Sample.Provider, TransitionKind.Detected), new Transition(Morning.AddMilliseconds(3), Transition.Core, TransitionKind.Deployed));
        var entry = Deployed() with { CloseTime = Morning.AddMilliseconds(3.4) };

        Assert.Equal(stored, HistoryRecollection.Complete(stored, entry));
    }

    private static Entry Deployed() => new()
    {
        Key = new ServiceKey(ServiceKey.DefaultWorkflow, "shop"),
        Desired = Sample.Definition(),
        Expected = ExpectedState.Deployed,
        State = Entry.Deployed,
        TimeDetected = Morning,
        LastUpdate = Morning,
        CloseTime = Morning,
    };
}
