using System.Net;
using Interlook.Configuration;
using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Simulators;
using Interlook.Simulators.BigIp;
using Interlook.Simulators.Faults;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>Logins, tokens, ways to the appliance, and what its answers mean.</summary>
public sealed class BigIpSessionTests : IAsyncLifetime
{
    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Provider = "provider.test",
        PublicIp = IPAddress.Parse("10.8.0.1"),
        Targets = [new("10.0.0.1", 8080)],
    };

    private readonly ManualTimeProvider time = new();
    private readonly BigIpBed bed;

    public BigIpSessionTests() => bed = new(time);

    private int Logins => bed.Running.Calls.Count(call => call.Path.EndsWith("/authn/login", StringComparison.Ordinal));

    public async ValueTask InitializeAsync() => await bed.StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task One_token_serves_all_calls_and_is_given_back_at_the_end()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => provisioner.DeployAsync(BigIpBed.Key($"s{i}"), Numbered(i), [], BigIpBed.Stopping)));

        var during = bed.Appliance.LiveTokens;
        await bed.StopAsync(provisioner);

        Assert.Equal(1, Logins);
        Assert.Equal(1, during);
        Assert.Equal(0, bed.Appliance.LiveTokens);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_the_old_one_is_given_back()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        for (var minute = 0; minute < 120; minute += 10)
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await provisioner.CheckAsync(BigIpBed.Stopping);
        }

        Assert.Equal(7, Logins); // each serves 18 of its 20 minutes
        Assert.InRange(bed.Appliance.LiveTokens, 1, 1);
    }

    [Fact]
    public async Task Tokens_that_ended_early_cost_one_login_for_all_calls_under_way()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.Appliance.ExpireTokens();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => provisioner.CheckAsync(BigIpBed.Stopping)));

        Assert.Equal(2, Logins);
    }

    [Fact]
    public async Task A_token_that_is_refused_again_is_unauthorized()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.Running.Faults.Add(new(FaultKind.Refuse, (_, path) => !path.Contains("/authn/", StringComparison.Ordinal), Times: 2)
        {
            Status = 401,
            ContentType = "application/json",
            Body = """{"code":401,"message":"X-F5-Auth-Token has expired.","kind":":resterrorresponse"}""",
        });

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.CheckAsync(BigIpBed.Stopping));

        Assert.Equal(Reason.Unauthorized, failure.Reason);
    }

    [Fact]
    public async Task A_wrong_password_is_unauthorized_and_not_shown()
    {
        var options = bed.Options();
        options.Password = new Secret("not-this-one");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.ProvisionerAsync(options));

        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Contains("logging in as api failed", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-this-one", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_with_too_many_tokens_is_exhausted_until_some_end()
    {
        bed.Appliance.MostTokensPerUser = 1;
        await bed.ProvisionerAsync(bed.Options());

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.ProvisionerAsync(bed.Options()));
        time.Advance(TimeSpan.FromMinutes(20));
        await bed.ProvisionerAsync(bed.Options());

        Assert.Equal(Reason.Exhausted, failure.Reason);
        Assert.Contains("maximum active login tokens", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_from_the_settings_needs_no_login_and_is_not_given_back()
    {
        using var calls = new RawCalls(bed.Running);
        await calls.LoginAsync();
        var options = bed.Options();
        (options.Username, options.Password, options.AuthToken) = ("", null, new Secret(calls.Token!));
        var provisioner = await bed.ProvisionerAsync(options);
        await bed.StopAsync(provisioner);
        var kept = bed.Appliance.LiveTokens;
        bed.Appliance.ExpireTokens();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.ProvisionerAsync(options));

        Assert.Equal(1, Logins);
        Assert.Equal(1, kept);
        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Contains("authToken is refused", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(calls.Token!, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_user_beside_it_a_token_from_the_settings_may_end()
    {
        var options = bed.Options();
        options.AuthToken = new Secret("ended-long-ago");

        var provisioner = await bed.ProvisionerAsync(options);
        await provisioner.CheckAsync(BigIpBed.Stopping);

        Assert.Equal(1, Logins);
    }

    [Theory]
    [InlineData(503, "<html>Configuration Utility restarting...</html>", Reason.Unavailable)]
    [InlineData(500, """{"code":500,"message":"The connection to mcpd has been lost, try again.","apiError":32768001}""", Reason.Unavailable)]
    [InlineData(404, """{"code":404,"message":"Public URI path not registered: /mgmt/tm"}""", Reason.Unavailable)]
    [InlineData(403, """{"code":403,"message":"Operation is not supported by role"}""", Reason.Unauthorized)]
    [InlineData(400, """{"code":400,"message":"010708ed:3: something else","apiError":3}""", Reason.Refused)]
    [InlineData(302, "", Reason.Refused)]
    [InlineData(200, "<html>a portal</html>", Reason.Malformed)]
    public async Task An_answer_means_the_same_everywhere(int status, string body, Reason expected)
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.Running.Faults.Add(new(FaultKind.Refuse) { Status = status, Body = body });

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), BigIpBed.Stopping));

        Assert.Equal(expected, failure.Reason);
        Assert.Contains($"F5 BIG-IP at http://127.0.0.1:{bed.Running.Port}: reading the pools failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_appliance_that_does_not_answer_is_a_timeout()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.Running.Faults.Add(new(FaultKind.Hang, (_, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(31));
            return true;
        }));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.CheckAsync(BigIpBed.Stopping));

        Assert.Equal(Reason.Timeout, failure.Reason);
        Assert.Contains("no answer within 30 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_of_the_appliance_is_checked()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new TestCertificates(folder.Path, "bigip");
        var appliance = new BigIpAppliance(time);
        await using var secure = await RunningAppliance.StartAsync(appliance, certificates.Server);
        var options = bed.Options();
        (options.Endpoint, options.Partition, options.GlobalHttpPolicy, options.GlobalSslPolicy) = (secure.Url, "Common", "", "");

        var unknown = await Assert.ThrowsAsync<ExtensionException>(() => bed.ProvisionerAsync(options));
        options.Tls.Ca = certificates.CaFile;
        var known = await bed.ProvisionerAsync(options);
        await bed.StopAsync(known);
        options.Tls.Ca = "";
        options.Tls.SkipVerify = true;
        var unchecked_ = await bed.ProvisionerAsync(options);
        await bed.StopAsync(unchecked_);

        Assert.Equal(Reason.Unreachable, unknown.Reason);
        Assert.Contains("TLS failed", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(0, appliance.LiveTokens);
    }

    [Fact]
    public async Task Calls_go_through_the_proxy_of_the_settings()
    {
        var options = bed.Options();
        (options.Endpoint, options.Proxy) = (new("http://bigip.invalid"), bed.Running.Url);

        var provisioner = await bed.ProvisionerAsync(options);

        await provisioner.CheckAsync(BigIpBed.Stopping);
    }

    [Fact]
    public async Task A_start_names_a_partition_that_does_not_exist()
    {
        var options = bed.Options();
        options.Partition = "nowhere";

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.ProvisionerAsync(options));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("partition nowhere does not exist", failure.Message, StringComparison.Ordinal);
    }

    private static ServiceDefinition Numbered(int number) => Shop with { Name = $"s{number}", PublicIp = IPAddress.Parse($"10.8.0.{number}") };
}
