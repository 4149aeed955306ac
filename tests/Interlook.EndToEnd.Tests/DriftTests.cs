using System.Text.Json.Nodes;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>Somebody changes what Interlook made; the resync puts it right.</summary>
public sealed class DriftTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";

    [Fact]
    public async Task A_registration_that_somebody_removed_from_consul_comes_back()
    {
        var interlook = await StartAsync();
        var node = $"interlook-{Site.Instance}";
        var services = (await Consul.GetAsync($"/v1/catalog/node/{node}"))!["Services"]!.AsObject();

        await Consul.DeregisterAsync(new JsonObject { ["Node"] = node, ["ServiceID"] = services.Single().Key });

        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Agreement.ReachedAsync(Site, interlook);
        Assert.Contains("dns.consul drifted for shop", interlook.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_that_somebody_edited_in_haproxys_file_is_put_right()
    {
        var interlook = await StartAsync();

        await Site.EditOwnConfigAsync(text => string.Join('\n', text.Split('\n').Where(line => !line.Trim().StartsWith("server 127.", StringComparison.Ordinal))));

        await Agreement.ReachedAsync(Site, interlook);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        Assert.Contains("lb.haproxy drifted for shop", interlook.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_that_somebody_deleted_from_haproxys_file_comes_back()
    {
        var interlook = await StartAsync();

        await Site.EditOwnConfigAsync(text => text[..text.IndexOf($"# interlook begin instance={Site.Instance} name=", StringComparison.Ordinal)]);

        await Agreement.ReachedAsync(Site, interlook);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
    }

    [Fact]
    public async Task What_a_loss_of_all_entries_left_behind_is_shown_and_taken_back_on_request()
    {
        var first = await StartAsync();
        var address = await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await first.StopAsync();
        await Docker.DockerAsync("rm", "-f", "shop");
        foreach (var file in Directory.EnumerateFiles(Site.Folder.Path, "flowentries.db*"))
            File.Delete(file);
        await Site.RunAsync("stays", "stays.example.org");
        var second = await Site.StartInterlookAsync();
        await Site.AnswersAsync("stays.example.org", Site.HttpPort, "stays");
        await Site.WaitAsync(() => "each step shows its orphan", async () => (await second.RunAsync("orphans")).Output.Split('\n').Count(line => line.Contains('.')) >= 3);

        var removed = await second.RunAsync("orphans", "--remove");

        Assert.Equal((0, ""), (removed.ExitCode, removed.Error));
        Assert.Contains("1 service ", removed.Output, StringComparison.Ordinal);
        await Site.IsGoneAsync(Shop, address, Site.HttpPort);
        await Site.AnswersAsync("stays.example.org", Site.HttpPort, "stays");
        await Site.WaitAsync(() => "no orphan is shown", async () => !(await second.RunAsync("orphans")).Output.Contains(Site.Instance, StringComparison.Ordinal));
        await Agreement.ReachedAsync(Site, second);
    }

    private async Task<InterlookDaemon> StartAsync()
    {
        Site.Resync = "2s";
        var interlook = await Site.StartInterlookAsync();
        await Site.RunAsync("shop", Shop);
        await Site.AnswersAsync(Shop, Site.HttpPort, "shop");
        await Agreement.ReachedAsync(Site, interlook);
        return interlook;
    }
}
