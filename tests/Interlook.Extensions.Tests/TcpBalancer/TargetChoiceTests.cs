using Interlook.Extensions.TcpBalancer;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

public sealed class TargetChoiceTests
{
    [Fact]
    public void Round_robin_spreads_heavy_targets_out()
    {
        var targets = Targets(5, 1, 1);

        var order = Pick(targets, 7, byConnections: false);

        Assert.Equal("aabacaa", order);
    }

    [Fact]
    public void Least_connections_fills_up_by_weight()
    {
        var targets = Targets(1, 3);

        Pick(targets, 8, byConnections: true, stays: true);

        Assert.Equal([2, 6], targets.Select(target => target.Open));
    }

    [Fact]
    public void Among_equals_round_robin_decides_by_weight()
    {
        var order = Pick(Targets(1, 3), 8, byConnections: true);

        Assert.Equal(2, order.Count(each => each == 'a'));
    }

    [Fact]
    public void Weight_zero_and_what_was_tried_are_left_out()
    {
        var targets = Targets(0, 1, 1);

        var chosen = TargetChoice.Pick(targets, [targets[1]], byConnections: true);
        var none = TargetChoice.Pick(targets, [targets[1], targets[2]], byConnections: false);

        Assert.Same(targets[2], chosen);
        Assert.Null(none);
    }

    [Fact]
    public async Task Connections_that_come_and_go_meanwhile_hide_no_target()
    {
        var targets = Targets(1);
        using var enough = new CancellationTokenSource();
        var traffic = Task.Run(
            () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    targets[0].Enter();
                    targets[0].Left();
                }
            },
            TestContext.Current.CancellationToken);

        var missed = Enumerable.Range(0, 5_000_000).Count(_ => TargetChoice.Pick(targets, null, byConnections: true) is null);
        await enough.CancelAsync();
        await traffic;

        Assert.Equal(0, missed);
    }

    [Fact]
    public void Without_targets_there_is_none() => Assert.Null(TargetChoice.Pick([], null, byConnections: true));

    private static BalancedTarget[] Targets(params int[] weights) =>
        [.. weights.Select((weight, i) => new BalancedTarget(new Target("192.0.2.1", 1 + i, weight), new TcpBalancerOptions(), _ => { }))];

    private static string Pick(BalancedTarget[] targets, int count, bool byConnections, bool stays = false)
    {
        var order = "";
        for (var i = 0; i < count; i++)
        {
            var chosen = TargetChoice.Pick(targets, null, byConnections)!;
            order += (char)('a' + chosen.Port - 1);
            if (stays)
                chosen.Enter();
        }
        return order;
    }
}
