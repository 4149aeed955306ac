using Interlook.Extensions.Etcd;
using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Etcd.SkyDnsBed;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>What stands in a real etcd, v3 and v2, after <c>dns.skydns</c> has written: keys and JSON against golden files.</summary>
public sealed class RecordsTests(EtcdServer etcd) : IClassFixture<EtcdServer>, IAsyncLifetime
{
    private static readonly Dictionary<string, (Action<SkyDnsOptions> Configure, ServiceDefinition[] Services)> Cases = new()
    {
        ["public_address"] = (_ => { }, [At("10.77.66.1", "shop", "www.shop.skydns.local"), At("2001:db8::1", "blog") with { Tls = true }]),
        ["targets"] = (_ => { },
            [Of("web", new("10.0.0.1", 8080), new("10.0.0.1", 8081, 3), new("2001:db8::7", 80), new("db.example.org", 5432), new("10.0.0.9", 1, 0))]),
        ["legacy_keys"] = (options => options.LegacyKeys = true, [Of("httpd", new Target("10.77.66.0", 8080))]),
        ["other_settings"] = (
            options =>
            {
                (options.Domain, options.Prefix, options.Priority, options.Weight) = ("east.example.org", "dns/sky", 5, 100);
                (options.Ttl, options.HttpPort, options.Hostname) = (TimeSpan.FromSeconds(5), 8000, "node2-example-org");
            },
            [At("10.77.66.1", "shop", "www.east.example.org", "www.example.net")]),
        ["root_domain"] = (options => options.Domain = "", [At("10.77.66.1", "shop.example.org")]),
    };

    public static TheoryData<string, string> CasesAndApis => [.. Cases.Keys.SelectMany(name => new[] { (name, "v3"), (name, "v2") })];

