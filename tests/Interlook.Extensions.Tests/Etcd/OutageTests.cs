using System.Diagnostics;
using Interlook.Fixtures;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Etcd.SkyDnsBed;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>What becomes of the records when a real etcd fails, or Interlook dies. Nobody deploys anything anew in these tests.</summary>
public sealed class OutageTests
{
    private const int LeaseSeconds = 2;

    public static TheoryData<string> Apis => ["v3", "v2"];

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_etcd_that_was_killed_for_longer_than_the_lease_has_everything_again(string api)
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var written = await PublishAsync(bed, api);

        await etcd.KillAsync();
        await PassAsync(TimeSpan.FromSeconds(LeaseSeconds + 1));
        await etcd.StartAsync();

        await ComesBackAsync(bed, api, written);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_etcd_that_lost_its_data_gets_everything_again(string api)
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var written = await PublishAsync(bed, api, leaseSeconds: 60);

        await etcd.WipeAsync();
        await etcd.StartAsync();

        await ComesBackAsync(bed, api, written);
    }

    [Fact]
    public async Task A_lease_that_was_revoked_is_replaced_and_everything_written_under_the_new_one()
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var written = await PublishAsync(bed, "v3", leaseSeconds: 60);
        var lease = (await etcd.ReadAsync())[0].Lease;

        await etcd.ControlAsync("lease", "revoke", lease.ToString("x", null));

        await ComesBackAsync(bed, "v3", written);
        Assert.All(await etcd.ReadAsync(), record => Assert.NotEqual(lease, record.Lease));
    }

    [Fact]
    public async Task All_records_hang_on_one_lease_and_a_compaction_changes_nothing()
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync();
        var shop = At("10.77.66.1", "shop");
        await provisioner.DeployAsync(Key("shop"), shop, [], Stopping);
        for (var i = 0; i < 10; i++)
            await etcd.ControlAsync("put", "/elsewhere", $"{i}");
        await etcd.ControlAsync("compact", "10");
        await etcd.ControlAsync("defrag");

        var moved = At("10.77.66.2", "shop", "www");
        await provisioner.DeployAsync(Key("shop"), moved, [shop], Stopping);
        var records = (await etcd.ReadAsync()).Where(record => record.Key.StartsWith("/skydns", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, records.Count);
        Assert.All(records, record => Assert.Contains("10.77.66.2", record.Value, StringComparison.Ordinal));
        Assert.NotEqual(0, Assert.Single(records.Select(record => record.Lease).Distinct()));
    }

    [Fact]
    public async Task An_etcd_without_space_refuses_what_is_new_lets_go_what_is_withdrawn_and_recovers()
    {
        await using var etcd = new EtcdServer { Flags = ["--quota-backend-bytes=400000"] };
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync(leaseSeconds: LeaseSeconds);
        var (kept, gone, late) = (At("10.77.66.1", "kept"), At("10.77.66.2", "gone"), At("10.77.66.3", "late"));
        await provisioner.DeployAsync(Key("kept"), kept, [], Stopping);
        await provisioner.DeployAsync(Key("gone"), gone, [], Stopping);
        await FillAsync(etcd);

        var refused = Assert.ThrowsAsync<ExtensionException>(() => provisioner.DeployAsync(Key("late"), late, [], Stopping));
        await provisioner.UndeployAsync(Key("gone"), [gone], Stopping);
        Assert.Equal(Reason.Unavailable, (await refused).Reason);
        await PassAsync(TimeSpan.FromSeconds(LeaseSeconds + 1));
        Assert.Contains("kept", Assert.Single(Ours(await bed.ReadAsync())), StringComparison.Ordinal);

        await etcd.ControlAsync("del", "/full/", "--prefix");
        await etcd.ControlAsync("compact", (await RevisionAsync(etcd)).ToString(null as IFormatProvider));
        await etcd.ControlAsync("defrag");
        await etcd.ControlAsync("alarm", "disarm");
        await provisioner.DeployAsync(Key("late"), late, [late], Stopping);

        Assert.Equal(2, Ours(await bed.ReadAsync()).Length);
    }

    /// <summary>Writes until etcd takes no more; it measures itself at its commits only, a few a second.</summary>
    private static async Task FillAsync(EtcdServer etcd)
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            for (var i = 0; i < 300; i++)
                await etcd.ControlAsync("put", $"/full/{i}", new string('x', 90_000));
        });
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_Interlook_that_died_leaves_its_records_only_until_the_lease_ends(string api)
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync(api, leaseSeconds: LeaseSeconds);
        await provisioner.DeployAsync(Key("shop"), At("10.77.66.1", "shop"), [], Stopping);
        await PassAsync(TimeSpan.FromSeconds(LeaseSeconds + 2));
        Assert.Single(await bed.ReadAsync(api));

        await bed.EndAsync(provisioner);

        Assert.Single(await bed.ReadAsync(api));
        await Eventually.TrueAsync("the records are gone", async () => (await bed.ReadAsync(api)).Length == 0);
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task An_Interlook_that_comes_back_in_time_takes_its_records_over_before_they_end(string api)
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var shop = At("10.77.66.1", "shop");
        var first = await bed.StartAsync(api, leaseSeconds: LeaseSeconds);
        await first.DeployAsync(Key("shop"), shop, [], Stopping);
        var written = await bed.ReadAsync(api);
        await bed.EndAsync(first);

        var second = await bed.StartAsync(api, leaseSeconds: LeaseSeconds);
        await second.ResumeAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = shop }, Stopping);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(LeaseSeconds + 2))
            Assert.Equal(written, await bed.ReadAsync(api));

        await second.UndeployAsync(Key("shop"), [shop], Stopping);
        Assert.Empty(await bed.ReadAsync(api));
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task What_was_withdrawn_never_comes_back(string api)
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync(api);
        var (shop, blog) = (At("10.77.66.1", "shop"), At("10.77.66.2", "blog"));
        await provisioner.DeployAsync(Key("shop"), shop, [], Stopping);
        await provisioner.DeployAsync(Key("blog"), blog, [], Stopping);

        await etcd.WipeAsync();
        await Assert.ThrowsAsync<ExtensionException>(() => provisioner.UndeployAsync(Key("shop"), [shop], Stopping));
        await etcd.StartAsync();

        await Eventually.TrueAsync("blog is back", async () => (await bed.ReadAsync(api)).Length > 0);
        await provisioner.UndeployAsync(Key("shop"), [shop], Stopping);
        Assert.Contains("blog", Assert.Single(await bed.ReadAsync(api)), StringComparison.Ordinal);
    }

    private static async Task<string[]> PublishAsync(SkyDnsBed bed, string api, int leaseSeconds = LeaseSeconds)
    {
        var provisioner = await bed.StartAsync(api, leaseSeconds: leaseSeconds);
        await Task.WhenAll(Enumerable.Range(1, 70).Select(i =>
            provisioner.DeployAsync(Key($"app{i}"), Of($"app{i}", new($"10.0.0.{i}", 80), new($"10.0.0.{i}", 81)), [], Stopping)));
        var written = await bed.ReadAsync(api);
        Assert.Equal(140, written.Length);
        return written;
    }

    private static Task ComesBackAsync(SkyDnsBed bed, string api, string[] written) =>
        Eventually.TrueAsync("every record is back, and nothing else", async () => (await bed.ReadAsync(api)) is var found && written.AsSpan().SequenceEqual(found), TimeSpan.FromSeconds(15));

    private static string[] Ours(string[] keys) => [.. keys.Where(key => key.StartsWith("/skydns", StringComparison.Ordinal))];

    /// <summary>Lets the server's own clock pass a time; nothing is decided by how long it takes exactly.</summary>
    private static Task PassAsync(TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        return Eventually.TrueAsync("time has passed", () => watch.Elapsed > time);
    }

    private static async Task<long> RevisionAsync(EtcdServer etcd) =>
        (long)System.Text.Json.Nodes.JsonNode.Parse(await etcd.ControlAsync("get", "/", "-w", "json"))!["header"]!["revision"]!;
}
