using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Interlook.Fixtures;
using Interlook.Services;
using Xunit;

namespace Interlook.Api.Tests;

/// <summary>GET /events.</summary>
public sealed class EventsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_begins_with_everything_there_is()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop"), Samples.Failed("mail")));

        using var events = await EventReader.OpenAsync(api.Client, Token);
        var first = await ReadAsync(events, 4);

        Assert.Equal("text/event-stream", events.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["reset", "overview", "services", "ready"], first.Select(each => each.Name));
        Assert.Equal("dns.consul", first[2].Data.GetProperty("mail").GetProperty("state").GetString());
        Assert.Equal("deployed", first[2].Data.GetProperty("shop").GetProperty("state").GetString());
        Assert.Equal(first.Select(each => each.Id).Order(), first.Select(each => each.Id));
    }

    [Fact]
    public async Task An_event_holds_five_hundred_entries_at_most()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Enumerable.Range(0, 1_201).Select(i => Samples.Deployed($"s{i}"))));

        using var events = await EventReader.OpenAsync(api.Client, Token);
        var first = await ReadAsync(events, 6);

        Assert.Equal([500, 500, 201], first.Where(each => each.Name == "services").Select(each => each.Data.EnumerateObject().Count()));
    }

    [Fact]
    public async Task A_change_is_told_and_an_entry_that_is_gone_is_null()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop"), Samples.Deployed("mail")));
        using var events = await EventReader.OpenAsync(api.Client, Token);
        await events.NextAsync("ready", Token);

        api.Engine.Change(Samples.Failed("shop"));
        var changed = await events.NextAsync("services", Token);
        api.Engine.Remove(Samples.Deployed("mail").Key);
        var gone = NextInTimeAsync(api, events, "services");

        Assert.Equal("Conflict", changed.Data.GetProperty("shop").GetProperty("reason").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await gone).Data.GetProperty("mail").ValueKind);
    }

    [Fact]
    public async Task Changes_during_the_pause_are_told_as_one()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());
        using var events = await EventReader.OpenAsync(api.Client, Token);
        await events.NextAsync("ready", Token);
        api.Engine.Change(Samples.Deployed("first"));
        await events.NextAsync("services", Token);

        for (var i = 0; i < 1_000; i++)
            api.Engine.Change(Samples.Deployed("shop"));
        api.Engine.Change(Samples.Failed("shop"));
        var told = await NextInTimeAsync(api, events, "services");

        Assert.Equal("dns.consul", Assert.Single(told.Data.EnumerateObject()).Value.GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_overview_is_told_again_when_it_changes()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine { IsReady = false }.With(Samples.Deployed("shop")));
        using var events = await EventReader.OpenAsync(api.Client, Token);
        var before = await events.NextAsync("overview", Token);
        await events.NextAsync("ready", Token);

        api.Engine.IsReady = true;
        api.Engine.ExtensionList = [Samples.Lost("dns.consul")];
        var after = await NextInTimeAsync(api, events, "overview");

        Assert.False(before.Data.GetProperty("ready").GetBoolean());
        Assert.True(after.Data.GetProperty("ready").GetBoolean());
        Assert.Equal("Unreachable", after.Data.GetProperty("extensions")[0].GetProperty("reason").GetString());
        Assert.Equal(1, after.Data.GetProperty("entries").GetProperty("deployed").GetInt32());
        Assert.Equal("1.2.3", after.Data.GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_lives()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());
        using var events = await EventReader.OpenAsync(api.Client, Token);
        await events.NextAsync("ready", Token);

        var next = events.NextAsync(Token);
        await AdvanceUntilAsync(api, next);

        Assert.Equal(": alive", (await next)!.Comment);
    }

    [Fact]
    public async Task A_name_that_another_entry_takes_moves_its_owner()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("blue/shop")));
        using var events = await EventReader.OpenAsync(api.Client, Token);
        await events.NextAsync("ready", Token);

        api.Engine.Change(Samples.Failed("shop") with { Key = new ServiceKey("blue", "shop") });
        var come = await events.NextAsync("services", Token);
        api.Engine.Remove(new ServiceKey("blue", "shop"));
        var gone = await NextInTimeAsync(api, events, "services");

        Assert.Equal("dns.consul", come.Data.GetProperty("blue/shop").GetProperty("state").GetString());
        Assert.Equal("deployed", come.Data.GetProperty("default/blue/shop").GetProperty("state").GetString());
        Assert.Equal("deployed", gone.Data.GetProperty("blue/shop").GetProperty("state").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, gone.Data.GetProperty("default/blue/shop").ValueKind);
    }

    [Fact]
    public async Task More_streams_than_are_served_are_sent_away()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());
        var open = new List<EventReader>();
        for (var i = 0; i < 64; i++)
            open.Add(await EventReader.OpenAsync(api.Client, Token));

        using var refused = await api.Client.GetAsync("/events", Token);
        open[0].Dispose();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        await Eventually.TrueAsync(
            "a stream that ended makes room",
            async () =>
            {
                using var again = await api.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token);
                return again.IsSuccessStatusCode;
            });
        foreach (var events in open)
            events.Dispose();
    }

    [Fact]
    public async Task A_client_that_no_longer_reads_is_cut_off()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Enumerable.Range(0, 20_000).Select(i => Samples.Deployed($"s{i}"))));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, api.Client.BaseAddress!.Port), Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"), Token);

        await Eventually.TrueAsync(
            "the connection is cut",
            () =>
            {
                api.Time.Advance(TimeSpan.FromSeconds(1));
                return IsReset(socket);
            });
    }

    [Fact]
    public async Task Streams_end_cleanly_when_the_api_stops()
    {
        var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop")));
        using var events = await EventReader.OpenAsync(api.Client, Token);
        await events.NextAsync("ready", Token);

        var stopped = api.StopAsync();

        Assert.Null(await events.NextAsync(Token));
        await stopped;
        await api.DisposeAsync();
    }

    [Fact]
    public async Task A_head_has_no_stream()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        using var answer = await api.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/events"), Token);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
    }

    private static async Task<ImmutableArray<EventReader.Event>> ReadAsync(EventReader events, int count)
    {
        var read = ImmutableArray.CreateBuilder<EventReader.Event>(count);
        while (read.Count < count)
            read.Add(await events.NextAsync(Token) ?? throw new EndOfStreamException());
        return read.MoveToImmutable();
    }

    private static async Task<EventReader.Event> NextInTimeAsync(RunningApi api, EventReader events, string name)
    {
        var next = events.NextAsync(name, Token);
        await AdvanceUntilAsync(api, next);
        return await next;
    }

    /// <summary>The stream's pauses pass while it is read.</summary>
    private static Task AdvanceUntilAsync(RunningApi api, Task read) => Eventually.TrueAsync(
        "the stream says something",
        () =>
        {
            api.Time.Advance(TimeSpan.FromMilliseconds(100));
            return read.IsCompleted;
        });

    private static bool IsReset(Socket socket)
    {
        // Sending to a connection that the other side has reset fails; one byte at a time costs nothing.
        try
        {
            socket.Send("\r"u8);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
