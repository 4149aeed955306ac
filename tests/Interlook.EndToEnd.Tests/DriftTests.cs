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
