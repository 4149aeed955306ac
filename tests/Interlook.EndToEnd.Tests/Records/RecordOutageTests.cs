using System.Diagnostics;
using System.Globalization;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.Records;

/// <summary>
/// provider.docker and dns.skydns between a real Docker Engine and a real etcd while these fail. In the end the keys are those of the running
/// containers, and no name is without its key for longer than etcd itself was away.
/// </summary>
[Collection(RealServers.Name)]
public sealed class RecordOutageTests(Servers servers)
{
    [Fact]
    public async Task Containers_that_start_stop_die_move_and_share_a_name_have_their_keys()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        await site.StartInterlookAsync();

        await site.RunAsync("one", "web");
        await site.RunAsync("two", "web");
        await site.RunAsync("api", "api");
        await site.AgreesAsync();
        await site.Docker.DockerAsync("stop", "-t", "1", "one");
        await site.Docker.DockerAsync("kill", "api");
        await site.AgreesAsync();
        await site.Docker.DockerAsync("start", "one"); // on another port
        await site.AgreesAsync();
        await site.Docker.DockerAsync("rm", "-f", "two");
        await site.AgreesAsync();

        Assert.Single(await site.Etcd.ReadAsync());
    }

    [Fact]
    public async Task An_etcd_that_is_killed_for_longer_than_the_lease_has_all_keys_when_it_is_back()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        await site.StartInterlookAsync();
        await PublishAsync(site);

        await site.Etcd.KillAsync();
        await PassAsync(RecordSite.Lease + TimeSpan.FromSeconds(2));
        await site.RunAsync("late", "late");
        await site.Etcd.StartAsync();

        await site.AgreesAsync();
        await NeverAbsentForLongerThanTheOutageAsync(site);
    }

    [Fact]
    public async Task An_etcd_that_lost_its_data_has_all_keys_again()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        await site.StartInterlookAsync();
        await PublishAsync(site);

        await site.Etcd.WipeAsync();
        await PassAsync(TimeSpan.FromSeconds(3));
        await site.Etcd.StartAsync();

        await site.AgreesAsync();
        await NeverAbsentForLongerThanTheOutageAsync(site);
    }

    [Fact]
    public async Task A_compaction_costs_no_key()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        await site.StartInterlookAsync();
        await PublishAsync(site);

        for (var i = 0; i < 20; i++)
            await site.Etcd.ControlAsync("put", "/elsewhere", i.ToString(CultureInfo.InvariantCulture));
        await site.Etcd.ControlAsync("compact", "20");
        await site.Etcd.ControlAsync("defrag");
        await site.RunAsync("late", "late");
        await site.Docker.DockerAsync("rm", "-f", "one");

        await site.AgreesAsync();
        Assert.InRange(site.Observer.Absence("api"), TimeSpan.Zero, site.Observer.Outage); // defragmenting, etcd does not answer
    }

    [Fact]
    public async Task An_etcd_without_space_keeps_what_it_has_lets_go_what_ended_and_takes_what_is_new_when_it_has_space()
    {
        await using var site = await RecordSite.OpenAsync(servers, "--quota-backend-bytes=400000");
        await site.StartInterlookAsync();
        await PublishAsync(site);
        await FillAsync(site.Etcd);

        await site.RunAsync("late", "late");
        await site.Docker.DockerAsync("rm", "-f", "one");
        await Eventually.TrueAsync(
            "the ended container's key is gone, and nothing else",
            async () => (await OursAsync(site.Etcd)).Select(key => key.Split('/')[^2]).SequenceEqual(["api", "web"]));
        await PassAsync(RecordSite.Lease + TimeSpan.FromSeconds(1));
        await site.Etcd.ControlAsync("del", "/full/", "--prefix");
        await site.Etcd.ControlAsync("compact", await RevisionAsync(site.Etcd));
        await site.Etcd.ControlAsync("defrag");
        await site.Etcd.ControlAsync("alarm", "disarm");

        await site.AgreesAsync();
        Assert.InRange(site.Observer.Absence("api"), TimeSpan.Zero, site.Observer.Outage);
    }

    [Fact]
    public async Task A_docker_daemon_that_is_killed_or_restarted_costs_no_key_of_what_goes_on_running()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        await site.StartInterlookAsync();
        await PublishAsync(site, "--restart", "always");

        await site.Docker.KillDaemonAsync();
        await PassAsync(RecordSite.Lease + TimeSpan.FromSeconds(1));

        Assert.Equal(3, (await OursAsync(site.Etcd)).Count); // its containers go on without it
        Assert.Equal(TimeSpan.Zero, site.Observer.Absence("api"));
        await site.Docker.StartDaemonAsync();
        await site.AgreesAsync();
        await site.Docker.StopDaemonAsync();
        await site.Docker.StartDaemonAsync();
        await site.AgreesAsync();
    }

    [Fact]
    public async Task A_clock_that_jumps_costs_no_key()
    {
        var library = FakeTime();
        await using var site = await RecordSite.OpenAsync(servers);
        await File.WriteAllTextAsync(site.ClockFile, "+0", TestContext.Current.CancellationToken);
        var interlook = await site.StartInterlookAsync(new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = site.ClockFile,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", // an administrator or NTP moves the wall clock only
        });
        await PublishAsync(site);

        foreach (var jump in (string[])["+90d", "-90d", "+0"])
        {
            await File.WriteAllTextAsync(site.ClockFile, jump, TestContext.Current.CancellationToken);
            await PassAsync(RecordSite.Lease + TimeSpan.FromSeconds(1));
            await site.Docker.DockerAsync("restart", "-t", "0", "one");
            await site.AgreesAsync();
        }

        Assert.Equal(TimeSpan.Zero, site.Observer.Absence("api"));
        var jumped = TimeProvider.System.GetUtcNow().AddDays(90).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        Assert.Contains(jumped, interlook.Log, StringComparison.Ordinal); // its clock did jump
    }

    [Fact]
    public async Task An_Interlook_that_is_killed_and_comes_back_leaves_no_key_behind_and_none_out()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        var interlook = await site.StartInterlookAsync();
        await PublishAsync(site);

        for (var kill = 0; kill < 5; kill++)
        {
            var name = kill.ToString(CultureInfo.InvariantCulture);
            await interlook.KillAsync();
            await site.RunAsync($"new{name}", $"new{name}");
            await site.Docker.DockerAsync("restart", "-t", "0", "one");
            interlook = await site.StartInterlookAsync();
            await site.AgreesAsync();
            await site.Docker.DockerAsync("rm", "-f", $"new{name}");
        }

        await site.AgreesAsync();
        Assert.Equal(0, await interlook.StopAsync());
    }

    [Fact]
    public async Task What_a_dead_Interlook_wrote_ends_with_its_lease()
    {
        await using var site = await RecordSite.OpenAsync(servers);
        var interlook = await site.StartInterlookAsync();
        await PublishAsync(site);

        await interlook.KillAsync();

        await Eventually.TrueAsync("the keys are gone", async () => (await OursAsync(site.Etcd)).Count == 0);
    }

    /// <summary>Two containers of one name and one of another, known to the observer once all have their keys.</summary>
    private static async Task PublishAsync(RecordSite site, params string[] options)
    {
        await site.RunAsync("one", "web", options);
        await site.RunAsync("two", "web", options);
        await site.RunAsync("api", "api", options);
        await site.AgreesAsync();
        site.Observer.Expect("web");
        site.Observer.Expect("api");
    }

    private static async Task NeverAbsentForLongerThanTheOutageAsync(RecordSite site)
    {
        await site.AgreesAsync();
        Assert.InRange(site.Observer.Absence("web"), TimeSpan.Zero, site.Observer.Outage);
        Assert.InRange(site.Observer.Absence("api"), TimeSpan.Zero, site.Observer.Outage);
    }

    private static async Task<List<string>> OursAsync(EtcdServer etcd) =>
        [.. (await etcd.ReadAsync()).Select(record => record.Key).Where(key => key.StartsWith("/skydns/", StringComparison.Ordinal))];

    /// <summary>Writes until etcd takes no more; it measures itself at its commits only, a few a second.</summary>
    private static async Task FillAsync(EtcdServer etcd) => await Assert.ThrowsAsync<InvalidOperationException>(async () =>
    {
        for (var i = 0; i < 300; i++)
            await etcd.ControlAsync("put", $"/full/{i}", new string('x', 90_000));
    });

    private static async Task<string> RevisionAsync(EtcdServer etcd) =>
        System.Text.Json.Nodes.JsonNode.Parse(await etcd.ControlAsync("get", "/", "--keys-only", "-w", "json"))!["header"]!["revision"]!.ToString();

    private static string FakeTime()
    {
        var library = Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        if (library is null)
            TestMachine.Absent("libfaketime is not installed: run tests/install.sh");
        return library!;
    }

    /// <summary>The outage lasts this long: what is waited for is a server that is away, not a condition.</summary>
    private static Task PassAsync(TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        return Eventually.TrueAsync("time has passed", () => watch.Elapsed > time);
    }
}
