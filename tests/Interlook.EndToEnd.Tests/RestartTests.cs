using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>Interlook itself stops and starts.</summary>
public sealed class RestartTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";

    [Fact]
    public async Task Stopping_undeploys_nothing_and_starting_again_writes_nothing()
    {
        var first = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        await Site.RunAsync("store", "store.example.org");
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Site.AnswersAsync("store.example.org", Site.HttpPort, "store");
        await Agreement.ReachedAsync(Site, first);
        var before = await StateAsync();

        Assert.Equal(0, await first.StopAsync());
        Assert.Equal(before, await StateAsync());
        Assert.Equal(address, await Site.AnswersAsync(Shop, Site.HttpPort, "shop"));

        var second = await Site.StartInterlookAsync();
        await Agreement.ReachedAsync(Site, second);
        Assert.Equal(before, await StateAsync());
        Assert.DoesNotContain("interlook_step_duration_seconds_count{action=\"deploy\"", await second.ReadAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task What_changed_while_it_was_stopped_is_made_up_for_at_the_next_start()
    {
        var first = await Site.StartInterlookAsync();
        await Site.RunAsync("gone", "gone.example.org");
        await Site.RunAsync("stays", "stays.example.org");
        var address = await Site.AnswersAsync("gone.example.org", Site.HttpPort, "gone");
        await Site.AnswersAsync("stays.example.org", Site.HttpPort, "stays");
        Assert.Equal(0, await first.StopAsync());
        await Docker.DockerAsync("rm", "-f", "gone");
        await Site.RunAsync("new", "new.example.org");

        var second = await Site.StartInterlookAsync();

        await Site.AnswersAsync("new.example.org", Site.HttpPort, "new");
        await Site.AnswersAsync("stays.example.org", Site.HttpPort, "stays");
        await Site.WaitAsync(() => "the old name is gone", async () => await Site.ResolveAsync("gone.example.org") is []);
        await Agreement.ReachedAsync(Site, second);
        Assert.StartsWith(Site.Prefix, address, StringComparison.Ordinal);
    }

    /// <summary>What a write would change: the indices of Consul, HAProxy's processes and reloads, and the files' content.</summary>
    private async Task<string> StateAsync()
    {
        var consul = (await Consul.GetAsync("/v1/health/service/shop"))!.ToJsonString() + (await Consul.GetAsync("/v1/health/service/store"))!.ToJsonString();
        var (reloads, failed, workers) = await HAProxy.ProcessesAsync();
        var leases = (await Site.LeasesAsync()).Select(lease => $"{lease.Key} {lease.Value}").Order(StringComparer.Ordinal);
        return $"{consul}\n{reloads} {failed} {string.Join(' ', workers)}\n{await Site.ReadOwnConfigAsync()}\n{string.Join('\n', leases)}";
    }
}
