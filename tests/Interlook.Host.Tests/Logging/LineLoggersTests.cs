using System.Text;
using Interlook.Extensions;
using Interlook.Fixtures;
using Interlook.Host.Logging;
using Interlook.Specification;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interlook.Host.Tests.Logging;

public sealed class LineLoggersTests
{
    private static readonly ManualTimeProvider Time = new();

    [Fact]
    public async Task An_event_is_one_line_with_time_level_and_source()
    {
        var text = await WriteAsync("Interlook.Extensions.Docker.DockerProvider", logger => logger.LogWarning("container {Name} is gone", "web"));

        Assert.Equal("2026-01-01T00:00:00.000Z WARN  DockerProvider: container web is gone\n", text);
    }

    [Fact]
    public async Task The_name_of_an_extension_stays_whole()
    {
        var text = await WriteAsync("lb.haproxy", logger => logger.LogInformation("ready"));

        Assert.Equal("2026-01-01T00:00:00.000Z INFO  lb.haproxy: ready\n", text);
    }

    [Fact]
    public async Task A_line_break_in_a_message_cannot_forge_an_event()
    {
        var text = await WriteAsync("x", logger => logger.LogError("service {Name}", "a\n2026-01-01T00:00:00.000Z INFO  y: all is well"));

        Assert.Single(text.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_failure_of_an_extension_is_its_message_and_another_one_is_told_in_full()
    {
        var text = await WriteAsync("x", logger =>
        {
            logger.LogError(new ExtensionException(Reason.Timeout, "no answer from http://lb within 5s"), "step failed");
            logger.LogError(new InvalidOperationException("odd"), "pass failed");
        });

        Assert.Equal(
            """
            2026-01-01T00:00:00.000Z ERROR x: step failed: no answer from http://lb within 5s
            2026-01-01T00:00:00.000Z ERROR x: pass failed: System.InvalidOperationException: odd

            """,
            text);
    }

    [Fact]
    public async Task A_file_that_was_moved_away_is_made_anew_when_asked()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("log");
        await using (var writer = LogWriter.For(path, TimeProvider.System))
        {
            writer.Write("before");
            await Eventually.TrueAsync("the line is written", () => File.ReadAllText(path) == "before\n");

            File.Move(path, path + ".1");
            writer.Reopen();
            writer.Write("after");
        }

        Assert.Equal("before\n", File.ReadAllText(path + ".1"));
        Assert.Equal("after\n", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_stream_that_stands_still_holds_nobody_back_and_the_loss_is_counted()
    {
        using var stuck = new StuckStream();
        var writer = new LogWriter(() => stuck, TimeProvider.System);

        for (var line = 0; line < 40_000; line++)
            writer.Write("line");
        stuck.Free.SetResult();
        await writer.DisposeAsync();

        Assert.Contains(" lines are missing here", Encoding.UTF8.GetString(stuck.ToArray()), StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(string category, Action<ILogger> log)
    {
        using var stream = new MemoryStream();
        var writer = new LogWriter(() => stream, Time);
        using (var loggers = new LineLoggers(writer, Time))
            log(loggers.CreateLogger(category));
        await writer.DisposeAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class StuckStream : MemoryStream
    {
        internal TaskCompletionSource Free { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Free.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