    public async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(CasesAndApis))]
    public async Task Keys_and_values_are_as_the_golden_file_has_them(string name, string api)
    {
        await using var bed = new SkyDnsBed(etcd);
        var options = bed.Options(api);
        Cases[name].Configure(options);
        var provisioner = await bed.StartAsync(options);

        foreach (var service in Cases[name].Services)
            await provisioner.DeployAsync(Key(service.Name), service, [], Stopping);

        var found = string.Join('\n', await bed.ReadAsync(api)) + "\n";
        var golden = Repository.File("tests", "Interlook.Extensions.Tests", "Etcd", "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("INTERLOOK_WRITE_GOLDEN") == "1")
            await File.WriteAllTextAsync(golden, found, Stopping);
        Assert.Equal(await File.ReadAllTextAsync(golden, Stopping), found);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("v2")]
    public async Task An_etcd_that_holds_nothing_is_observed_as_empty(string api)
    {
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync(api);

        var observed = await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping);

        Assert.Empty(observed.Drifts);
        Assert.Empty(observed.Orphans);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("v2")]
    public async Task Two_services_of_one_name_on_one_host_both_appear_and_one_goes_alone(string api)
    {
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync(api);
        var one = Of("httpd", new Target("10.0.0.1", 8080));
        var two = Of("httpd", new Target("10.0.0.1", 8081));

        await Task.WhenAll(
            provisioner.DeployAsync(Key("httpd-1"), one, [], Stopping), provisioner.DeployAsync(Key("httpd-2"), two, [], Stopping));
        var both = await bed.ReadAsync(api);
        await provisioner.UndeployAsync(Key("httpd-1"), [one], Stopping);
        var left = await bed.ReadAsync(api);

        Assert.Equal(2, both.Length);
        Assert.Contains("8081", Assert.Single(left), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("v2")]
    public async Task Interlooks_of_one_instance_on_two_hosts_publish_one_name_side_by_side(string api)
    {
        await using var bed = new SkyDnsBed(etcd);
        var (first, second) = (await bed.StartAsync(api, "node1"), await bed.StartAsync(api, "node2"));
        var service = Of("httpd", new Target("10.0.0.1", 8080));
        await first.DeployAsync(Key("httpd"), service, [], Stopping);

        await second.DeployAsync(Key("httpd"), service, [], Stopping);
        var both = await bed.ReadAsync(api);
        var observed = await first.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping);
        await first.UndeployAsync(Key("httpd"), [service], Stopping);

        Assert.Equal(2, both.Length);
        Assert.Contains("/node1-", Assert.Single(observed.Orphans).Subject, StringComparison.Ordinal);
        Assert.Contains("/node2-", Assert.Single(await bed.ReadAsync(api)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("v2")]
    public async Task With_legacy_keys_the_second_service_of_a_name_waits_for_the_first(string api)
    {
        await using var bed = new SkyDnsBed(etcd);
        var options = bed.Options(api);
        options.LegacyKeys = true;
        var provisioner = await bed.StartAsync(options);
        var (one, two) = (Of("httpd", new Target("10.0.0.1", 8080)), Of("httpd", new Target("10.0.0.1", 8081)));
        await provisioner.DeployAsync(Key("httpd-1"), one, [], Stopping);

        var conflict = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.DeployAsync(Key("httpd-2"), two, [], Stopping));
        await provisioner.UndeployAsync(Key("httpd-1"), [one], Stopping);
        await provisioner.DeployAsync(Key("httpd-2"), two, [two], Stopping);

        Assert.Equal(Reason.Conflict, conflict.Reason);
        Assert.Contains("service httpd-1's", conflict.Message, StringComparison.Ordinal);
        Assert.Contains("8081", Assert.Single(await bed.ReadAsync(api)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("v2")]
    public async Task A_foreign_record_beside_ours_is_left_alone_and_reported_once(string api)
    {
        await using var bed = new SkyDnsBed(etcd);
        var log = new LogLines();
        var provisioner = await bed.StartAsync(bed.Options(api), log);
        var shop = At("10.77.66.1", "shop");
        await provisioner.DeployAsync(Key("shop"), shop, [], Stopping);
        const string Foreign = "/skydns/local/skydns/shop/theirs";
        if (api == "v3")
            await etcd.ControlAsync("put", Foreign, """{"host":"10.9.9.9"}""");
        else
            await etcd.OldAsync(HttpMethod.Put, Foreign, ("value", """{"host":"10.9.9.9"}"""));
        var applied = new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = shop };

        await provisioner.ObserveAsync(applied, Stopping);
        var observed = await provisioner.ObserveAsync(applied, Stopping);
        await provisioner.UndeployAsync(Key("shop"), [shop], Stopping);

        Assert.Empty(observed.Drifts);
        Assert.Single(log.All, line => line.Contains($"shop.skydns.local has a record that no Interlook wrote, {Foreign}", StringComparison.Ordinal));
        Assert.StartsWith(Foreign, Assert.Single(await bed.ReadAsync(api)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_others_changed_under_our_mark_is_drift_and_is_mended()
    {
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync();
        var shop = At("10.77.66.1", "shop");
        await provisioner.DeployAsync(Key("shop"), shop, [], Stopping);
        var (key, value, _) = Assert.Single(await etcd.ReadAsync());
        await etcd.ControlAsync("put", key, value.Replace("10.77.66.1", "10.66.66.66", StringComparison.Ordinal));

        var observed = await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = shop }, Stopping);
        await provisioner.DeployAsync(Key("shop"), shop, [shop], Stopping);

        Assert.Contains("10.66.66.66", Assert.Single(observed.Drifts).Difference, StringComparison.Ordinal);
        Assert.Equal(value, Assert.Single(await etcd.ReadAsync()).Value);
    }

    [Fact]
    public async Task A_service_with_more_records_than_a_transaction_holds_comes_and_goes_whole()
    {
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync();
        var service = Of("big", [.. Enumerable.Range(1, 200).Select(i => new Target($"10.0.0.{i}", 80))]);

        await provisioner.DeployAsync(Key("big"), service, [], Stopping);
        var written = (await bed.ReadAsync()).Length;
        var fewer = service with { Targets = [.. service.Targets.Take(3)] };
        await provisioner.DeployAsync(Key("big"), fewer, [service], Stopping);
        var left = (await bed.ReadAsync()).Length;
        await provisioner.UndeployAsync(Key("big"), [fewer], Stopping);

        Assert.Equal(200, written);
        Assert.Equal(3, left);
        Assert.Empty(await bed.ReadAsync());
    }

    [Fact]
    public async Task What_is_below_the_prefix_and_not_ours_survives_everything()
    {
        await using var bed = new SkyDnsBed(etcd);
        await etcd.ControlAsync("put", "/skydns/config", "{}");
        await etcd.ControlAsync("put", "/skydns/local/skydns/dns/ns/a", """{"host":"10.9.9.9"}""");
        var before = await bed.ReadAsync();
        var provisioner = await bed.StartAsync();
        var services = Enumerable.Range(0, 100).Select(i => At($"10.0.1.{i + 1}", $"app{i}")).ToList();

        await Task.WhenAll(services.Select(service => provisioner.DeployAsync(Key(service.Name), service, [], Stopping)));
        var during = (await bed.ReadAsync()).Length;
        await Task.WhenAll(services.Select(service => provisioner.UndeployAsync(Key(service.Name), [service], Stopping)));

        Assert.Equal(102, during);
        Assert.Equal(before, await bed.ReadAsync());
    }
}
