using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

/// <summary>A keeper whose interface refuses, hangs or takes long, and whose process sleeps.</summary>
public sealed class KeeperTroubleTests : IAsyncDisposable
{
    private static readonly LinkAddress A = LinkAddress.Parse("10.0.0.7/24");

    private readonly ManualTimeProvider clock = new();
    private readonly CancellationTokenSource life = new();
    private readonly PretendedLink link = new();
    private readonly AddressKeeper keeper;
    private readonly Task run;

    public KeeperTroubleTests()
    {
        keeper = new(link, TimeSpan.FromHours(1), clock, NullLogger<AddressKeeper>.Instance);
        run = keeper.RunAsync(life.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await run;
        life.Dispose();
    }

    [Fact]
    public async Task Nothing_is_touched_before_the_first_wish()
    {
        await life.CancelAsync();
        await run;

        Assert.Empty(link.Done);
    }

    [Fact]
    public async Task A_deadline_that_passes_during_a_renewal_is_kept_right_after_it()
    {
        await HoldAsync(TimeSpan.FromSeconds(30));
        link.Before = act =>
        {
            if (act == "renew")
                clock.Advance(TimeSpan.FromSeconds(60)); // as a process that is stopped between the clock and the kernel
        };

        await AdvanceUntilAsync(() => link.Addresses.Count == 0);

        Assert.Equal("remove", link.Done.SkipWhile(act => act != "renew").Skip(1).First());
    }

    [Fact]
    public async Task What_cannot_be_removed_at_the_deadline_is_tried_again()
    {
        await HoldAsync(TimeSpan.FromSeconds(3));
        var refusals = 0;
        link.Before = act =>
        {
            if (act == "remove" && ++refusals < 4)
                throw new ExtensionException(Reason.Timeout, "the kernel does not answer");
        };

        await AdvanceUntilAsync(() => link.Addresses.Count == 0);

        Assert.Equal(4, refusals);
    }

    [Fact]
    public async Task A_stop_during_a_probe_adds_nothing()
    {
        link.Answer = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, life.Token);
        keeper.Want(new() { Addresses = [A], Lifetime = TimeSpan.FromSeconds(6) });
        await Eventually.TrueAsync("it probes", () => link.Done.Contains("probe"));

        await life.CancelAsync();
        await run;

        Assert.DoesNotContain("add", link.Done);
        Assert.Empty(link.Addresses);
    }

    [Fact]
    public async Task An_interface_that_cannot_be_read_is_tried_again()
    {
        var failures = 0;
        link.Before = act =>
        {
            if (act == "read" && ++failures < 4)
                throw new ExtensionException(Reason.Unavailable, "no buffers");
        };

        keeper.Want(new() { Addresses = [A], Lifetime = TimeSpan.FromSeconds(6) });

        await AdvanceUntilAsync(() => link.Addresses.Contains(A));
    }

    [Fact]
    public async Task A_deadline_that_is_moved_on_in_time_interrupts_nothing()
    {
        await HoldAsync(TimeSpan.FromSeconds(3));

        for (var beat = 0; beat < 20; beat++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var wish = Want(TimeSpan.FromSeconds(3));
            await Eventually.TrueAsync("it is taken up", () => keeper.Latest.Wish == wish);
        }

        Assert.DoesNotContain("remove", link.Done);
        Assert.Contains(A, link.Addresses);
    }

    private long Want(TimeSpan within) =>
        keeper.Want(new() { Addresses = [A], Lifetime = TimeSpan.FromSeconds(6), Until = clock.GetTimestamp() + within.Ticks });

    private async Task HoldAsync(TimeSpan within)
    {
        Want(within);
        await Eventually.TrueAsync("it is there and announced", () => keeper.Latest.Ours.Contains(A) && link.Done.Contains("announce"));
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.TrueAsync("it comes to that", () =>
    {
        clock.Advance(TimeSpan.FromMilliseconds(500));
        return condition();
    });
}
