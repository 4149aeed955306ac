using System.Net;
using Interlook.Extensions.Etcd;
using Interlook.Specification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;
using static Interlook.Extensions.Tests.Etcd.SkyDnsBed;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>Servers that cannot be had here: older gateways, a member without a leader, something that is no etcd.</summary>
public sealed class GatewayTests
{
    [Theory]
    [InlineData("/v3/")]
    [InlineData("/v3beta/")]
    [InlineData("/v3alpha/")]
    public async Task The_prefix_of_older_gateways_is_found(string prefix)
    {
        List<string> called = [];
        await using var gateway = await StartAsync(call => AnswerAsync(call, prefix, called));
        var provisioner = Provisioner(gateway);

        await provisioner.StartAsync(Stopping);
        await provisioner.DeployAsync(Key("shop"), At("10.0.0.1", "shop"), [], Stopping);
        await provisioner.StopAsync(Stopping);

        Assert.Contains(prefix + "kv/txn", called);
    }

    [Fact]
    public async Task A_member_without_a_leader_is_passed_over()
    {
        List<string> called = [];
        await using var headless = await StartAsync(call =>
        {
            call.Response.StatusCode = 503;
            return call.Response.WriteAsync("""{"error":"etcdserver: no leader","message":"etcdserver: no leader","code":14}""");
        });
        await using var gateway = await StartAsync(call => AnswerAsync(call, "/v3/", called));
        var provisioner = Provisioner(headless, gateway);

        await provisioner.StartAsync(Stopping);
        await provisioner.DeployAsync(Key("shop"), At("10.0.0.1", "shop"), [], Stopping);
        await provisioner.StopAsync(Stopping);

        Assert.Contains("/v3/kv/txn", called);
    }

    [Theory]
    [InlineData(503, "", Reason.Unavailable)]
    [InlineData(429, """{"message":"etcdserver: too many requests","code":8}""", Reason.Unavailable)]
    [InlineData(403, """{"message":"etcdserver: permission denied","code":7}""", Reason.Unauthorized)]
    [InlineData(404, "404 page not found", Reason.Refused)]
    [InlineData(301, "", Reason.Refused)]
    [InlineData(200, "<html>hello</html>", Reason.Malformed)]
    public async Task Every_refusal_has_its_reason(int status, string body, Reason reason)
    {
        await using var gateway = await StartAsync(call =>
        {
            call.Response.StatusCode = status;
            return call.Response.WriteAsync(body);
        });
        var provisioner = Provisioner(gateway);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.StartAsync(Stopping));
        await provisioner.StopAsync(Stopping);

        Assert.Equal(reason, failure.Reason);
        Assert.Contains("etcd at http://127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    private static SkyDnsProvisioner Provisioner(params WebApplication[] servers) => new(
        new() { Endpoints = [.. servers.Select(server => new Uri(server.Urls.First()))] }, TestContexts.Create("dns.skydns"));

    private static async Task AnswerAsync(HttpContext call, string prefix, List<string> called)
    {
        var path = call.Request.Path.Value!;
        lock (called)
            called.Add(path);
        if (!path.StartsWith(prefix, StringComparison.Ordinal))
        {
            call.Response.StatusCode = 404;
            await call.Response.WriteAsync("404 page not found\n");
            return;
        }
        await call.Response.WriteAsync(path[prefix.Length..] switch
        {
            "lease/grant" => """{"header":{"revision":"1"},"ID":"7","TTL":"60"}""",
            "lease/keepalive" => """{"result":{"header":{"revision":"2"},"ID":"7","TTL":"60"}}""",
            "kv/txn" => """{"header":{"revision":"2"},"succeeded":true,"responses":[{"response_put":{}}]}""",
            _ => """{"header":{"revision":"1"}}""",
        });
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        return application;
    }
}
