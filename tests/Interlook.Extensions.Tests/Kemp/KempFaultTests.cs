using Interlook.Configuration;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Xunit;
using static Interlook.Extensions.Tests.Kemp.KempServices;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>What goes wrong between us and the appliance, and what becomes of it.</summary>
public sealed class KempFaultTests : IAsyncLifetime
{
    private KempBed bed = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static ServiceDefinition Shop => Define("shop", "127.10.0.1", new("10.0.0.1", 8080), new("10.0.0.2", 8080, 3));

    private static ServiceDefinition Changed => Define("shop", "127.10.0.2", new("10.0.0.2", 8080, 4), new("10.0.0.3", 8080));

    public async ValueTask InitializeAsync() => bed = await KempBed.StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Theory]
    [InlineData("addvs", false)]
    [InlineData("addrs", false)]
    [InlineData("modvs", false)]
    [InlineData("modrs", false)]
    [InlineData("delrs", false)]
    [InlineData("delvs", false)]
    [InlineData("listvs", false)]
    [InlineData("addvs", true)]
    [InlineData("addrs", true)]
    [InlineData("modvs", true)]
    [InlineData("modrs", true)]
    [InlineData("delrs", true)]
    [InlineData("delvs", true)]
    public async Task A_lost_answer_is_resolved_by_reading_back(string command, bool done)
    {
        foreach (var api in new[] { "v1", "v2" })
        {
            var kemp = await bed.StartProvisionerAsync(Stopping, options => options.Api = api);
            void Lose() => bed.Running.Faults.Add(new(done ? FaultKind.DropAfter : FaultKind.DropBefore, (_, path) => api == "v2" || path.StartsWith($"/access/{command}?", StringComparison.Ordinal)));

            Lose();
            await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
            var first = bed.Outline();
            bed.Running.Faults.Clear();
            Lose();
            await kemp.DeployAsync(Key("shop"), Changed, [Shop], Stopping);
            var second = bed.Outline();
            bed.Running.Faults.Clear();
            Lose();
            await kemp.UndeployAsync(Key("shop"), [Changed], Stopping);
            bed.Running.Faults.Clear();

            Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1 10.0.0.2:8080*3]"], first);
            Assert.Equal(["127.10.0.2:80/tcp interlook@test@default@shop [10.0.0.2:8080*4 10.0.0.3:8080*1]"], second);
            Assert.Empty(bed.Outline());
        }
    }

    [Fact]
    public async Task An_appliance_that_drops_everything_is_unreachable()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        bed.Running.Faults.Add(new(FaultKind.DropBefore, Times: 1000));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.EndsWith("the connection broke off before the answer was whole; if it happens often, lower maxCallsPerSecond", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "", Reason.Unavailable, "it may pass by itself")]
    [InlineData(500, "", Reason.Unavailable, "it may pass by itself")]
    [InlineData(429, "", Reason.Unavailable, "it may pass by itself")]
    [InlineData(401, "<html>", Reason.Unauthorized, "check username and passwordFile")]
    [InlineData(403, "", Reason.Unauthorized, "give the user the permissions")]
    [InlineData(404, "<html>", Reason.Refused, "switch the API interface on")]
    [InlineData(405, "<html>", Reason.Refused, "does the appliance's version have the interface")]
    [InlineData(302, "", Reason.Refused, "write the final `endpoint`")]
    [InlineData(418, "", Reason.Refused, "the appliance's log says more")]
    [InlineData(200, "<html><body>Welcome</body></html>", Reason.Malformed, "check `endpoint` and `api`")]
    [InlineData(200, "hello", Reason.Malformed, "it is no XML from line 1 on")]
    [InlineData(200, "<?xml version=\"1.0\"?><Response stat=\"422\" code=\"ok\"><Error>No\nway</Error></Response>", Reason.Refused, ": 422 No way;")]
    [InlineData(200, "<?xml version=\"1.0\"?><Response stat=\"200\" code=\"ok\"><Success><Data><VS><Index>1", Reason.Malformed, "it is no XML")]
    public async Task Every_answer_has_its_reason_and_says_what_to_do(int status, string body, Reason reason, string text)
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        bed.Running.Faults.Add(new(FaultKind.Refuse, Times: 1000) { Status = status, Body = body });

        ExtensionException[] failures =
        [
            await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping)),
            await Assert.ThrowsAsync<ExtensionException>(() => kemp.UndeployAsync(Key("shop"), [Shop], Stopping)),
            await Assert.ThrowsAsync<ExtensionException>(() => kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping)),
            await Assert.ThrowsAsync<ExtensionException>(() => kemp.CheckAsync(Stopping)),
        ];

        foreach (var failure in failures)
        {
            Assert.Equal(reason, failure.Reason);
            Assert.StartsWith($"LoadMaster at http://127.0.0.1:{bed.Running.Port}: ", failure.Message, StringComparison.Ordinal);
            Assert.Contains(text, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("hello", "it is no JSON")]
    [InlineData("[]", "it is JSON, but has no code")]
    [InlineData("{\"code\":200,", "it is no JSON")]
    public async Task What_is_no_answer_of_the_second_interface_is_malformed(string body, string text)
    {
        var kemp = await bed.StartProvisionerAsync(Stopping, options => options.Api = "v2");
        bed.Running.Faults.Add(new(FaultKind.Refuse) { Status = 200, Body = body });

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));

        Assert.Equal(Reason.Malformed, failure.Reason);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hang_ends_with_the_time_for_an_answer()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        bed.Running.Faults.Add(new(FaultKind.Hang, (_, path) => path.Contains("addvs", StringComparison.Ordinal)));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));
        await bed.NobodyIsHeldAsync();
        await kemp.DeployAsync(Key("shop"), Shop, [Shop], Stopping);

        Assert.Equal(Reason.Timeout, failure.Reason);
        Assert.Contains("adding a virtual service at 127.10.0.1:80 for shop failed: no answer within 10 seconds", failure.Message, StringComparison.Ordinal);
        Assert.Single(bed.Outline());
    }

    [Fact]
    public async Task An_appliance_that_starts_again_in_the_middle_loses_nothing()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Kemp.CallsWhileBooting = 1;

        await bed.Running.RestartAsync();
        var booting = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Changed, [Shop], Stopping));
        await kemp.DeployAsync(Key("shop"), Changed, [Shop], Stopping);

        Assert.Equal(Reason.Unavailable, booting.Reason);
        Assert.Equal(["127.10.0.2:80/tcp interlook@test@default@shop [10.0.0.2:8080*4 10.0.0.3:8080*1]"], bed.Outline());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_shows_only_after_a_moment_is_waited_for(bool lost)
    {
        bed.Kemp.VisibilityDelay = TimeSpan.FromMilliseconds(500);
        var kemp = await bed.StartProvisionerAsync(Stopping);
        if (lost)
            bed.Running.Faults.Add(new(FaultKind.DropAfter, (_, path) => path.Contains("addvs", StringComparison.Ordinal)));

        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);

        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1 10.0.0.2:8080*3]"], bed.Outline());
    }

    [Fact]
    public async Task A_service_that_does_not_show_yet_is_removed_all_the_same()
    {
        bed.Kemp.VisibilityDelay = TimeSpan.FromMilliseconds(500);
        var kemp = await bed.StartProvisionerAsync(Stopping);
        bed.Running.Faults.Add(new(FaultKind.DropAfter, (_, path) => path.Contains("addvs", StringComparison.Ordinal)));
        bed.Running.Faults.Add(new(FaultKind.Refuse, (_, path) => path.Contains("listvs", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));
        bed.Running.Faults.Clear();

        await kemp.DeployAsync(Key("blog"), Define("blog", "127.10.0.9"), [], Stopping);
        await kemp.UndeployAsync(Key("blog"), [], Stopping);
        await kemp.UndeployAsync(Key("shop"), [Shop], Stopping);
        bed.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(bed.Outline());
    }

    [Fact]
    public async Task Failures_hidden_behind_status_200_are_failures()
    {
        bed.Kemp.HidesJsonFailures = true;
        bed.Kemp.NonLocalServers = false;
        var kemp = await bed.StartProvisionerAsync(Stopping, options => options.Api = "v2");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));

        Assert.Equal(Reason.Refused, failure.Reason);
        Assert.Contains("as one that may be non-local failed: 422 Unknown parameter value non_local=1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_only_read_is_unauthorized_and_nothing_changes()
    {
        bed.Kemp.Readers.Add("api");
        var kemp = await bed.StartProvisionerAsync(Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));

        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Empty(bed.Outline());
    }

    [Fact]
    public async Task A_service_whose_mark_was_cut_is_taken_back()
    {
        bed.Kemp.LongestNickname = 12;
        var kemp = await bed.StartProvisionerAsync(Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));

        Assert.Equal(Reason.Refused, failure.Reason);
        Assert.Contains("took the nickname interlook@test@default@shop as 'interlook@te'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bed.Outline());
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task An_API_key_is_enough_and_is_in_no_message(string api)
    {
        bed.Kemp.ApiKeys["k3y/+= with blanks"] = "api";
        var kemp = await bed.StartProvisionerAsync(Stopping, options =>
            (options.Api, options.Username, options.Password, options.ApiKey) = (api, null, null, new Secret("k3y/+= with blanks")));

        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Kemp.ApiKeys.Clear();
        var refused = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));
        await bed.Running.StopAsync();
        var away = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));

        Assert.Equal(Reason.Unauthorized, refused.Reason);
        Assert.Equal(Reason.Unreachable, away.Reason);
        Assert.All(new[] { refused, away }, failure => Assert.DoesNotContain("k3y", failure.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_costs_a_call_only_when_nothing_was_heard_lately()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);

        await kemp.CheckAsync(Stopping);
        var soon = bed.Kemp.Commands.Count;
        bed.Time.Advance(TimeSpan.FromSeconds(5));
        await kemp.CheckAsync(Stopping);

        Assert.Equal(0, soon);
        Assert.Equal(["get param=version"], bed.Kemp.Commands);
    }
}
