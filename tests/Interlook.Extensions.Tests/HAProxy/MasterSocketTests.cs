using Interlook.Extensions.HAProxy;
using Interlook.Fixtures;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

public sealed class MasterSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_ends_with_the_table_of_processes()
    {
        await using var fake = new FakeMaster();

        var answer = await new MasterSocket(fake.Path, Patience, TimeProvider.System).AskAsync([], Stopping);

        Assert.Equal(new ProcessTable(100, 0, 0, 101, "2.6.12"), answer.Processes);
    }

    [Theory]
    [InlineData("", Reason.Unavailable)]
    [InlineData("#<PID>          <type>          <reloads>       <uptime>    ", Reason.Malformed)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", Reason.Malformed)]
    [InlineData("Permission denied\n\n", Reason.Malformed)]
    [InlineData("#<PID>\n# workers\n# programs\n", Reason.Malformed)]
    public async Task An_answer_that_is_cut_or_strange_is_not_believed(string text, Reason reason)
    {
        await using var fake = new FakeMaster { Answer = _ => text };

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            new MasterSocket(fake.Path, Patience, TimeProvider.System).AskAsync(["@1 show servers state"], Stopping));

        Assert.Equal(reason, failure.Reason);
        Assert.Contains(fake.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_cut_at_any_place_is_not_believed()
    {
        var whole = FakeMaster.Processes[..FakeMaster.Processes.IndexOf("# programs", StringComparison.Ordinal)];
        await using var fake = new FakeMaster();
        var master = new MasterSocket(fake.Path, Patience, TimeProvider.System);

        for (var length = 0; length <= whole.Length; length++)
        {
            var cut = whole[..length];
            fake.Answer = _ => cut;
            await Assert.ThrowsAsync<ExtensionException>(() => master.AskAsync([], Stopping));
        }
    }

    [Fact]
    public async Task A_master_that_hangs_is_a_timeout()
    {
        var time = new ManualTimeProvider();
        await using var fake = new FakeMaster { Answer = _ => null };

        var asking = new MasterSocket(fake.Path, Patience, time).AskAsync([], Stopping);
        await Eventually.TrueAsync("the deadline runs", () => time.NextDue is not null);
        time.Advance(Patience);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => asking);

        Assert.Equal(Reason.Timeout, failure.Reason);
    }

    [Fact]
    public async Task Our_own_stop_is_no_timeout()
    {
        await using var fake = new FakeMaster { Answer = _ => null };
        using var stop = new CancellationTokenSource();

        var asking = new MasterSocket(fake.Path, Patience, TimeProvider.System).AskAsync([], stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task An_absent_master_is_unreachable()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("none.sock");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            new MasterSocket(path, Patience, TimeProvider.System).AskAsync([], Stopping));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Equal(
            $"HAProxy's master cannot be reached: there is no socket {path}: start HAProxy with -S (haproxy -W -S {path} -f …), or correct masterSocket",
            failure.Message);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_invalid()
    {
        var path = "/" + new string('x', 300);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            new MasterSocket(path, Patience, TimeProvider.System).AskAsync([], Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
    }

    [Fact]
    public async Task Many_commands_are_sent_in_lines_that_fit_HAProxys_buffer()
    {
        var lines = new List<string>();
        await using var fake = new FakeMaster();
        fake.Answer = line =>
        {
            lines.Add(line);
            return FakeMaster.Processes;
        };

        await new MasterSocket(fake.Path, Patience, TimeProvider.System).AskAsync(
            Enumerable.Range(0, 1000).Select(i => $"@1 show servers state il_service_{i}"), Stopping);

        Assert.All(lines, line => Assert.InRange(line.Length, 1, 16000));
        Assert.Equal(1000, lines.Sum(line => line.Split("show servers state").Length - 1));
    }
}
