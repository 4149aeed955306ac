using Interlook.Engine.Scheduling;
using Xunit;

namespace Interlook.Engine.Tests.Scheduling;

public class BackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(1_000_000, 300)]
    public void Delays_double_from_one_second_to_five_minutes_with_a_fifth_of_jitter(int failures, double seconds)
    {
        var random = new Random(1);

        var delays = Enumerable.Range(0, 1000).Select(_ => Backoff.OfStep.Delay(failures, random).TotalSeconds).ToList();

        Assert.InRange(delays.Min(), seconds * 0.8, seconds * 0.85);
        Assert.InRange(delays.Max(), seconds * 1.15, seconds * 1.2);
    }
}
