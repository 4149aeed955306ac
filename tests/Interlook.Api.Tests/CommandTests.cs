using System.Net;
using Interlook.Extensions;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task Refresh_answers_with_the_entry_as_it_is_now()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine().With(Samples.Deployed("shop")));

        var (status, body) = await api.PostAsync("/services/shop/refresh");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("shop", body.GetProperty("service").GetString());
        Assert.Equal("deployed", body.GetProperty("entry").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(Reason.Unreachable, 503)]
    [InlineData(Reason.Unavailable, 503)]
    [InlineData(Reason.Timeout, 503)]
    [InlineData(Reason.Unauthorized, 502)]
    [InlineData(Reason.Malformed, 502)]
    [InlineData(Reason.Refused, 502)]
    [InlineData(Reason.Internal, 500)]
    public async Task A_platform_that_cannot_be_read_is_a_problem_with_its_reason(Reason reason, int expected)
    {
        var engine = new FakeEngine { RefreshFailure = new ExtensionException(reason, "docker said no", TimeSpan.FromSeconds(2.5)) };
        await using var api = await RunningApi.StartAsync(engine.With(Samples.Deployed("shop")));

        using var answer = await api.PostRawAsync("/services/shop/refresh");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("3", answer.Headers.GetValues("Retry-After").Single());
        Assert.Contains($"\"reason\":\"{reason}\"", text);
        Assert.Contains("docker said no", text);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_inside_is_a_timeout()
    {
        var engine = new FakeEngine { RefreshFailure = new OperationCanceledException() };
        await using var api = await RunningApi.StartAsync(engine.With(Samples.Deployed("shop")));

        var (status, body) = await api.PostAsync("/services/shop/refresh");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("Timeout", body.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_fault_of_our_own_is_logged_and_told_without_details()
    {
        var log = new LogLines();
        var engine = new FakeEngine { RefreshFailure = new InvalidOperationException("the secret inside") };
        await using var api = await RunningApi.StartAsync(engine.With(Samples.Deployed("shop")), loggers: log);

        var (status, body) = await api.PostAsync("/services/shop/refresh");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("Internal", body.GetProperty("reason").GetString());
        Assert.DoesNotContain("secret", body.GetRawText());
        Assert.Single(log.Lines, line => line.Contains("POST /services/shop/refresh failed"));
    }

    [Theory]
    [InlineData("/services/nope/refresh", 404)]
    [InlineData("/services/nope/retry", 404)]
    [InlineData("/services/shop/explode", 404)]
    [InlineData("/services/shop", 404)]
    [InlineData("/providers/provider.none/approve", 404)]
    public async Task A_command_for_nothing_is_a_404_problem(string path, int expected)
    {
        await using var api = await RunningApi.StartAsync(
            new FakeEngine { ProviderList = [Samples.InStep("provider.docker")] }.With(Samples.Deployed("shop")));

        var (status, body) = await api.PostAsync(path);

        Assert.Equal(expected, (int)status);
        Assert.NotEmpty(body.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Orphans_are_removed_on_request()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        var (status, body) = await api.PostAsync("/orphans/remove");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"services":0}""", body.GetRawText());
        Assert.Equal(1, api.Engine.OrphansRemoved);
    }

    [Fact]
    public async Task Approve_takes_the_held_withdrawals_of_one_provider()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine
        {
            ProviderList = [Samples.InStep("provider.docker") with { HeldWithdrawals = ["a", "b"] }],
        });

        var (status, body) = await api.PostAsync("/providers/provider.docker/approve");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"provider":"provider.docker","withdrawn":2}""", body.GetRawText());
        Assert.Equal(["provider.docker"], api.Engine.Approved);
    }
}
