using System.Net;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Services;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task Health_is_200_while_every_extension_is_connected()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine
        {
            ExtensionList = [Samples.Connected("dns.consul"), Samples.Connected("provider.docker")],
        });

        var (status, body) = await api.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ok", body.GetProperty("status").GetString());
        Assert.Equal(2, body.GetProperty("extensions").GetArrayLength());
    }

    [Fact]
    public async Task Health_is_503_with_the_reason_of_each_extension_that_is_not_connected()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine
        {
            ExtensionList = [Samples.Lost("dns.consul"), Samples.Connected("provider.docker")],
        });

        var (status, body) = await api.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("failing", body.GetProperty("status").GetString());
        var lost = body.GetProperty("extensions")[0];
        Assert.Equal("Unreachable", lost.GetProperty("reason").GetString());
        Assert.Equal("http://127.0.0.1:8500 refuses the connection; start Consul", lost.GetProperty("message").GetString());
        Assert.False(body.GetProperty("extensions")[1].TryGetProperty("reason", out _));
    }

    [Fact]
    public async Task Ready_is_503_and_names_the_providers_without_a_snapshot()
    {
        var waiting = Samples.InStep("provider.swarm") with { LastSync = null, Synced = false };
        await using var api = await RunningApi.StartAsync(new FakeEngine
        {
            IsReady = false,
            ProviderList = [Samples.InStep("provider.docker"), waiting],
        });

        var (status, body) = await api.GetAsync("/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(body.GetProperty("ready").GetBoolean());
        Assert.Equal(["provider.swarm"], body.GetProperty("waiting_for").EnumerateArray().Select(name => name.GetString()!));
    }

    [Fact]
    public async Task Ready_is_200_once_every_provider_has_delivered()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        var (status, body) = await api.GetAsync("/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(body.GetProperty("ready").GetBoolean());
    }

    [Fact]
    public async Task Extensions_show_connection_queue_and_orphans()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine { ExtensionList = [Samples.Lost("dns.consul")] });

        var (status, body) = await api.GetAsync("/extensions");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """[{"name":"dns.consul","connected":false,"reason":"Unreachable","message":"http://127.0.0.1:8500 refuses the connection; start Consul","last_good":"2026-03-04T12:00:00Z","waiting":4,"orphans":["stray"]}]""",
            body.GetRawText());
    }

    [Fact]
    public async Task Providers_show_rejections_and_held_withdrawals()
    {
        var status = Samples.InStep("provider.docker") with
        {
            Synced = false,
            Rejections = [new("container web-1", "has no published port 80; publish it")],
            HeldWithdrawals = ["a", "b"],
            Reason = Reason.Timeout,
            Message = "unix:///var/run/docker.sock did not answer in 30 s",
        };
        await using var api = await RunningApi.StartAsync(new FakeEngine { ProviderList = [status] });

        var (_, body) = await api.GetAsync("/providers");

        Assert.Equal(
            """[{"name":"provider.docker","synced":false,"last_sync":"2026-03-04T12:00:00Z","services":3,"rejections":[{"subject":"container web-1","problem":"has no published port 80; publish it"}],"held_withdrawals":["a","b"],"reason":"Timeout","message":"unix:///var/run/docker.sock did not answer in 30 s"}]""",
            body.GetRawText());
    }

    [Fact]
    public async Task Workflow_lists_steps_and_states_in_deploy_order()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine
        {
            Workflows =
            [
                new Workflow(ServiceKey.DefaultWorkflow, "provider.docker", ["ipam.ipalloc", "dns.consul"]),
                new Workflow("blue", "provider.swarm", []),
            ],
        });

        var (_, body) = await api.GetAsync("/workflow");

        Assert.Equal(
            """[{"name":"default","provider":"provider.docker","steps":["ipam.ipalloc","dns.consul"],"states":["undeployed","provider.docker","ipam.ipalloc","dns.consul","deployed"]},{"name":"blue","provider":"provider.swarm","steps":[],"states":["undeployed","provider.swarm","deployed"]}]""",
            body.GetRawText());
    }

    [Fact]
    public async Task Version_tells_version_commit_and_runtime()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        var (_, body) = await api.GetAsync("/version");

        Assert.Equal("1.2.3", body.GetProperty("version").GetString());
        Assert.Equal("0a1b2c3", body.GetProperty("commit").GetString());
        Assert.StartsWith(".NET", body.GetProperty("runtime").GetString());
    }

    [Fact]
    public async Task An_unknown_path_is_a_404_problem_and_a_wrong_method_a_405_problem()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        var (missing, body) = await api.GetAsync("/nothing");
        var (wrong, refusal) = await api.PostAsync("/health");

        Assert.Equal(HttpStatusCode.NotFound, missing);
        Assert.Equal(404, body.GetProperty("status").GetInt32());
        Assert.Equal(
            "there is nothing at '/nothing'; there is: GET /health, GET /ready, GET /services, GET /services/NAME, "
            + "GET /services/NAME/history, POST /services/NAME/refresh, POST /services/NAME/retry, GET /events, GET /workflow, GET /extensions, GET /providers, "
            + "POST /providers/NAME/approve, POST /orphans/remove, GET /version, GET /metrics, GET /openapi.json, GET /",
            body.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong);
        Assert.Equal("'/health' does not take POST; send GET", refusal.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task No_answer_may_be_kept_or_sniffed_and_none_names_the_server()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        using var answer = await api.Client.GetAsync("/services", TestContext.Current.CancellationToken);

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine { ExtensionList = [Samples.Lost("dns.consul")] });

        var raw = await api.RawAsync("HEAD /health HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 503", raw);
        Assert.EndsWith("\r\n\r\n", raw);
    }
}
