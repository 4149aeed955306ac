using System.IO.Pipes;
using System.Text.Json;
using Interlook.Fixtures;
using Interlook.Host.Commands;
using Interlook.Host.Commands.Live;
using Interlook.Specification;
using Spectre.Console;
using Xunit;

namespace Interlook.Host.Tests.Commands.Live;

/// <summary><c>interlook services --watch</c> over a real connection.</summary>
public sealed class ServicesWatchTests
{
    private const string Shop = """{"state":"deployed","expected_state":"deployed","workflow":"default","service":{"name":"shop","public_ip":"10.0.0.1"}}""";
    private const string Mail = """{"state":"lb.haproxy","expected_state":"deployed","workflow":"default","error":"port 80 is taken","service":{"name":"mail"}}""";

    [Fact]
    public async Task Every_change_is_a_line()
    {
        await using var events = new ScriptedEvents(
            ScriptedEvents.Event("reset", "{}")
            + ScriptedEvents.Event("services", $$"""{"shop":{{Shop}},"mail":{{Mail}}}""")
            + ": alive\n\n"
            + ScriptedEvents.Event("ready", "{}")
            + ScriptedEvents.Event("services", $$"""{"shop":{{Shop}}}""")
            + ScriptedEvents.Event("services", """{"mail":null}""")
            + ScriptedEvents.Open);

        var (lines, talk) = await ListAsync(events, asJson: false, until: output => output.Contains("gone", StringComparison.Ordinal));

        Assert.Equal("shop\tdeployed\t10.0.0.1\t\t\t\t\nmail\tlb.haproxy (failed)\t\t\t\t\tport 80 is taken\nmail\tgone\n", lines);
        Assert.Empty(talk);
    }

    [Fact]
    public async Task As_json_every_change_is_an_object()
    {
        await using var events = new ScriptedEvents(
            ScriptedEvents.Event("reset", "{}")
            + ScriptedEvents.Event("services", $$"""{"shop":{{Shop}}}""")
            + ScriptedEvents.Event("ready", "{}")
            + ScriptedEvents.Event("services", """{"shop":null}""")
            + ScriptedEvents.Open);

        var (lines, _) = await ListAsync(events, asJson: true, until: output => output.Contains("null", StringComparison.Ordinal));

        Assert.Equal($$"""{"name":"shop","entry":{{Shop}}}""" + "\n" + """{"name":"shop","entry":null}""" + "\n", lines);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_opened_again_with_a_note_and_only_differences_are_shown()
    {
        var first = ScriptedEvents.Event("reset", "{}") + ScriptedEvents.Event("services", $$"""{"shop":{{Shop}},"mail":{{Mail}}}""") + ScriptedEvents.Event("ready", "{}");
        var second = ScriptedEvents.Event("reset", "{}") + ScriptedEvents.Event("services", $$"""{"shop":{{Shop}}}""") + ScriptedEvents.Event("ready", "{}");
        await using var events = new ScriptedEvents(first, second + ScriptedEvents.Open);

        var (lines, talk) = await ListAsync(events, asJson: false, until: output => output.Contains("gone", StringComparison.Ordinal));

        Assert.EndsWith("port 80 is taken\nmail\tgone\n", lines, StringComparison.Ordinal);
        Assert.Equal(3, lines.Count(letter => letter == '\n'));
        Assert.Equal("interlook: the stream of events ended; it is tried again every 2 seconds\n", talk);
    }

    [Fact]
    public async Task Only_the_service_that_was_asked_for_is_shown()
    {
        await using var events = new ScriptedEvents(
            ScriptedEvents.Event("services", $$"""{"shop":{{Shop}},"mail":{{Mail}}}""")
            + ScriptedEvents.Event("services", """{"other":null,"mail":null}""")
            + ScriptedEvents.Open);

        var (lines, _) = await ListAsync(
            events, asJson: true, until: output => output.Contains("null", StringComparison.Ordinal), shows: (_, entry) => entry.Field("service").Text("name") == "mail");

        Assert.Equal($$"""{"name":"mail","entry":{{Mail}}}""" + "\n" + """{"name":"mail","entry":null}""" + "\n", lines);
    }

    [Fact]
    public async Task Nobody_who_answers_at_the_beginning_is_a_failure()
    {
        await using var events = new ScriptedEvents();
        using var interlook = new RunningInterlook(events.Url, token: null);

        var watch = new ServicesWatch(interlook, (_, _) => true, new ManualTimeProvider());
        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => watch.ListAsync(TextWriter.Null, TextWriter.Null, asJson: false, TestContext.Current.CancellationToken));

        Assert.StartsWith("no Interlook answers at http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_its_lines_any_more()
    {
        await using var events = new ScriptedEvents(ScriptedEvents.Event("services", $$"""{"shop":{{Shop}}}""") + ScriptedEvents.Open);
        using var interlook = new RunningInterlook(events.Url, token: null);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        var output = new StreamWriter(pipe);

        var listing = new ServicesWatch(interlook, (_, _) => true, new ManualTimeProvider())
            .ListAsync(output, TextWriter.Null, asJson: false, TestContext.Current.CancellationToken);

        await listing.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task On_a_terminal_the_picture_is_drawn_and_stays_when_the_watch_ends()
    {
        await using var events = new ScriptedEvents(
            ScriptedEvents.Event("reset", "{}") + ScriptedEvents.Event("services", $$"""{"shop":{{Shop}}}""") + ScriptedEvents.Event("ready", "{}") + ScriptedEvents.Open);
        using var interlook = new RunningInterlook(events.Url, token: null);
        using var ending = new CancellationTokenSource();
        await using var screen = new SharedText();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(screen) });
        console.Profile.Width = 120;

        var drawing = new ServicesWatch(interlook, (_, _) => true, TimeProvider.System).DrawAsync(console, ending.Token);
        await Eventually.TrueAsync("the service is drawn", () => screen.ToString().Contains("10.0.0.1", StringComparison.Ordinal) || drawing.IsFaulted);
        await ending.CancelAsync();
        await drawing;

        Assert.Contains("shop", screen.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(string Lines, string Talk)> ListAsync(
        ScriptedEvents events, bool asJson, Func<string, bool> until, Func<string, JsonElement, bool>? shows = null)
    {
        var time = new ManualTimeProvider();
        using var interlook = new RunningInterlook(events.Url, token: null);
        using var ending = new CancellationTokenSource();
        await using var output = new SharedText();
        await using var talk = new SharedText();
        var listing = new ServicesWatch(interlook, shows ?? ((_, _) => true), time).ListAsync(output, talk, asJson, ending.Token);
        var heard = 0;
        await Eventually.TrueAsync(
            "the lines come",
            () =>
            {
                if (talk.ToString().Length > heard && time.NextDue is not null)
                {
                    heard = talk.ToString().Length;
                    time.Advance(TimeSpan.FromSeconds(2)); // the pause before the stream is opened again
                }
                return until(output.ToString()) || listing.IsFaulted;
            });
        await ending.CancelAsync();
        await listing;
        return (output.ToString(), talk.ToString());
    }
}
