using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Server;

/// <summary>What the tests of faults rely on: the proxy changes nothing but what was planned, and does that.</summary>
public sealed class KubernetesProxyTests(SharedKubernetes kubernetes) : IAsyncLifetime
{
    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject == "CN=kube-apiserver" },
    })
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", KubernetesServer.AdminToken) },
        Timeout = TimeSpan.FromSeconds(60),
    };

    private KubernetesServer server = null!;
    private KubernetesProxy proxy = null!;
    private string ns = "";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private string Services => $"/api/v1/namespaces/{ns}/services";

    public async ValueTask InitializeAsync()
    {
        server = await kubernetes.StartedAsync();
        ns = await kubernetes.CreateNamespaceAsync(server);
        proxy = await KubernetesProxy.StartAsync(server);
        client.BaseAddress = proxy.Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (proxy is not null)
            await proxy.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Events_of_a_watch_are_passed_on_as_they_come(string version)
    {
        using var watch = await WatchAsync(Version.Parse(version));

        await CreateAsync("one");
        var first = await watch.ReadLineAsync(Stopping);
        await CreateAsync("two");
        var second = await watch.ReadLineAsync(Stopping);

        Assert.Contains("\"name\":\"one\"", first, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"two\"", second, StringComparison.Ordinal);
        Assert.Equal("watch", Assert.Single(proxy.Watches).Verb);
    }

    [Fact]
    public async Task Calls_are_counted_in_the_words_of_rights()
    {
        await CreateAsync("one");
        await SendAsync(HttpMethod.Patch, $"{Services}/one/status", """{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""", "application/merge-patch+json");
        await SendAsync(HttpMethod.Get, "/api/v1/services?limit=1");
        await SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{ns}");
        await SendAsync(HttpMethod.Get, "/version");

        Assert.Equal(
            ["create services", "patch services/status one", "list services", $"get namespaces {ns}", "get"],
            proxy.Calls.Select(call => $"{call.Verb} {call.Resource} {call.Name}".Trim()));
        Assert.Equal(2, proxy.Calls.Count(call => call.IsWrite));
        Assert.Equal([ns, ns, "", "", ""], proxy.Calls.Select(call => call.Namespace));
    }

    [Fact]
    public async Task A_watch_can_end_in_the_middle_of_a_line_in_good_order_with_an_error_or_with_its_connection()
    {
        using var cut = await WatchAsync();
        await proxy.CutWatchesAsync();
        var half = await cut.ReadToEndAsync(Stopping);
        using var ended = await WatchAsync();
        await proxy.EndWatchesAsync();
        var nothing = await ended.ReadToEndAsync(Stopping);
        using var failed = await WatchAsync();
        await proxy.FailWatchesAsync(410, "Expired");
        var error = await failed.ReadToEndAsync(Stopping);
        using var aborted = await WatchAsync();
        await proxy.AbortWatchesAsync();
        var broken = await Record.ExceptionAsync(() => aborted.ReadToEndAsync(Stopping));

        Assert.StartsWith("{\"type\":\"MODIFIED\"", half, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', half);
        Assert.Empty(nothing);
        Assert.StartsWith("{\"type\":\"ERROR\"", error, StringComparison.Ordinal);
        Assert.Contains("\"code\":410", error, StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(broken);
        await Eventually.TrueAsync("no watch is open", () => proxy.Watches.Count == 0);
    }

    [Fact]
    public async Task A_refusal_meets_as_many_requests_as_planned_and_only_those_meant()
    {
        proxy.Faults.Add(ApiFault.Refusal(429, "TooManyRequests") with { Times = 2, RetryAfter = TimeSpan.FromSeconds(3), Matches = call => call.Verb == "list" });

        var other = await SendAsync(HttpMethod.Get, "/version");
        var first = await SendAsync(HttpMethod.Get, Services);
        var second = await SendAsync(HttpMethod.Get, Services);
        var third = await SendAsync(HttpMethod.Get, Services);

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK],
            new[] { other, first, second, third }.Select(answer => answer.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(3), first.Headers.RetryAfter?.Delta);
        Assert.Contains("\"reason\":\"TooManyRequests\"", await first.Content.ReadAsStringAsync(Stopping), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_goes_on_until_it_is_removed()
    {
        var away = ApiFault.Refusal(503, "ServiceUnavailable") with { Times = ApiFault.UntilRemoved };
        proxy.Faults.Add(away);

        var before = new[] { await SendAsync(HttpMethod.Get, Services), await SendAsync(HttpMethod.Get, Services) };
        proxy.Faults.Remove(away);
        var after = await SendAsync(HttpMethod.Get, Services);

        Assert.All(before, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_watch_is_accepted_and_then_told_that_its_version_is_gone()
    {
        proxy.Faults.Add(ApiFault.ErrorEvent(410, "Expired"));

        var list = await SendAsync(HttpMethod.Get, Services);
        var watch = await SendAsync(HttpMethod.Get, $"{Services}?watch=1");

        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Equal(HttpStatusCode.OK, watch.StatusCode);
        Assert.Contains("\"type\":\"ERROR\"", await watch.Content.ReadAsStringAsync(Stopping), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_can_be_of_a_gateway_half_or_compressed()
    {
        await CreateAsync("one");
        var whole = await (await SendAsync(HttpMethod.Get, $"{Services}/one")).Content.ReadAsStringAsync(Stopping);
        proxy.Faults.Add(ApiFault.Gateway());
        proxy.Faults.Add(new ApiFault(ApiFaultKind.Half));
        proxy.Faults.Add(new ApiFault(ApiFaultKind.Gzip));

        var gateway = await SendAsync(HttpMethod.Get, $"{Services}/one");
        var half = await (await SendAsync(HttpMethod.Get, $"{Services}/one")).Content.ReadAsStringAsync(Stopping);
        var gzip = await SendAsync(HttpMethod.Get, $"{Services}/one");
        await using var unpacked = new GZipStream(await gzip.Content.ReadAsStreamAsync(Stopping), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);

        Assert.Equal("text/html", gateway.Content.Headers.ContentType?.MediaType);
        Assert.Equal(whole[..(whole.Length / 2)], half);
        Assert.Equal(["gzip"], gzip.Content.Headers.ContentEncoding);
        Assert.Equal(whole, await reader.ReadToEndAsync(Stopping));
    }

    [Fact]
    public async Task A_request_hangs_comes_late_or_loses_its_answer()
    {
        var time = new ManualTimeProvider();
        await using var slow = await KubernetesProxy.StartAsync(server, time);
        client.BaseAddress = null;
        Uri At(string path) => new(slow.Endpoint, path);
        slow.Faults.Add(new ApiFault(ApiFaultKind.Late) { Delay = TimeSpan.FromMinutes(1), Matches = call => call.Verb == "list" });
        slow.Faults.Add(new ApiFault(ApiFaultKind.Hang) { Matches = call => call.Path == "/version" });
        slow.Faults.Add(new ApiFault(ApiFaultKind.DropBefore) { Matches = call => call.Name == "one" });
        slow.Faults.Add(new ApiFault(ApiFaultKind.DropAfter) { Matches = call => call.Verb == "create" });

        using var patience = new CancellationTokenSource();
        var late = client.GetAsync(At(Services), patience.Token);
        var hanging = client.GetAsync(At("/version"), patience.Token);
        await Eventually.TrueAsync("both wait", () => slow.Held == 2);
        time.Advance(TimeSpan.FromMinutes(1));
        var answer = await late;
        await patience.CancelAsync();
        using var service = new StringContent(KubernetesObjects.Service(ns, "kept").ToJsonString(), Encoding.UTF8, "application/json");
        var lost = await Record.ExceptionAsync(() => client.PostAsync(At(Services), service, Stopping));
        var dropped = await Record.ExceptionAsync(() => client.GetAsync(At($"{Services}/one"), Stopping));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.IsType<HttpRequestException>(lost);
        Assert.IsType<HttpRequestException>(dropped);
        await server.Api.GetAsync($"{Services}/kept");
    }

    [Fact]
    public async Task A_token_can_be_revoked_and_the_port_closed()
    {
        proxy.RevokeToken(KubernetesServer.AdminToken);
        var revoked = await SendAsync(HttpMethod.Get, "/version");
        proxy.AcceptToken(KubernetesServer.AdminToken);
        await proxy.StopAsync();
        var refused = await Record.ExceptionAsync(() => SendAsync(HttpMethod.Get, "/version"));
        await proxy.ResumeAsync();
        var back = await SendAsync(HttpMethod.Get, "/version");

        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
        Assert.IsType<HttpRequestException>(refused);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Fact]
    public async Task Events_can_be_kept_back()
    {
        using var watch = await WatchAsync();

        proxy.PassesEvents = false;
        await CreateAsync("lost");
        await Eventually.TrueAsync("the event came and was kept back", () => proxy.KeptBack == 1);
        proxy.PassesEvents = true;
        await CreateAsync("seen");

        Assert.Contains("\"name\":\"seen\"", await watch.ReadLineAsync(Stopping), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_can_be_sent_that_the_server_did_not_send()
    {
        using var watch = await WatchAsync();

        await proxy.SendToWatchesAsync("BOOKMARK", KubernetesObjects.Named("v1", "Service", null, ""));

        Assert.StartsWith("{\"type\":\"BOOKMARK\"", await watch.ReadLineAsync(Stopping), StringComparison.Ordinal);
    }

    private async Task<StreamReader> WatchAsync(Version? version = null)
    {
        var list = await server.Api.GetAsync(Services);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{Services}?watch=1&allowWatchBookmarks=true&timeoutSeconds=120&resourceVersion={list["metadata"]!["resourceVersion"]}")
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stopping);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Eventually.TrueAsync("the watch is open", () => proxy.Watches.Count == 1);
        return new StreamReader(await response.Content.ReadAsStreamAsync(Stopping));
    }

    private Task<HttpResponseMessage> CreateAsync(string name) =>
        SendAsync(HttpMethod.Post, Services, KubernetesObjects.Service(ns, name).ToJsonString());

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        return await client.SendAsync(request, Stopping);
    }
}
