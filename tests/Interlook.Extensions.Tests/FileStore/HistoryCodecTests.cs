using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interlook.Entries;
using Interlook.Extensions.FileStore;
using Xunit;

namespace Interlook.Extensions.Tests.FileStore;

public sealed class HistoryCodecTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    private static readonly EntryHistory Full = new(
    [
        new Transition(Noon, "provider.docker", TransitionKind.Detected),
        new Transition(Noon, "provider.docker", TransitionKind.Updated),
        new Transition(Noon.AddSeconds(1), "dns.consul", TransitionKind.Failed)
        {
            Duration = TimeSpan.FromMilliseconds(12),
            Count = 3,
            LastTime = Noon.AddSeconds(9),
            Reason = Reason.Unreachable,
            Message = "no \"Consul\" at http://127.0.0.1:8500: 日本 🐋\nsecond line",
        },
        new Transition(Noon.AddSeconds(10), "dns.consul", TransitionKind.Deployed) { Duration = TimeSpan.Zero },
        new Transition(Noon.AddSeconds(10), "core", TransitionKind.Deployed),
        new Transition(Noon.AddHours(1), "dns.consul", TransitionKind.Drifted) { Message = "the name is missing" },
        new Transition(Noon.AddHours(1), "core", TransitionKind.Failed) { Reason = Reason.Internal },
        new Transition(Noon.AddHours(2), "provider.docker", TransitionKind.Withdrawn),
        new Transition(Noon.AddHours(2), "dns.consul", TransitionKind.Undeployed) { Duration = TimeSpan.FromDays(20) },
    ]);

    [Fact]
    public void A_history_is_read_as_it_was_written() => Assert.Equal(Full, Read(Write(Full)));

    [Fact]
    public void An_empty_history_is_read_as_it_was_written() => Assert.Equal(EntryHistory.Empty, Read(Write(EntryHistory.Empty)));

    [Fact]
    public void A_transition_is_a_line_that_a_person_can_read()
    {
        using var document = JsonDocument.Parse(Write(Full));

        Assert.Equal(
            [
                "2026-03-01T12:00:00.123Z provider.docker detected",
                "2026-03-01T12:00:01.123Z dns.consul failed 12ms 3x 2026-03-01T12:00:09.123Z Unreachable: no \"Consul\" at http://127.0.0.1:8500: 日本 🐋\nsecond line",
                "2026-03-01T12:00:10.123Z dns.consul deployed 0ms",
            ],
            new[] { 0, 2, 3 }.Select(at => document.RootElement[at].GetString()));
    }

    [Fact]
    public void A_name_and_a_message_of_any_length_fit()
    {
        var longest = new EntryHistory(
        [
            new Transition(DateTimeOffset.MaxValue.AddYears(-1), new string('n', 1_000), TransitionKind.Undeployed)
            {
                Duration = TimeSpan.MaxValue,
                Count = int.MaxValue,
                LastTime = DateTimeOffset.MaxValue,
                Reason = Reason.Unauthorized,
                Message = new string('m', 10_000),
            },
        ]);

        var read = Read(Write(longest));

        Assert.Equal(longest.Transitions[0].Message, read.Transitions[0].Message);
        Assert.Equal(Transition.LongestMessage, read.Transitions[0].Message!.Length);
        Assert.Equal(200, read.Transitions[0].By.Length);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"now dns.consul deployed\"]")]
    [InlineData("[\"2026-03-01T12:00:00Z dns.consul exploded\"]")]
    [InlineData("[\"2026-03-01T12:00:00Z dns.consul failed Nowhere\"]")]
    [InlineData("[\"2026-03-01T12:00:00Z dns.consul failed 3x\"]")]
    public void What_is_no_history_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => Read(Encoding.UTF8.GetBytes(json)));
    }

    private static byte[] Write(EntryHistory history)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            new HistoryCodec().Write(json, history);
        return buffer.ToArray();
    }

    private static EntryHistory Read(byte[] bytes)
    {
        var json = new Utf8JsonReader(bytes);
        json.Read();
        return new HistoryCodec().Read("default/shop", ref json);
    }
}
