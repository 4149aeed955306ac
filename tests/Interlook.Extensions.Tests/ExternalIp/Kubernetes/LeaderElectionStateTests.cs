using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Objects;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

public sealed class LeaderElectionStateTests
{
    private static readonly DateTimeOffset Wall = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_lease_that_is_not_there_is_made_and_leads_from_before_it_was_sent()
    {
        var state = new LeaderElectionState(Options("a"));
        state.See(null, Seconds(1));

        var lease = state.Next(Seconds(1), Wall)!;
        state.Wrote(Stored(lease, 1), Seconds(1));

        Assert.Equal(("a", 15, 0), (lease.Spec!.HolderIdentity, lease.Spec.LeaseDurationSeconds, lease.Spec.LeaseTransitions));
        Assert.True(state.IsLeader(Seconds(10.9)));
        Assert.False(state.IsLeader(Seconds(11)));
    }

    [Theory]
    [InlineData(-100_000)]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Another_that_gives_no_sign_is_waited_for_by_our_own_clock_whatever_its_clock_says(double skew)
    {
        var state = new LeaderElectionState(Options("b"));
        var other = Stored(new() { Spec = new() { HolderIdentity = "a", LeaseDurationSeconds = 15, RenewTime = new(Wall.AddSeconds(skew)), LeaseTransitions = 4 } }, 7);
        state.See(other, Seconds(5));
        state.See(other, Seconds(19));

        Assert.Null(state.Next(Seconds(19.9), Wall));
        Assert.Equal(("b", 5), (state.Next(Seconds(20), Wall)!.Spec!.HolderIdentity, state.Next(Seconds(20), Wall)!.Spec!.LeaseTransitions));
    }

    [Fact]
    public void Each_change_of_the_lease_is_a_sign_of_its_holder()
    {
        var state = new LeaderElectionState(Options("b"));
        var lease = new LeaderLease { Spec = new() { HolderIdentity = "a", LeaseDurationSeconds = 15, RenewTime = new(Wall) } };
        state.See(Stored(lease, 7), Seconds(0));
        state.See(Stored(lease, 8), Seconds(14));

        Assert.Null(state.Next(Seconds(28), Wall));
        Assert.NotNull(state.Next(Seconds(29), Wall));
    }

    [Fact]
    public void A_lease_that_was_given_back_is_taken_at_once()
    {
        var first = new LeaderElectionState(Options("a"));
        first.Wrote(Stored(first.Next(Seconds(0), Wall)!, 1), Seconds(0));
        var released = Stored(first.Release(Wall)!, 2);
        var second = new LeaderElectionState(Options("b"));
        second.See(released, Seconds(1));

        Assert.False(first.IsLeader(Seconds(0)));
        Assert.Equal("b", second.Next(Seconds(1), Wall)!.Spec!.HolderIdentity);
    }

    [Fact]
    public void Who_sees_another_as_the_holder_leads_no_more()
    {
        var state = new LeaderElectionState(Options("a"));
        state.Wrote(Stored(state.Next(Seconds(0), Wall)!, 1), Seconds(0));

        state.See(Stored(new() { Spec = new() { HolderIdentity = "b", LeaseDurationSeconds = 15 } }, 2), Seconds(1));

        Assert.False(state.IsLeader(Seconds(1)));
        Assert.Null(state.Release(Wall));
    }

    [Theory]
    [InlineData(15, 15, 2)]
    [InlineData(15, 3, 2)]
    [InlineData(15, 10, 0)]
    public void Times_that_make_two_leaders_or_none_are_refused(double duration, double deadline, double retry) =>
        Assert.NotNull((Options("a") with { Duration = Seconds(duration), RenewDeadline = Seconds(deadline), RetryPeriod = Seconds(retry) }).Problem);

    /// <summary>Candidates with clocks of their own that are stopped and cut off at random; the lease is compared and set as the server does.</summary>
    [Fact]
    public void There_are_never_two_leaders()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var states = Enumerable.Range(0, 3).Select(number => new LeaderElectionState(Options($"c{number}"))).ToArray();
            var offsets = states.Select(_ => Seconds(random.Next(1000))).ToArray();
            var away = new TimeSpan[states.Length];
            LeaderLease? stored = null;
            var version = 0;
            var ledSometimes = false;
            for (var now = TimeSpan.Zero; now < TimeSpan.FromMinutes(5); now += Seconds(0.5))
            {
                var at = random.Next(states.Length);
                if (random.Next(40) == 0)
                    away[at] = now + Seconds(random.Next(40));
                if (away[at] <= now)
                {
                    var mine = now + offsets[at];
                    states[at].See(stored, mine);
                    if (states[at].Next(mine, Wall.AddSeconds(random.Next(-1000, 1000))) is { } lease && lease.Metadata.ResourceVersion == (stored?.Metadata.ResourceVersion ?? ""))
                    {
                        stored = Stored(lease, ++version);
                        if (random.Next(10) > 0) // else the answer is lost
                            states[at].Wrote(stored, mine);
                    }
                }
                var leaders = states.Where((state, index) => state.IsLeader(now + offsets[index])).Count();
                ledSometimes |= leaders == 1;
                Assert.True(leaders <= 1, $"seed {seed} at {now}");
            }
            Assert.True(ledSometimes);
        }
    }

    private static LeaderElectionOptions Options(string identity) => new() { Identity = identity };

    private static LeaderLease Stored(LeaderLease lease, int version) => lease with { Metadata = lease.Metadata with { ResourceVersion = $"{version}", Uid = "u" } };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
