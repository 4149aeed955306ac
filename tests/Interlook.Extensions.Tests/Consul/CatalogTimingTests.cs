using Interlook.Extensions.Consul;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>When the next query is asked, with which index, and who waits for whom.</summary>
public sealed class CatalogTimingTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 17, 17, true)]
    [InlineData(17, 17, 17, true)]
    [InlineData(17, 18, 18, true)]
    [InlineData(17, 16, 0, false)]
    [InlineData(17, 0, 1, true)]
    [InlineData(0, 0, 1, true)]
    public void An_index_is_followed_and_one_that_fell_begins_anew(ulong asked, ulong answered, ulong next, bool take) =>
        Assert.Equal((next, take), BlockingIndex.After(asked, answered));

    [Fact]
    public void Three_queries_go_at_once_and_then_one_a_second()
    {
        var time = new ManualTimeProvider();
        var pace = new QueryPace(time);

        TimeSpan[] waits = [pace.Take(), pace.Take(), pace.Take(), pace.Take()];
        time.Advance(TimeSpan.FromHours(1));
        TimeSpan[] later = [pace.Take(), pace.Take(), pace.Take(), pace.Take()];

        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, QueryPace.Interval], waits);
        Assert.Equal(waits, later);
    }

    [Fact]
    public async Task A_slot_is_held_for_minutes_until_there_are_more_watches_than_slots()
    {
        var slots = new WatchSlots(1, new Random(1));
        slots.Join();
        var first = HoldAsync(slots, out var wait);

        slots.Join();
        var given = await first;
        var turn = await slots.RunAsync((length, _) => Task.FromResult(new ConsulAnswer<TimeSpan>(length, 1)), Stopping);
        slots.Leave();
        var afterwards = await slots.RunAsync((length, _) => Task.FromResult(new ConsulAnswer<TimeSpan>(length, 1)), Stopping);

        Assert.Null(given);
        Assert.InRange(wait(), WatchSlots.LongWait * 0.9, WatchSlots.LongWait);
        Assert.InRange(turn!.Value.Value, WatchSlots.Turn * 0.9, WatchSlots.Turn);
        Assert.InRange(afterwards!.Value.Value, WatchSlots.LongWait * 0.9, WatchSlots.LongWait);
    }

    [Theory]
    [InlineData("checks", "failing", "passing, warning, any")]
    [InlineData("maxWatches", "0", "1 to 1000")]
    [InlineData("updateInterval", "1h", "10m")]
    [InlineData("consistency", "strong", "consistent, default, stale")]
    [InlineData("url", "consul:8500", "http://")]
    [InlineData("meta", "perhaps", "true or false")]
    public void A_setting_that_cannot_be_is_refused(string setting, string text, string problem)
    {
        var said = ConsulCatalogOptions.SettingsSchema.Find(setting)!.Assign(new ConsulCatalogOptions(), [text]);

        Assert.NotNull(said);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    private static async Task<ConsulAnswer<int>> WaitAsync(CancellationToken giveUp)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, giveUp);
        return default;
    }

    private static Task<ConsulAnswer<int>?> HoldAsync(WatchSlots slots, out Func<TimeSpan> wait)
    {
        var asked = TimeSpan.Zero;
        wait = () => asked;
        return slots.RunAsync(
            (length, giveUp) =>
            {
                asked = length;
                return WaitAsync(giveUp);
            },
            Stopping);
    }
}
