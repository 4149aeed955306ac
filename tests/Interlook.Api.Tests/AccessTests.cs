using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class AccessTests
{
    private static FakeEngine Shop() => new FakeEngine().With(Samples.Deployed("shop"));

    [Fact]
    public async Task Without_a_token_a_loopback_listener_takes_changing_calls()
    {
        await using var api = await RunningApi.StartAsync(Shop());

        var (status, _) = await api.PostAsync("/services/shop/retry");

        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("s3cret-and-more")]
    [InlineData("s3cre")]
    public async Task With_a_token_a_call_without_it_is_a_401_problem_and_changes_nothing(string? token)
    {
        await using var api = await RunningApi.StartAsync(Shop(), token: "s3cret");

        using var answer = await api.PostRawAsync("/services/shop/retry", token);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(token is not null, answer.Headers.WwwAuthenticate.Single().Parameter!.Contains("invalid_token"));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"reason\":\"Unauthorized\"", text);
        Assert.DoesNotContain("s3cret", text);
        Assert.Empty(api.Engine.Retried);
    }

    [Fact]
    public async Task With_its_token_a_call_is_taken_whatever_site_it_comes_from()
    {
        await using var api = await RunningApi.StartAsync(Shop(), token: "s3cret", address: IPAddress.Any);

        using var answer = await api.PostRawAsync("/services/shop/retry", "s3cret", headers => headers.Add("Origin", "https://panel.example.org"));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Other_authentication_schemes_are_refused()
    {
        await using var api = await RunningApi.StartAsync(Shop(), token: "s3cret");

        using var answer = await api.PostRawAsync(
            "/services/shop/retry", null, headers => headers.Authorization = new AuthenticationHeaderValue("Basic", "czNjcmV0"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_a_listener_that_others_reach_refuses_changing_calls_and_answers_reading_ones()
    {
        await using var api = await RunningApi.StartAsync(Shop(), address: IPAddress.Any);

        var (changing, body) = await api.PostAsync("/services/shop/retry", "anything");
        var (reading, _) = await api.GetAsync("/services/shop");

        Assert.Equal(HttpStatusCode.Forbidden, changing);
        Assert.Contains("core.apiToken", body.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.OK, reading);
        Assert.Empty(api.Engine.Retried);
    }

    [Theory]
    [InlineData("localhost", null, 202)]
    [InlineData("127.0.0.1", null, 202)]
    [InlineData("[::1]:8080", null, 202)]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080", 202)]
    [InlineData("rebound.example.org", null, 403)]
    [InlineData("rebound.example.org", "http://rebound.example.org", 403)]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:9090", 403)]
    [InlineData("127.0.0.1:8080", "https://evil.example.org", 403)]
    [InlineData("127.0.0.1:8080", "null", 403)]
    public async Task A_web_page_of_another_site_cannot_change_anything_on_loopback(string host, string? origin, int expected)
    {
        await using var api = await RunningApi.StartAsync(Shop());

        using var answer = await api.PostRawAsync("/services/shop/retry", null, headers =>
        {
            headers.Host = host;
            if (origin is not null)
                headers.TryAddWithoutValidation("Origin", origin);
        });

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Every_method_but_reading_ones_is_guarded()
    {
        await using var api = await RunningApi.StartAsync(Shop(), token: "s3cret");

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, new("ANYTHING")])
        {
            using var request = new HttpRequestMessage(method, "/services/shop/retry");
            using var answer = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }
}
