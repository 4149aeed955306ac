using System.Text;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Calls;

/// <summary>What a watch makes of the lines that come.</summary>
public sealed class WatchTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_is_told_in_its_order_and_a_bookmark_too()
    {
        var (events, failure) = await ReadAsync(
            Line("ADDED", ScriptedApi.Service("a")) + Line("MODIFIED", ScriptedApi.Service("b")) + Line("DELETED", ScriptedApi.Service("c"))
            + Line("BOOKMARK", """{"metadata":{"resourceVersion":"12"}}"""));

        Assert.Null(failure);
        Assert.Equal(
            ["present a", "present b", "gone c", "bookmark 12"],
            events.Select(told => told switch
            {
                WatchEvent<Service>.Present present => $"present {present.Object.Name.Name}",
                WatchEvent<Service>.Gone gone => $"gone {gone.Name.Name}",
                WatchEvent<Service>.Bookmark bookmark => $"bookmark {bookmark.Version}",
                _ => "something else",
            }));
    }

    [Fact]
    public async Task An_object_of_two_mebibytes_is_read()
    {
        var annotation = new string('x', 2 << 20);
        var large = $$$$"""{"metadata":{"name":"large","namespace":"default","annotations":{"example.org/x":"{{{{annotation}}}}"}}}""";

        var (events, failure) = await ReadAsync(Line("ADDED", large) + Line("ADDED", ScriptedApi.Service("small")));

        Assert.Null(failure);
        Assert.Equal(["large", "small"], events.OfType<WatchEvent<Service>.Present>().Select(present => present.Object.Name.Name));
    }

    [Fact]
    public async Task A_line_without_its_end_is_a_cut_and_what_came_before_counts()
    {
        var whole = Line("ADDED", ScriptedApi.Service("a"));

        var (events, failure) = await ReadAsync(whole + whole[..^20]);

        Assert.Single(events);
        Assert.Equal(Reason.Unreachable, failure!.Reason);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_cut_and_what_came_before_counts()
    {
        var (events, failure) = await ReadAsync(Line("ADDED", ScriptedApi.Service("a")), call => call.Abort());

        Assert.Single(events);
        Assert.Equal(Reason.Unreachable, failure!.Reason);
    }

    [Fact]
    public async Task A_version_that_is_forgotten_is_told_as_such()
    {
        var (events, failure) = await ReadAsync(Line("ERROR", """{"kind":"Status","message":"too old resource version","reason":"Expired","code":410}"""));

        Assert.IsType<WatchEvent<Service>.Expired>(Assert.Single(events));
        Assert.Null(failure);
    }

    [Fact]
    public async Task Another_error_fails_with_the_servers_words()
    {
        var (_, failure) = await ReadAsync(Line("ERROR", """{"kind":"Status","message":"etcd is away","reason":"InternalError","code":500}"""));

        Assert.Equal(Reason.Unavailable, failure!.Reason);
        Assert.Contains("etcd is away", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_an_unknown_type_is_passed_over()
    {
        var (events, failure) = await ReadAsync(Line("REMINDED", ScriptedApi.Service("a")) + Line("ADDED", ScriptedApi.Service("b")));

        Assert.Equal("b", Assert.IsType<WatchEvent<Service>.Present>(Assert.Single(events)).Object.Name.Name);
        Assert.Null(failure);
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_is_told_by_its_name_and_the_watch_goes_on()
    {
        const string Broken = """{"metadata":{"name":"bad","namespace":"default","resourceVersion":"4"},"spec":7}""";

        var (events, failure) = await ReadAsync(Line("MODIFIED", Broken) + Line("ADDED", ScriptedApi.Service("b")));

        Assert.Equal(new("default", "bad"), Assert.IsType<WatchEvent<Service>.Unreadable>(events[0]).Object.Name);
        Assert.IsType<WatchEvent<Service>.Present>(events[1]);
        Assert.Null(failure);
    }

    [Theory]
    [InlineData("<html>\n")]
    [InlineData("[]\n")]
    [InlineData("{\"type\":\"ADDED\"}\n")]
    public async Task What_is_no_event_is_malformed(string text)
    {
        var (events, failure) = await ReadAsync(text);

        Assert.Empty(events);
        Assert.Equal(Reason.Malformed, failure!.Reason);
    }

    [Fact]
    public async Task A_version_that_is_forgotten_before_the_watch_began_opens_none()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => ScriptedApi.FailAsync(call, 410, "Expired", "too old");
        using var api = scripted.Open();

        var watch = await ScriptedAnswerTests.Services(api).OpenAsync("default", "5", TimeSpan.FromMinutes(5), Stopping);

        Assert.Null(watch);
        Assert.EndsWith(
            "GET /api/v1/namespaces/default/services?watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=300",
            Assert.Single(scripted.Calls), StringComparison.Ordinal);
    }

    private static string Line(string type, string value) => $$"""{"type":"{{type}}","object":{{value}}}""" + "\n";

    private static async Task<(List<WatchEvent<Service>> Events, ExtensionException? Failure)> ReadAsync(string text, Action<HttpContext>? end = null)
    {
        await using var scripted = await ScriptedApi.StartAsync();
        var read = new TaskCompletionSource();
        scripted.Answer = async call =>
        {
            call.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            await call.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
            await call.Response.Body.FlushAsync();
            if (end is null)
                return;
            await read.Task;
            end(call);
        };
        using var api = scripted.Open();
        using var watch = await ScriptedAnswerTests.Services(api).OpenAsync("", "1", TimeSpan.FromMinutes(5), Stopping);
        var events = new List<WatchEvent<Service>>();
        try
        {
            while (await watch!.ReadAsync(events, Stopping))
                read.TrySetResult();
        }
        catch (ExtensionException failure)
        {
            return (events, failure);
        }
        return (events, null);
    }
}
