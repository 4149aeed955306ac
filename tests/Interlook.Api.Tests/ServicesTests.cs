using System.Net;
using Interlook.Services;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class ServicesTests
{
    [Fact]
    public async Task A_deployed_entry_has_the_earlier_systems_fields()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop")));

        var (status, body) = await api.GetAsync("/services");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"shop":{"state":"deployed","expected_state":"deployed","work_in_progress":false,"wip_time":"0001-01-01T00:00:00Z","time_detected":"2026-03-04T12:00:00Z","last_update":"2026-03-04T12:00:01.5Z","close_time":"2026-03-04T12:01:00Z","service":{"name":"shop","provider":"provider.docker","targets":[{"host":"10.0.0.7","port":8081,"weight":2}],"tls":false,"public_ip":"192.168.99.10","dns_name":["shop.example.org"]},"workflow":"default","steps":[{"step":"ipam.ipalloc","state":"done"},{"step":"dns.consul","state":"waiting"}]}}""",
            body.GetRawText());
    }

    [Fact]
    public async Task A_failed_entry_adds_error_step_reason_and_attempts()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Failed("shop")));

        var (_, body) = await api.GetAsync("/services/shop");

        Assert.Equal("dns.consul", body.GetProperty("state").GetString());
        Assert.True(body.GetProperty("work_in_progress").GetBoolean());
        Assert.Equal("2026-03-04T12:00:02Z", body.GetProperty("wip_time").GetString());
        Assert.Equal("0001-01-01T00:00:00Z", body.GetProperty("close_time").GetString());
        Assert.Equal("shop.example.org belongs to somebody else at http://127.0.0.1:8500", body.GetProperty("error").GetString());
        Assert.Equal("waits for the name", body.GetProperty("info").GetString());
        Assert.Equal("dns.consul", body.GetProperty("step").GetString());
        Assert.Equal("Conflict", body.GetProperty("reason").GetString());
        Assert.Equal(3, body.GetProperty("attempts").GetInt32());
    }

    [Theory]
    [InlineData("?state=deployed", "a,c")]
    [InlineData("?state=dns.consul", "b")]
    [InlineData("?error=true", "b")]
    [InlineData("?error=false", "a,c,blue/d")]
    [InlineData("?provider=provider.swarm", "c")]
    [InlineData("?workflow=blue", "blue/d")]
    [InlineData("?provider=provider.docker&error=false&workflow=default", "a")]
    [InlineData("?state=nowhere", "")]
    public async Task Filters_narrow_the_services_down(string query, string expected)
    {
        var swarm = Samples.Deployed("c");
        swarm = swarm with { Desired = swarm.Desired with { Provider = "provider.swarm" } };
        var blue = Samples.Deployed("d", "blue") with { State = "ipam.ipalloc" };
        blue = blue with { Desired = blue.Desired with { Provider = "provider.file" } };
        await using var api = await RunningApi.StartAsync(
            new FakeEngine().With(Samples.Deployed("a"), Samples.Failed("b"), swarm, blue));

        var (_, body) = await api.GetAsync($"/services{query}");

        Assert.Equal(expected, string.Join(',', body.EnumerateObject().Select(property => property.Name)));
    }

    [Fact]
    public async Task A_filter_that_is_no_truth_value_is_a_400_problem()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        var (status, body) = await api.GetAsync("/services?error=perhaps");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400, body.GetProperty("status").GetInt32());
        Assert.Equal(
            "the query ?error=perhaps is not understood: error takes true or false, the other filters a text",
            body.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("naïve-日本-🐋")]
    [InlineData("what?#&;=+")]
    [InlineData("shop/refresh")]
    [InlineData("\"quoted\\\"")]
    public async Task A_service_of_any_name_is_shown_found_and_commanded(string name)
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed(name), Samples.Deployed("other")));
        var path = $"/services/{Uri.EscapeDataString(name)}";

        var (_, all) = await api.GetAsync("/services");
        var (found, entry) = await api.GetAsync(path);
        var (refreshed, _) = await api.PostAsync($"{path}/refresh");
        var (retried, _) = await api.PostAsync($"{path}/retry");

        Assert.Equal([name, "other"], all.EnumerateObject().Select(property => property.Name));
        Assert.Equal(HttpStatusCode.OK, found);
        Assert.Equal(name, entry.GetProperty("service").GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, refreshed);
        Assert.Equal(HttpStatusCode.Accepted, retried);
        Assert.Equal([new ServiceKey("default", name)], api.Engine.Refreshed);
        Assert.Equal([new ServiceKey("default", name)], api.Engine.Retried);
    }

    [Fact]
    public async Task Markup_in_a_name_is_escaped_in_the_answer()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("<img src=x onerror=alert(1)>")));

        var text = await api.GetTextAsync("/services");

        Assert.DoesNotContain("<img", text);
    }

    [Fact]
    public async Task A_slash_need_not_be_encoded()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("a/b/c")));

        var (found, _) = await api.GetAsync("/services/a/b/c");
        var (retried, _) = await api.PostAsync("/services/a/b/c/retry");
        var absolute = await api.RawAsync("GET http://127.0.0.1/services/a/b/c?x=/services/y HTTP/1.1");

        Assert.Equal(HttpStatusCode.OK, found);
        Assert.Equal(HttpStatusCode.Accepted, retried);
        Assert.StartsWith("HTTP/1.1 200", absolute);
    }

    [Fact]
    public async Task An_entry_of_a_named_workflow_is_found_by_its_path_and_by_its_bare_name()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop", "blue")));

        var (byPath, _) = await api.GetAsync("/services/blue/shop");
        var (byName, entry) = await api.GetAsync("/services/shop");

        Assert.Equal(HttpStatusCode.OK, byPath);
        Assert.Equal(HttpStatusCode.OK, byName);
        Assert.Equal("blue", entry.GetProperty("workflow").GetString());
    }

    [Fact]
    public async Task The_default_workflow_comes_first()
    {
        await using var api = await RunningApi.StartAsync(
            new FakeEngine().With(Samples.Deployed("shop", "blue"), Samples.Deployed("shop")));

        var (_, entry) = await api.GetAsync("/services/shop");

        Assert.Equal("default", entry.GetProperty("workflow").GetString());
    }

    [Fact]
    public async Task A_bare_name_of_several_workflows_is_a_409_problem_with_the_candidates()
    {
        await using var api = await RunningApi.StartAsync(
            new FakeEngine().With(Samples.Deployed("shop", "green"), Samples.Deployed("shop", "blue")));

        var (status, body) = await api.GetAsync("/services/shop");
        var (retried, _) = await api.PostAsync("/services/shop/retry");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(HttpStatusCode.Conflict, retried);
        Assert.Equal(["blue/shop", "green/shop"], body.GetProperty("candidates").EnumerateArray().Select(name => name.GetString()!));
        Assert.Empty(api.Engine.Retried);
    }

    [Fact]
    public async Task Names_that_read_alike_stay_apart_and_each_finds_its_entry()
    {
        var entries = new[]
        {
            Samples.Deployed("shop", "blue"),
            Samples.Deployed("blue/shop"),
            Samples.Deployed("default/blue/shop"),
            Samples.Deployed("x"),
            Samples.Deployed("default/x"),
        };
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(entries));

        var (_, all) = await api.GetAsync("/services");
        var names = all.EnumerateObject().Select(property => property.Name).ToArray();
        var found = new List<string>();
        foreach (var name in names)
        {
            var (_, entry) = await api.GetAsync($"/services/{Uri.EscapeDataString(name)}");
            found.Add($"{entry.GetProperty("workflow").GetString()}/{entry.GetProperty("service").GetProperty("name").GetString()}");
        }

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(entries.Select(entry => entry.Key.Path), found);
    }

    [Theory]
    [InlineData("shpo", "shop")]
    [InlineData("Shop", "shop")]
    [InlineData("entirely-different", null)]
    public async Task A_missing_service_is_a_404_problem_with_the_nearest_name(string asked, string? suggestion)
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop")));

        var (status, body) = await api.GetAsync($"/services/{asked}");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(suggestion, body.TryGetProperty("suggestion", out var near) ? near.GetString() : null);
        Assert.Contains(asked, body.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Ten_thousand_services_are_answered_whole()
    {
        await using var api = await RunningApi.StartAsync(
            new FakeEngine().With(Enumerable.Range(0, 10_000).Select(i => Samples.Deployed($"service-{i}"))));

        var (status, body) = await api.GetAsync("/services");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(10_000, body.EnumerateObject().Count());
        Assert.Equal("deployed", body.GetProperty("service-9999").GetProperty("state").GetString());
    }
}
