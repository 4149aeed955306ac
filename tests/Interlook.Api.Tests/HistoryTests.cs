using System.Net;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Services;
using Xunit;

namespace Interlook.Api.Tests;

/// <summary>GET /services/{name}/history.</summary>
public sealed class HistoryTests
{
    private static readonly ServiceKey Shop = new(ServiceKey.DefaultWorkflow, "shop");

    [Fact]
    public async Task What_happened_is_told_oldest_first()
    {
        var engine = new FakeEngine().With(Samples.Deployed("shop"));
        engine.Histories[Shop] = new EntryHistory(
        [
            new Transition(Samples.Noon, "provider.docker", TransitionKind.Detected),
            new Transition(Samples.Noon.AddSeconds(1), "dns.consul", TransitionKind.Failed)
            {
                Reason = Reason.Unreachable,
                Message = "Consul does not answer",
                Duration = TimeSpan.FromMilliseconds(12),
                Count = 3,
                LastTime = Samples.Noon.AddSeconds(9),
            },
            new Transition(Samples.Noon.AddSeconds(10), "core", TransitionKind.Deployed),
        ]);
        await using var api = await RunningApi.StartAsync(engine);

        var (status, body) = await api.GetAsync("/services/shop/history");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"service":"shop","transitions":[{"time":"2026-03-04T12:00:00Z","step":"provider.docker","action":"detected"},{"time":"2026-03-04T12:00:01Z","step":"dns.consul","action":"failed","duration_ms":12,"reason":"Unreachable","error":"Consul does not answer","attempts":3,"last_time":"2026-03-04T12:00:09Z"},{"time":"2026-03-04T12:00:10Z","step":"core","action":"deployed"}]}""",
            body.GetRawText());
    }

    [Theory]
    [InlineData(ExpectedState.Deployed, "dns.consul", "deploying")]
    [InlineData(ExpectedState.Undeployed, "dns.consul", "undeploying")]
    [InlineData(ExpectedState.Deployed, "dns.lost", "undeploying")]
    public async Task A_call_under_way_stands_last(ExpectedState expected, string state, string action)
    {
        var working = Samples.Deployed("shop") with { Expected = expected, State = state, WipTime = Samples.Noon.AddHours(1) };
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(working));

        var (_, body) = await api.GetAsync("/services/shop/history");

        Assert.Equal(
            $$"""[{"time":"2026-03-04T13:00:00Z","step":"{{state}}","action":"{{action}}"}]""",
            body.GetProperty("transitions").GetRawText());
    }

    [Theory]
    [InlineData("shop", "/services/shop/history", "shop")]
    [InlineData("a/b", "/services/a/b/history", "a/b")]
    [InlineData("a/b", "/services/a%2Fb/history", "a/b")]
    [InlineData("history", "/services/history/history", "history")]
    [InlineData("two words", "/services/two%20words/history?now", "two words")]
    public async Task A_name_is_found_however_it_is_encoded(string name, string path, string service)
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed(name)));

        var (status, body) = await api.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(service, body.GetProperty("service").GetString());
    }

    [Theory]
    [InlineData("/services/a/history")]
    [InlineData("/services/a%2Fhistory")]
    public async Task A_service_whose_name_ends_like_the_path_is_still_found(string path)
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("a/history")));

        var (status, body) = await api.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("a/history", body.GetProperty("service").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/services/shopp/history")]
    [InlineData("/services/blue/shopp/history")]
    public async Task A_name_that_nobody_has_is_not_found(string path)
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop")));

        var (status, _) = await api.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
    }
}
