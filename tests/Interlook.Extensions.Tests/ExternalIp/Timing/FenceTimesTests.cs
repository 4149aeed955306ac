using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Timing;

public class FenceTimesTests
{
    private static readonly TimeSpan LatestKernelCheck = TimeSpan.FromMilliseconds(1250);

    public static TheoryData<double, double> Flags => new()
    {
        { 0.5, 1 }, { 0.5, 4 }, { 1, 2 }, { 2, 4 }, { 2, 3 }, { 0.2, 0.3 }, { 5, 20 }, { 10, 300 },
    };

    [Theory]
    [InlineData(0.5, 1, 2.2)]
    [InlineData(2, 4, 6)]
    public void The_worst_gap_is_what_was_promised(double heartbeat, double monitor, double promised)
    {
        var times = Times(heartbeat, monitor);

        Assert.True(times.WorstGap <= TimeSpan.FromSeconds(promised), $"{times.WorstGap}");
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void A_node_is_fenced_before_its_expiry_on_clocks_that_drift(double heartbeat, double monitor)
    {
        var times = Times(heartbeat, monitor);

        Assert.True(times.Fence * 1.001 + TimeSpan.FromMilliseconds(90) < times.Expiry * 0.999);
        Assert.True(times.Fence > times.Heartbeat * 1.5, "one lost heartbeat must not fence");
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void The_kernel_ends_every_address_before_the_expiry_where_it_can(double heartbeat, double monitor)
    {
        var times = Times(heartbeat, monitor);

        var latest = times.KernelEnd + LatestKernelCheck;

        Assert.Equal(times.KernelEndsInTime, latest <= times.Expiry);
        Assert.Equal(times.KernelLifetime.TotalSeconds, Math.Floor(times.KernelLifetime.TotalSeconds));
    }

    [Theory]
    [InlineData(2, 4, 4, true)]
    [InlineData(0.5, 4, 2, true)]
    [InlineData(0.5, 1, 1, false)]
    public void Short_flags_leave_the_last_moments_to_the_probe(double heartbeat, double monitor, int lifetime, bool kernel)
    {
        var times = Times(heartbeat, monitor);

        Assert.Equal((TimeSpan.FromSeconds(lifetime), kernel), (times.KernelLifetime, times.KernelEndsInTime));
    }

    [Theory]
    [InlineData(0.1, 1, "--hb 100ms is too short: write --hb 200ms or more")]
    [InlineData(0, 1, "--hb 0 is too short: write --hb 200ms or more")]
    [InlineData(2, 2, "--monitor 2s does not outlast one lost heartbeat of --hb 2s: write --monitor 3s or more, or a shorter --hb")]
    [InlineData(2, 600, "--monitor 10m would leave a dead node's addresses unserved for so long: write --monitor 5m or less")]
    public void Flags_that_cannot_be_met_are_refused_with_the_flag_to_change(double heartbeat, double monitor, string expected)
    {
        var refused = Assert.Throws<ExtensionException>(() => Times(heartbeat, monitor));

        Assert.Equal((Reason.Invalid, expected), (refused.Reason, refused.Message));
    }

    [Fact]
    public void The_table_of_the_decision_is_what_is_computed()
    {
        var page = File.ReadAllText(Repository.File("docs/decisions/0046-claims-protocol.md"));

        foreach (var (heartbeat, monitor) in new[] { (0.5, 1.0), (0.5, 4), (1, 2), (2, 4), (5, 15) })
            Assert.Contains(Times(heartbeat, monitor).Row(), page, StringComparison.Ordinal);
    }

    private static FenceTimes Times(double heartbeat, double monitor) => FenceTimes.Of(TimeSpan.FromSeconds(heartbeat), TimeSpan.FromSeconds(monitor));
}
