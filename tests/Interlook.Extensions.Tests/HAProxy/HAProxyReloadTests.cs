using Interlook.Extensions.HAProxy;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>How reloads end, and when they are made, on a master that does what a test wants and a clock that it moves.</summary>
public sealed class HAProxyReloadTests : IAsyncDisposable
{
    private readonly FakeMaster fake = new();
    private readonly ManualTimeProvider time = new();
    private readonly ConfigCandidate candidate = new(new ConfigDocument(), "interlook_file_test_1", "");
    private readonly HAProxyOptions options = new() { ConfigFile = "/etc/interlook.cfg", ReloadTimeout = TimeSpan.FromSeconds(5) };
    private int reloads;

    public ValueTask DisposeAsync() => fake.DisposeAsync();

    [Fact]
    public async Task A_reload_that_never_ends_is_a_timeout()
    {
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => MovingTimeAsync(Running().ReloadAsync(candidate, Stopping)));

        Assert.Equal(Reason.Timeout, failure.Reason);
    }

    [Fact]
    public async Task A_failed_reload_is_a_conflict_and_a_good_one_is_none()
    {
        var running = Running();

        fake.Answer = line => Reloading(line, failed: 1);
        var bad = await MovingTimeAsync(running.ReloadAsync(candidate, Stopping));
        fake.Answer = line => Reloading(line, failed: 0);
        var good = await MovingTimeAsync(running.ReloadAsync(candidate, Stopping));

        Assert.Equal(Reason.Conflict, bad?.Reason);
        Assert.Null(good);
    }

    [Fact]
    public async Task A_master_that_is_away_during_its_reload_is_waited_for()
    {
        var away = 3;
        fake.Answer = line => line.StartsWith("reload", StringComparison.Ordinal) || reloads == 0 || away-- < 0 ? Reloading(line, failed: 0) : "";

        var failure = await MovingTimeAsync(Running().ReloadAsync(candidate, Stopping));

        Assert.Null(failure);
    }

    [Fact]
    public async Task A_reload_that_does_not_bring_our_file_is_a_wrong_set_up()
    {
        fake.Answer = line => Reloading(line, failed: 0, proxy: "il_something_else");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => MovingTimeAsync(Running().ReloadAsync(candidate, Stopping)));

        Assert.Equal(Reason.Invalid, failure.Reason);
    }

    [Fact]
    public async Task The_first_reload_is_immediate_and_the_next_waits_for_the_interval()
    {
        options.ReloadInterval = TimeSpan.FromMinutes(1);
        options.CommandTimeout = TimeSpan.FromMinutes(10);
        fake.Answer = line => Reloading(line, failed: 0);
        var running = Running();

        await MovingTimeAsync(running.ReloadAsync(candidate, Stopping));
        var first = time.GetTimestamp();
        await MovingTimeAsync(running.ReloadAsync(candidate, Stopping));
        var second = time.GetTimestamp();

        Assert.InRange(TimeSpan.FromTicks(first), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(TimeSpan.FromTicks(second - first), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(61));
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private RunningHAProxy Running() => new(
        new MasterSocket(fake.Path, options.CommandTimeout, time), options, new HAProxyTranslation(options, "test"), time, NullLogger.Instance);

    private string Reloading(string line, int failed, string proxy = "interlook_file_test_1")
    {
        if (line.StartsWith("reload", StringComparison.Ordinal))
        {
            reloads++;
            return "";
        }
        return $"1\n# be_id be_name\n3 {proxy} 1 revision 127.0.0.1 0 5 1 1 7 1 0 0 0 0 0 0 - 1 - 0 0 - - 0\n\n"
            + FakeMaster.Processes
                .Replace("0 [failed: 0]", $"{reloads} [failed: {failed}]", StringComparison.Ordinal)
                .Replace("101 ", $"{101 + (failed > 0 ? 0 : reloads)} ", StringComparison.Ordinal);
    }

    /// <summary>Moves the clock whenever nothing but the clock is waited for; an open answer keeps its deadline far away.</summary>
    private async Task<T> MovingTimeAsync<T>(Task<T> task)
    {
        await Eventually.TrueAsync("the reload has ended", () =>
        {
            // The pauses are short and the deadlines of answers long: only a pause is ever skipped.
            if (time.NextDue is { } due && due <= Longest)
                time.Advance(due);
            return task.IsCompleted;
        });
        return await task;
    }

    private TimeSpan Longest => options.CommandTimeout - TimeSpan.FromSeconds(5);
}
