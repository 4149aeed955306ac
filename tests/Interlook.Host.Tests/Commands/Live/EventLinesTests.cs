using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Interlook.Fixtures;
using Interlook.Host.Commands.Live;
using Interlook.Specification;
using Xunit;

namespace Interlook.Host.Tests.Commands.Live;

public sealed class EventLinesTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    [Theory]
    [InlineData("event: a\ndata: {\"x\":1}\n\n", "a {\"x\":1}")]
    [InlineData("retry: 2000\n\nid: 7\nevent:a\ndata:{}\n\n", "a {}")]
    [InlineData(": alive\n\nevent: a\r\ndata: {}\r\n\r\n", "a {}")]
    [InlineData("data: {}\n\n", " {}")]
    [InlineData("event: a\ndata: [1,\ndata: 2]\n\n", "a [1,2]")]
    [InlineData("event: a\n\nevent: b\ndata: {}\n\n", "b {}")]
    [InlineData("event: a\ndata: {}", "")]
    public async Task Events_are_read_as_the_standard_says(string text, string expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var read = new List<string>();

        await foreach (var said in EventLines.ReadAsync(stream, Silence, new ManualTimeProvider(), TestContext.Current.CancellationToken))
            read.Add($"{said.Name} {said.Content.GetRawText()}");

        Assert.Equal(expected, string.Join('|', read));
    }

    [Fact]
    public async Task What_is_no_json_is_refused()
    {
        using var stream = new MemoryStream("data: <html>\n\n"u8.ToArray());

        await Assert.ThrowsAnyAsync<JsonException>(() => ReadAllAsync(stream, new ManualTimeProvider()));
    }

    [Fact]
    public async Task A_stream_that_says_nothing_for_too_long_is_broken()
    {
        var time = new ManualTimeProvider();
        var silent = new Pipe().Reader.AsStream();

        var reading = ReadAllAsync(silent, time);
        await Eventually.TrueAsync(
            "the reader loses patience",
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(15));
                return reading.IsCompleted;
            });

        await Assert.ThrowsAsync<IOException>(() => reading);
    }

    private static async Task ReadAllAsync(Stream stream, TimeProvider time)
    {
        await foreach (var _ in EventLines.ReadAsync(stream, Silence, time, TestContext.Current.CancellationToken))
        {
        }
    }
}
