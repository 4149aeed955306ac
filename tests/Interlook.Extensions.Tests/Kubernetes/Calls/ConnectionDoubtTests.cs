using Interlook.Extensions.Kubernetes.Calls;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Calls;

public class ConnectionDoubtTests
{
    private readonly ConnectionDoubt doubt = new(At(0.2));

    [Fact]
    public void A_connection_hangs_when_nothing_was_answered_since_a_request_was_sent()
    {
        doubt.Begin(At(0));
        doubt.Answer(At(1));

        Assert.False(doubt.IsHanging(At(2), At(2.1)));
        Assert.True(doubt.IsHanging(At(2), At(2.2)));
    }

    [Fact]
    public void One_slow_answer_says_nothing_against_a_connection_that_answers_others()
    {
        doubt.Begin(At(0));
        doubt.Answer(At(2.1));

        Assert.False(doubt.IsHanging(At(2), At(2.2)));
    }

    [Fact]
    public void A_new_connection_gets_longer_and_the_next_longer_still_until_one_answers()
    {
        doubt.Begin(At(0));
        Assert.False(doubt.IsHanging(At(0), At(0.9)));
        Assert.True(doubt.IsHanging(At(0), At(1)));

        doubt.Begin(At(1));
        Assert.False(doubt.IsHanging(At(1), At(2.9)));
        Assert.True(doubt.IsHanging(At(1), At(3)));

        doubt.Begin(At(3));
        doubt.Answer(At(3.5));
        doubt.Begin(At(4));
        Assert.True(doubt.IsHanging(At(4), At(5)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
}
