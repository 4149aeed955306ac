using System.Text.Json;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Api.Tests;

/// <summary>How the targets of a service fare, where a step sees it.</summary>
public sealed class ConditionTests
{
    private static readonly ServiceKey Shop = new(ServiceKey.DefaultWorkflow, "shop");

    [Fact]
    public async Task A_target_says_how_it_fares_and_what_it_carries()
    {
        var engine = new FakeEngine().With(Samples.Deployed("shop"));
        engine.Conditions[Shop] = new ServiceCondition(
            "no healthy target",
            [
                new TargetCondition(new Target("10.0.0.6", 80), TargetHealth.Draining, null, new Traffic(3, 9, 0, 10, 20)),
                new TargetCondition(new Target("10.0.0.7", 8081, 2), TargetHealth.Unhealthy, "refuses the connection", new Traffic(1, 2, 3, 4, 5)),
            ]);
        await using var api = await RunningApi.StartAsync(engine);

        var (_, body) = await api.GetAsync("/services/shop");

        Assert.Equal("no healthy target", body.GetProperty("info").GetString());
        Assert.Equal(
            """[{"host":"10.0.0.7","port":8081,"weight":2,"health":"unhealthy","problem":"refuses the connection","open_connections":1,"connections":2,"failures":3,"bytes_received":4,"bytes_sent":5},{"host":"10.0.0.6","port":80,"weight":0,"health":"draining","open_connections":3,"connections":9,"failures":0,"bytes_received":10,"bytes_sent":20}]""",
            body.GetProperty("service").GetProperty("targets").GetRawText());
    }

    [Fact]
    public async Task The_entrys_own_remark_goes_before_that_of_its_condition()
    {
        var engine = new FakeEngine().With(Samples.Deployed("shop") with { Info = "lb.haproxy: a server is missing" });
        engine.Conditions[Shop] = new ServiceCondition("no healthy target", []);
        await using var api = await RunningApi.StartAsync(engine);

        var (_, body) = await api.GetAsync("/services/shop");

        Assert.Equal("lb.haproxy: a server is missing", body.GetProperty("info").GetString());
    }

    [Fact]
    public async Task A_target_that_nobody_looks_at_says_nothing_of_its_health()
    {
        var engine = new FakeEngine().With(Samples.Deployed("shop"));
        engine.Conditions[Shop] = new ServiceCondition(null, []);
        await using var api = await RunningApi.StartAsync(engine);

        var (_, body) = await api.GetAsync("/services/shop");

        Assert.False(body.GetProperty("service").GetProperty("targets")[0].TryGetProperty("health", out JsonElement _));
    }
}
