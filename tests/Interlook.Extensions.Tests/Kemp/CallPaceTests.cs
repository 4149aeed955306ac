using Interlook.Extensions.Kemp;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>Calls keep under the flood guard, in the order in which they came.</summary>
public sealed class CallPaceTests
{
    private readonly ManualTimeProvider time = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task No_three_seconds_have_more_calls_than_the_guard_lets_pass(int perSecond)
    {
        using var pace = new CallPace(perSecond, time);
        var calls = new List<long>();

        for (var i = 0; i < 200; i++)
        {
            (await NextAsync(pace)).Dispose();
            calls.Add(time.GetTimestamp());
            if (i == 100)
                time.Advance(TimeSpan.FromMinutes(1)); // quiet times earn no more than the burst
        }

        for (var i = 30; i < calls.Count; i++)
            Assert.True(calls[i] - calls[i - 30] >= TimeSpan.TicksPerSecond * 3, $"calls {i - 30} to {i} come within {TimeSpan.FromTicks(calls[i] - calls[i - 30])}");
    }

    [Fact]
    public async Task The_first_few_after_a_quiet_time_go_at_once()
    {
        using var pace = new CallPace(8, time);

        for (var i = 0; i < 4; i++)
            (await pace.TakeAsync(Stopping)).Dispose();
        var fifth = pace.TakeAsync(Stopping);

        Assert.False(fifth.IsCompleted);
        Assert.Equal(TimeSpan.FromMilliseconds(125), time.NextDue);
        time.Advance(TimeSpan.FromMilliseconds(125));
        (await fifth).Dispose();
    }

    [Fact]
    public async Task Nothing_pours_out_after_a_stall()
    {
        using var pace = new CallPace(8, time);
        var stalled = await Task.WhenAll(Enumerable.Range(0, CallPace.MostCalls).Select(_ => pace.TakeAsync(Stopping)));
        var waiting = Enumerable.Range(0, 20).Select(_ => pace.TakeAsync(Stopping)).ToList();
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.All(waiting, turn => Assert.False(turn.IsCompleted));

        foreach (var turn in stalled)
            turn.Dispose();
        foreach (var turn in waiting.Take(4))
            await turn;

        Assert.Equal(8, pace.Granted);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_place_to_others()
    {
        using var pace = new CallPace(1, time);
        using var cut = new CancellationTokenSource();
        for (var i = 0; i < 4; i++)
            (await NextAsync(pace)).Dispose();
        var givingUp = Enumerable.Range(0, CallPace.MostCalls).Select(_ => pace.TakeAsync(cut.Token)).ToList();

        await cut.CancelAsync();

        foreach (var turn in givingUp)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        (await NextAsync(pace)).Dispose();
    }

    private async Task<IDisposable> NextAsync(CallPace pace)
    {
        var turn = pace.TakeAsync(Stopping);
        while (!turn.IsCompleted)
            time.Advance(time.NextDue ?? TimeSpan.Zero);
        return await turn;
    }
}
