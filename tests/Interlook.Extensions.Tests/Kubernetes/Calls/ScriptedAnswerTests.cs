using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Calls;

/// <summary>What the calls make of answers that a real API server gives rarely, or something else in its place.</summary>
public sealed class ScriptedAnswerTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static readonly ObjectName Web = new("default", "web");

    [Theory]
    [InlineData(400, Reason.Refused)]
    [InlineData(401, Reason.Unauthorized)]
    [InlineData(403, Reason.Unauthorized)]
    [InlineData(409, Reason.Conflict)]
    [InlineData(410, Reason.Unavailable)]
    [InlineData(422, Reason.Refused)]
    [InlineData(500, Reason.Unavailable)]
    [InlineData(503, Reason.Unavailable)]
    [InlineData(504, Reason.Unavailable)]
    public async Task A_failure_is_told_with_the_servers_word_and_sentence(int status, Reason expected)
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => ScriptedApi.FailAsync(call, status, "SomeReason", "some sentence");
        using var api = scripted.Open();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => api.GetAsync(api.Kinds.Services, Web, Stopping));

        Assert.Equal(expected, failure.Reason);
        Assert.Contains($"{api.Server}: reading Service default/web failed: {status} SomeReason: some sentence", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_something_else_is_malformed()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => call.Response.WriteAsync("<html>Welcome</html>");
        using var api = scripted.Open();
        var source = Services(api);

        var one = await Assert.ThrowsAsync<ExtensionException>(() => api.GetAsync(api.Kinds.Services, Web, Stopping));
        var list = await Assert.ThrowsAsync<ExtensionException>(() => source.ListAsync("", null, Stopping));
        scripted.Answer = call => ScriptedApi.JsonAsync(call, "{}");
        var empty = await Assert.ThrowsAsync<ExtensionException>(() => source.ListAsync("", null, Stopping));

        Assert.All([one, list, empty], failure => Assert.Equal(Reason.Malformed, failure.Reason)); // never an empty list
    }

    [Fact]
    public async Task A_call_that_is_put_off_is_repeated_when_its_time_has_come()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        var time = new ManualTimeProvider();
        var answers = new ConcurrentQueue<Func<HttpContext, Task>>(
        [
            call =>
            {
                call.Response.Headers.RetryAfter = "3";
                return ScriptedApi.FailAsync(call, 429, "TooManyRequests", "too many");
            },
            call => ScriptedApi.JsonAsync(call, ScriptedApi.Service("web")),
        ]);
        scripted.Answer = call => answers.TryDequeue(out var answer) ? answer(call) : Task.CompletedTask;
        using var api = scripted.Open(time);

        var reading = api.GetAsync(api.Kinds.Services, Web, Stopping);
        await Eventually.TrueAsync("it waits", () => time.NextDue == TimeSpan.FromSeconds(3));
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(Web, (await reading)!.Name);
    }

    [Fact]
    public async Task A_wait_that_does_not_fit_into_the_call_is_left_to_the_caller()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => ScriptedApi.FailAsync(call, 429, "TooManyRequests", "too many", ""","details":{"retryAfterSeconds":120}""");
        using var api = scripted.Open();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => api.GetAsync(api.Kinds.Services, Web, Stopping));

        Assert.Equal(TimeSpan.FromMinutes(2), failure.RetryAfter);
        Assert.Single(scripted.Calls);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_a_timeout()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        var time = new ManualTimeProvider();
        scripted.Answer = call => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.RequestAborted);
        using var api = scripted.Open(time);

        var reading = api.GetAsync(api.Kinds.Services, Web, Stopping);
        await Eventually.TrueAsync("it is asked", () => scripted.Calls.Count == 1);
        time.Advance(ApiTransport.CallPatience);

        Assert.Equal(Reason.Timeout, (await Assert.ThrowsAsync<ExtensionException>(() => reading)).Reason);
    }

    [Fact]
    public async Task A_list_whose_version_is_forgotten_between_two_pages_begins_anew()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        var pages = 0;
        scripted.Answer = call => (call.Request.Query["continue"].ToString(), pages++) switch
        {
            ("", 0) => ScriptedApi.JsonAsync(call, ScriptedApi.List("5", ["old"], "more")),
            (_, 1) => ScriptedApi.FailAsync(call, 410, "Expired", "the token is too old"),
            ("", _) => ScriptedApi.JsonAsync(call, ScriptedApi.List("9", ["a"], "rest")),
            _ => ScriptedApi.JsonAsync(call, ScriptedApi.List("9", ["b"])),
        };
        using var api = scripted.Open();

        var list = await Services(api).ListAsync("", null, Stopping);

        Assert.Equal("9", list.Version);
        Assert.Equal(["a", "b"], list.Objects.Select(service => service.Name.Name));
    }

    [Fact]
    public async Task A_list_whose_version_is_forgotten_again_and_again_is_asked_for_in_one_piece()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => call.Request.Query switch
        {
            var query when query["continue"].Count > 0 => ScriptedApi.FailAsync(call, 410, "Expired", "the token is too old"),
            var query when query["limit"].Count > 0 => ScriptedApi.JsonAsync(call, ScriptedApi.List("5", ["a"], "more")),
            _ => ScriptedApi.JsonAsync(call, ScriptedApi.List("9", ["a", "b"])),
        };
        using var api = scripted.Open();

        var list = await Services(api).ListAsync("", null, Stopping);

        Assert.Equal(2, list.Objects.Length);
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_takes_no_other_with_it()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        const string Broken = """{"metadata":{"name":"bad","namespace":"default","resourceVersion":"4"},"spec":{"ports":[{"port":"eighty"}]}}""";
        scripted.Answer = call => ScriptedApi.JsonAsync(
            call, $$$"""{"metadata":{"resourceVersion":"7"},"items":[{{{ScriptedApi.Service("a")}}},{{{Broken}}},7,{{{ScriptedApi.Service("b")}}}]}""");
        using var api = scripted.Open();

        var list = await Services(api).ListAsync("", null, Stopping);

        Assert.Equal(["a", "b"], list.Objects.Select(service => service.Name.Name));
        Assert.Equal([new("default", "bad"), new("", "")], list.Broken.Select(broken => broken.Name));
        Assert.Contains(".port holds something else", list.Broken[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_may_come_packed_and_other_answers_are_not_asked_for_so()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        var wishes = new ConcurrentQueue<string>();
        scripted.Answer = async call =>
        {
            wishes.Enqueue(call.Request.Headers.AcceptEncoding.ToString());
            if (wishes.Count > 1)
            {
                await ScriptedApi.JsonAsync(call, ScriptedApi.Service("web"));
                return;
            }
            call.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(call.Response.Body, CompressionLevel.Fastest);
            await packed.WriteAsync(Encoding.UTF8.GetBytes(ScriptedApi.List("7", Enumerable.Range(0, 3000).Select(number => $"service-{number}"))));
        };
        using var api = scripted.Open();

        var list = await Services(api).ListAsync("", null, Stopping);
        await api.GetAsync(api.Kinds.Services, Web, Stopping);

        Assert.Equal(3000, list.Objects.Length);
        Assert.Equal(["gzip", ""], wishes);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    public async Task The_second_version_of_http_is_spoken_where_there_is_one(HttpProtocols offered, string spoken)
    {
        await using var scripted = await ScriptedApi.StartAsync(offered);
        scripted.Answer = call => ScriptedApi.JsonAsync(call, ScriptedApi.Service("web"));
        using var api = scripted.Open();

        await api.GetAsync(api.Kinds.Services, Web, Stopping);

        Assert.StartsWith(spoken + " GET", Assert.Single(scripted.Calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_of_slices_is_looked_for_when_the_one_that_was_there_is_not()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        var version = "v1beta1";
        scripted.Answer = call => call.Request.Path.Value switch
        {
            "/apis/discovery.k8s.io" => ScriptedApi.JsonAsync(call, $$"""{"versions":[{"version":"{{version}}"}]}"""),
            var path when path == $"/apis/discovery.k8s.io/{version}/endpointslices" => ScriptedApi.JsonAsync(call, ScriptedApi.List("7", ["a"])),
            _ => ScriptedApi.FailAsync(call, 404, "NotFound", "not here"),
        };
        using var api = scripted.Open();
        var versions = new GroupVersions(api.Transport);
        var source = new ObjectSource<EndpointSlice>(
            api, "endpointslices", "",
            async stopping => api.Kinds.Slices(await versions.ChooseAsync(ResourceKinds.Discovery, ["v1", "v1beta1"], stopping)));

        var before = await source.ListAsync("", null, Stopping);
        version = "v1";
        var moved = await Assert.ThrowsAsync<ExtensionException>(() => source.ListAsync("", null, Stopping));
        var after = await source.ListAsync("", null, Stopping);

        Assert.Single(before.Objects);
        Assert.Equal(Reason.Refused, moved.Reason);
        Assert.Single(after.Objects);
    }

    internal static ObjectSource<Service> Services(ApiServer api) => new(api, "services", "", _ => Task.FromResult(api.Kinds.Services));
}
