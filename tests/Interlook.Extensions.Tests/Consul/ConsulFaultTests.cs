using System.Net;
using Interlook.Configuration;
using Interlook.Extensions.Consul;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>What Consul's failures become, each with a fake that shows it.</summary>
public sealed class ConsulFaultTests : IAsyncLifetime
{
    private static readonly ServiceKey Key = new(ServiceKey.DefaultWorkflow, "shop");

    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Provider = "provider.test",
        Targets = [new("127.0.0.1", 8080)],
        DnsNames = ["app"],
        PublicIp = IPAddress.Parse("127.10.0.1"),
    };

    private readonly ManualTimeProvider time = new();
    private FakeConsul fake = null!;
    private ConsulDnsProvisioner provisioner = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fake = await FakeConsul.StartAsync();
        provisioner = new(new() { Url = fake.Url, Token = new Secret("s3cret-token") }, TestContexts.Create("dns.consul", time: time));
        await provisioner.StartAsync(Stopping);
    }

    public async ValueTask DisposeAsync()
    {
        await provisioner.StopAsync(CancellationToken.None);
        await fake.DisposeAsync();
    }

    [Theory]
    [InlineData(400, "Request decode failed: unexpected EOF", Reason.Refused)]
    [InlineData(401, "", Reason.Unauthorized)]
    [InlineData(403, "Permission denied", Reason.Unauthorized)]
    [InlineData(403, "ACL not found", Reason.Unauthorized)]
    [InlineData(404, "404 page not found", Reason.Refused)]
    [InlineData(429, "rate limit exceeded", Reason.Unavailable)]
    [InlineData(500, "No cluster leader", Reason.Unavailable)]
    [InlineData(500, "No path to datacenter", Reason.Unavailable)]
    [InlineData(500, "rpc error making call: EOF", Reason.Unavailable)]
    [InlineData(500, "Must provide address if SkipNodeUpdate is not set", Reason.Refused)]
    [InlineData(500, "Invalid service address", Reason.Refused)]
    [InlineData(500, "failed inserting service: Invalid Service Meta for node n", Reason.Refused)]
    [InlineData(502, "Bad Gateway", Reason.Unavailable)]
    [InlineData(503, "Service Unavailable", Reason.Unavailable)]
    [InlineData(301, "", Reason.Refused)]
    public async Task A_status_has_its_reason_in_every_call(int status, string text, Reason reason)
    {
        fake.Fault = async call =>
        {
            call.Response.StatusCode = status;
            await call.Response.WriteAsync(text);
            return true;
        };

        ExtensionException[] failures =
        [
            await FailsAsync(() => provisioner.DeployAsync(Key, Shop, [], Stopping)),
            await FailsAsync(() => provisioner.UndeployAsync(Key, [Shop], Stopping)),
            await FailsAsync(() => provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping)),
            await FailsAsync(() => provisioner.CheckAsync(Stopping)),
        ];

        Assert.All(failures, failure =>
        {
            Assert.Equal(reason, failure.Reason);
            Assert.Contains(fake.Url.Authority, failure.Message, StringComparison.Ordinal);
            Assert.Contains(text, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
        });
    }

    [Fact]
    public async Task A_wait_that_Consul_asks_for_is_passed_on()
    {
        fake.Fault = call =>
        {
            call.Response.StatusCode = 429;
            call.Response.Headers.RetryAfter = "17";
            return Task.FromResult(true);
        };

        var failure = await FailsAsync(() => provisioner.DeployAsync(Key, Shop, [], Stopping));

        Assert.Equal(TimeSpan.FromSeconds(17), failure.RetryAfter);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_a_timeout()
    {
        var arrived = new TaskCompletionSource();
        fake.Fault = async call =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, time, call.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var deploy = provisioner.DeployAsync(Key, Shop, [], Stopping);
        await arrived.Task.WaitAsync(Stopping);
        time.Advance(ConsulTransport.AnswerTimeout);

        Assert.Equal(Reason.Timeout, (await FailsAsync(() => deploy)).Reason);
    }

    [Theory]
    [InlineData("[{\"Node\":{\"No")]
    [InlineData("")]
    public async Task An_answer_cut_in_the_middle_is_a_broken_connection(string part)
    {
        fake.Fault = async call =>
        {
            call.Response.ContentLength = 1000;
            await call.Response.WriteAsync(part);
            await call.Response.Body.FlushAsync();
            call.Abort();
            return true;
        };

        var failure = await FailsAsync(() => provisioner.DeployAsync(Key, Shop, [], Stopping));

        Assert.Equal(Reason.Unreachable, failure.Reason);
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("{\"surprise\":1}")]
    [InlineData("[{\"Service\":")]
    [InlineData("")]
    public async Task An_answer_that_is_not_Consuls_is_malformed(string text)
    {
        fake.Fault = async call =>
        {
            await call.Response.WriteAsync(text);
            return true;
        };

        var failure = await FailsAsync(() => provisioner.DeployAsync(Key, Shop, [], Stopping));

        Assert.Equal(Reason.Malformed, failure.Reason);
    }

    [Fact]
    public async Task An_answer_that_the_ACLs_filtered_is_unknown_and_not_empty()
    {
        fake.Fault = call =>
        {
            call.Response.Headers["X-Consul-Results-Filtered-By-ACLs"] = "true";
            return Task.FromResult(false);
        };

        var observed = await FailsAsync(() => provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping));
        var deployed = await FailsAsync(() => provisioner.DeployAsync(Key, Shop, [], Stopping));

        Assert.Equal(Reason.Unauthorized, observed.Reason);
        Assert.Equal(Reason.Unauthorized, deployed.Reason);
        Assert.DoesNotContain(fake.Calls, call => call.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registration_whose_answer_was_lost_is_removed_by_the_next_deploy_that_does_not_want_it()
    {
        fake.Fault = call =>
        {
            if (call.Request.Method == "PUT")
                call.Abort();
            return Task.FromResult(call.Request.Method == "PUT");
        };
        var lost = await FailsAsync(() => provisioner.DeployAsync(Key, Shop, [], Stopping));
        fake.Fault = null;

        await provisioner.DeployAsync(Key, Shop with { DnsNames = ["other"] }, [], Stopping);

        Assert.Equal(Reason.Unreachable, lost.Reason);
        Assert.Equal(["PUT /v1/catalog/register", "PUT /v1/catalog/deregister"], fake.Calls.Where(IsWrite).TakeLast(2));
    }

    [Fact]
    public async Task A_new_name_costs_one_read_and_one_write()
    {
        var before = fake.Calls.Count;

        await provisioner.DeployAsync(Key, Shop, [], Stopping);

        Assert.Equal(["GET /v1/health/service/app?consistent", "PUT /v1/catalog/register"], fake.Calls.Skip(before));
    }

    [Fact]
    public async Task Dotted_names_of_one_last_label_share_the_search_for_untagged_instances()
    {
        var before = fake.Calls.Count;

        await provisioner.DeployAsync(Key, Shop with { DnsNames = ["a.example.org"] }, [], Stopping);
        await provisioner.DeployAsync(Key with { Service = "blog" }, Shop with { DnsNames = ["b.example.org"] }, [], Stopping);
        time.Advance(TimeSpan.FromSeconds(31));
        await provisioner.DeployAsync(Key with { Service = "wiki" }, Shop with { DnsNames = ["c.example.org"] }, [], Stopping);

        Assert.Equal(2, fake.Calls.Skip(before).Count(call => call.Contains("filter=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_datacenter_is_named_in_every_call()
    {
        var elsewhere = new ConsulDnsProvisioner(new() { Url = fake.Url, Datacenter = "dc 2" }, TestContexts.Create("dns.consul", time: time));
        var before = fake.Calls.Count;

        await elsewhere.StartAsync(Stopping);
        await elsewhere.DeployAsync(Key, Shop with { DnsNames = ["a.example.org"] }, [], Stopping);

        Assert.All(fake.Calls.Skip(before).Where(call => !IsWrite(call)), call => Assert.Contains("dc=dc%202", call, StringComparison.Ordinal));
        await elsewhere.StopAsync(Stopping);
    }

    [Theory]
    [InlineData("tlsCa")]
    [InlineData("tlsCert")]
    public async Task A_certificate_file_that_is_missing_stops_the_start(string setting)
    {
        var options = new ConsulDnsOptions { Url = fake.Url };
        if (setting == "tlsCa")
            options.Tls.Ca = "/nowhere/ca.pem";
        else
            (options.Tls.Cert, options.Tls.Key) = ("/nowhere/cert.pem", "/nowhere/key.pem");

        var failure = await FailsAsync(() => new ConsulDnsProvisioner(options, TestContexts.Create("dns.consul")).StartAsync(Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/", failure.Message, StringComparison.Ordinal);
    }

    private static bool IsWrite(string call) => call.StartsWith("PUT", StringComparison.Ordinal);

    private static Task<ExtensionException> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<ExtensionException>(call);
}
