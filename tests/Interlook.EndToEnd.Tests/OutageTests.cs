using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>A server goes away and comes back: nothing is withdrawn wrongly, the reason is shown, and everything comes together again.</summary>
public sealed class OutageTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";
    private const string Late = "late.example.org";

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // A test that failed may have left a shared server stopped; to start one that runs does nothing.
        await Docker.SignalAsync("CONT");
        await Docker.StartDaemonAsync();
        await Consul.StartAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_docker_daemon_that_hangs_withdraws_nothing_and_its_clients_notice_nothing()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        await Docker.SignalAsync("STOP");
        var (reason, message) = await FailsAsync(interlook, "provider.docker");
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Docker.SignalAsync("CONT");

        Assert.Equal("Timeout", reason);
        Assert.NotEmpty(message);
        await RecoversAsync(interlook, "provider.docker");
        await Site.RunAsync("late", Late);
        await Site.AnswersAsync(Late, Site.HttpPort, "late");
        await Agreement.ReachedAsync(Site, interlook);
    }

    [Fact]
    public async Task A_docker_daemon_that_is_killed_withdraws_nothing_until_it_says_what_runs()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("always", "always.example.org", options: ["--restart", "always"]);
        await Site.RunAsync("once", "once.example.org");
        var address = await Site.AnswersAsync("once.example.org", Site.HttpPort, "once");
        await Site.AnswersAsync("always.example.org", Site.HttpPort, "always");

        await Docker.KillDaemonAsync();
        var (reason, message) = await FailsAsync(interlook, "provider.docker");
        var entries = await interlook.EntriesAsync();
        var names = (await Site.ResolveAsync("once.example.org"), await Site.ResolveAsync("always.example.org"));
        await Docker.StartDaemonAsync();

        Assert.Contains(reason, (string[])["Unreachable", "Unavailable"]); // a stream that ends soon after it was opened is the second
        Assert.Contains(Docker.SocketPath, message, StringComparison.Ordinal);
        Assert.All(entries.Values, entry => Assert.Equal("deployed", entry.Expected));
        Assert.Equal(2, entries.Count);
        Assert.Equal((1, 1), (names.Item1.Count, names.Item2.Count));
        await RecoversAsync(interlook, "provider.docker");
        // Without live-restore a daemon ends what it finds running, and starts again what is to be restarted.
        await Site.IsGoneAsync("once.example.org", address, Site.HttpPort);
        await Site.AnswersAsync("always.example.org", Site.HttpPort, "always");
        await Agreement.ReachedAsync(Site, interlook);
    }

    [Fact]
    public async Task A_docker_daemon_that_is_restarted_has_its_containers_published_as_they_are_afterwards()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("always", "always.example.org", options: ["--restart", "always"]);
        await Site.RunAsync("once", "once.example.org");
        var address = await Site.AnswersAsync("once.example.org", Site.HttpPort, "once");
        var sticky = await Site.AnswersAsync("always.example.org", Site.HttpPort, "always");

        await Docker.StopDaemonAsync();
        var (reason, _) = await FailsAsync(interlook, "provider.docker");
        await Docker.StartDaemonAsync();

        Assert.Contains(reason, (string[])["Unreachable", "Unavailable"]); // a stream that ends soon after it was opened is the second
        await RecoversAsync(interlook, "provider.docker");
        Assert.Equal(sticky, await Site.AnswersAsync("always.example.org", Site.HttpPort, "always"));
        await Site.IsGoneAsync("once.example.org", address, Site.HttpPort);
        await Agreement.ReachedAsync(Site, interlook);
    }

    [Fact]
    public async Task While_consul_is_stopped_what_is_there_goes_on_and_what_is_new_waits_for_it()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        await Consul.StopAsync();
        await Site.RunAsync("late", Late);
        await Site.EntryAsync(interlook, "late", "waits for Consul", entry => entry is { Step: "dns.consul", Reason: "Unreachable", Error.Length: > 0 });
        var (reason, message) = await FailsAsync(interlook, "dns.consul");
        Assert.Equal(["shop"], (await Curl.GetAsync(Shop, address, Site.HttpPort, 3)).Distinct());
        await Consul.StartAsync();

        Assert.Equal("Unreachable", reason);
        Assert.Contains(Consul.Url.Authority, message, StringComparison.Ordinal);
        await RecoversAsync(interlook, "dns.consul");
        await Site.AnswersAsync(Late, Site.HttpPort, "late");
        Assert.Equal(address, await Site.AnswersAsync(Shop, Site.HttpPort, "shop"));
        await Agreement.ReachedAsync(Site, interlook);
    }

    [Fact]
    public async Task While_haproxy_is_killed_names_stay_and_what_is_new_waits_for_it()
    {
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");

        await HAProxy.KillAsync();
        await Site.RunAsync("late", Late);
        await Site.EntryAsync(interlook, "late", "waits for HAProxy", entry => entry is { Step: "lb.haproxy", Reason: "Unreachable", Error.Length: > 0 });
        var (reason, message) = await FailsAsync(interlook, "lb.haproxy");
        Assert.Equal([address], await Site.ResolveAsync(Shop));
        await HAProxy.StartAsync();

        Assert.Equal("Unreachable", reason);
        Assert.Contains(HAProxy.MasterSocket, message, StringComparison.Ordinal);
        Assert.Equal(address, await Site.AnswersAsync(Shop, Site.HttpPort, "shop"));
        await RecoversAsync(interlook, "lb.haproxy");
        await Site.AnswersAsync(Late, Site.HttpPort, "late");
        await Agreement.ReachedAsync(Site, interlook);
    }

    private static async Task<(string Reason, string Message)> FailsAsync(InterlookDaemon interlook, string extension)
    {
        (string, string)? failure = null;
        await Site.WaitAsync(() => $"GET /health says why {extension} is not connected", async () => (failure = await interlook.FailureAsync(extension)) is not null);
        return failure!.Value;
    }

    private static Task RecoversAsync(InterlookDaemon interlook, string extension) =>
        Site.WaitAsync(() => $"{extension} is connected again", async () => await interlook.FailureAsync(extension) is null);
}
