using System.Text.Json;
using System.Threading.Channels;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands.Live;

/// <summary>
/// <c>interlook services --watch</c>: reads GET /events and shows what changes, until it is stopped; a stream that breaks is opened again.
/// On a terminal a picture that is drawn anew when something changed; elsewhere a line for every change.
/// </summary>
internal sealed class ServicesWatch(RunningInterlook interlook, Func<string, JsonElement, bool> shows, TimeProvider time)
{
    /// <summary>Three times what the server's own sign of life takes.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan PauseBeforeRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseBetweenPictures = TimeSpan.FromMilliseconds(250);

    private readonly ServicesPicture picture = new(shows);

    /// <summary>Draws on a terminal.</summary>
    /// <exception cref="CommandFailedException">There was no stream to begin with.</exception>
    internal async Task DrawAsync(IAnsiConsole console, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var reading = FollowAsync(Take, Break, ending.Token);
        var drawing = console.Live(Text.Empty)
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(display => PaintAsync(display, changed.Reader, ending.Token));
        await Task.WhenAny(reading, drawing);
        await ending.CancelAsync();
        await drawing;
        await reading;

        IRenderable Picture() => picture.Draw(Screen.Height(console.Profile.Height) - 1);

        void Take(LiveEvent said)
        {
            picture.Take(said);
            changed.Writer.TryWrite(true);
        }

        void Break(string problem)
        {
            picture.Note(problem);
            changed.Writer.TryWrite(true);
        }

        async Task PaintAsync(LiveDisplayContext display, ChannelReader<bool> changes, CancellationToken token)
        {
            try
            {
                while (await changes.WaitToReadAsync(token))
                {
                    changes.TryRead(out _);
                    display.UpdateTarget(Picture());
                    await Task.Delay(PauseBetweenPictures, time, token);
                }
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                // The user has seen enough; the last picture stays.
            }
        }
    }

    /// <summary>
    /// Writes a line for every change: fields between tabs, or with <paramref name="asJson"/> an object with name and entry. Ends when nobody reads
    /// them any more.
    /// </summary>
    /// <exception cref="CommandFailedException">There was no stream to begin with.</exception>
    internal async Task ListAsync(TextWriter output, TextWriter talk, bool asJson, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await FollowAsync(Take, problem => talk.WriteLine($"interlook: {problem}"), ending.Token);

        void Take(LiveEvent said)
        {
            try
            {
                Write(output, said, asJson);
            }
            catch (IOException)
            {
                ending.Cancel(); // who reads has seen enough: `| head`
            }
        }
    }

    private void Write(TextWriter output, LiveEvent said, bool asJson)
    {
        var changes = picture.Take(said);
        if (asJson)
            WriteJson(output, said, changes);
        else
            foreach (var (name, row) in changes)
                output.WriteLine(row?.Line(name) ?? $"{name}\tgone");
        output.Flush();
    }

    private void WriteJson(TextWriter output, LiveEvent said, IReadOnlyList<(string Name, ServiceRow? Row)> changes)
    {
        if (said.Name == "services")
        {
            // Every entry that was told, also one whose row has not changed: the row does not show everything.
            foreach (var (name, entry) in said.Content.Members.Where(member => member.Value.ValueKind == JsonValueKind.Object && shows(member.Name, member.Value)))
                output.WriteLine($$"""{"name":"{{JsonEncodedText.Encode(name)}}","entry":{{entry.GetRawText()}}}""");
        }
        foreach (var (name, _) in changes.Where(change => change.Row is null))
            output.WriteLine($$"""{"name":"{{JsonEncodedText.Encode(name)}}","entry":null}""");
    }

    /// <summary>Reads the stream, and opens it again whenever it breaks; only the first time must succeed.</summary>
    private async Task FollowAsync(Action<LiveEvent> take, Action<string> broke, CancellationToken stopping)
    {
        var hasBegun = false;
        var told = "";
        while (!stopping.IsCancellationRequested)
        {
            var problem = "the stream of events ended";
            try
            {
                await using var stream = await interlook.OpenAsync("/events", stopping);
                hasBegun = true;
                await foreach (var said in EventLines.ReadAsync(stream, Silence, time, stopping))
                {
                    take(said);
                    told = "";
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (CommandFailedException failure) when (hasBegun)
            {
                problem = failure.Message;
            }
            catch (IOException failure)
            {
                problem = $"the stream of events broke: {failure.Message}";
            }
            catch (JsonException failure)
            {
                throw new CommandFailedException("what came as an event is not Interlook's: it is not JSON", failure);
            }
            if (problem != told)
                broke($"{problem}; it is tried again every {PauseBeforeRetry.TotalSeconds:0} seconds");
            told = problem;
            if (!await PauseAsync(stopping))
                return;
        }
    }

    /// <returns>False when it was stopped.</returns>
    private async Task<bool> PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(PauseBeforeRetry, time, stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
