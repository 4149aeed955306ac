using System.Net;
using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>The claims in Kubernetes, and what fails besides the nodes' agents.</summary>
[Collection(VipCollection.Name)]
public sealed class FailOverTests(VipsInKubernetes vips) : FailOverScenarios(vips.Laboratory)
{
    [Fact]
    public async Task A_node_that_only_the_clients_do_not_reach_keeps_its_addresses_and_they_answer_when_it_is_back()
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        await Laboratory.Network.CutAsync(vips.Hurt.Machine, LaboratoryNetwork.Front);
        await VipLaboratory.LetPassAsync(Longer);
        Assert.Equal(vips.Moving.Count, await vips.Hurt.CountAsync());
        await Laboratory.Network.JoinAsync(vips.Hurt.Machine, LaboratoryNetwork.Front);

        await vips.StayedAsync();
    }

    [Fact]
    public async Task A_node_whose_cable_is_pulled_answers_again_when_it_is_put_in()
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        await Laboratory.Network.UnplugAsync(vips.Hurt.Machine, LaboratoryNetwork.Front);
        await VipLaboratory.LetPassAsync(Longer);
        await Laboratory.Network.PlugAsync(vips.Hurt.Machine, LaboratoryNetwork.Front);

        await vips.StayedAsync();
    }

    [Fact]
    public async Task An_interface_that_goes_down_and_up_has_its_addresses_again_and_announces_them()
    {
        var vips = await AskedVips.AskAsync(Laboratory);
        await using var capture = await FrameCapture.StartAsync(Laboratory.Client);

        await vips.Hurt.Machine.Namespace.IpAsync("link set eth0 down", "link set eth0 up");

        await vips.StayedAsync();
        Assert.Equal(vips.Moving.Count, await vips.Hurt.CountAsync());
        foreach (var vip in vips.Moving)
            await Eventually.TrueAsync($"{vip.Address} is announced", () => capture.Count(vip.Address.ToString()) > 0 && capture.Lines.Any(line => IsAnnouncement(line, vip.Address.ToString())));
    }

    [Fact]
    public async Task While_the_api_server_is_down_for_a_minute_all_stays_as_it_is()
    {
        var vips = await AskedVips.AskAsync(Laboratory);
        var begun = Laboratory.Watcher.Now;

        await Laboratory.Place.KillAsync();
        await VipLaboratory.LetPassAsync(TimeSpan.FromMinutes(1));
        await vips.StayedAsync();
        await Laboratory.Place.StartAsync();

        await Laboratory.Place.AskAsync("later", NetworkLaboratory.FreeAddress(9));
        await Laboratory.HolderAsync(NetworkLaboratory.FreeAddress(9));
        await VipLaboratory.LetPassAsync(Longer);
        await vips.StayedAsync();
        // Without the peers' help they would have been away for the minute; a machine that is busy with other things may lose an answer or two.
        Assert.All(vips.Moving.Concat(vips.Staying), each => Assert.True(each.LongestGap(begun) < TimeSpan.FromSeconds(20), $"{each.Address} was away"));
    }

    [Fact]
    public async Task A_node_that_is_gone_for_good_leaves_nothing_when_its_record_is_deleted_and_may_come_back()
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        await vips.Hurt.KillAsync();
        await vips.PurgedAsync();
        await Laboratory.Place.DeleteNodeAsync(vips.Hurt.Name);
        await Laboratory.Place.AskAsync("later", [.. Enumerable.Range(4, 3).Select(NetworkLaboratory.FreeAddress)]);
        foreach (var number in Enumerable.Range(4, 3))
            Assert.NotEqual(vips.Hurt, await Laboratory.HolderAsync(NetworkLaboratory.FreeAddress(number)));
        Assert.DoesNotContain(vips.Hurt.Name, (await Laboratory.Place.NodesAsync()).Keys);

        await vips.Hurt.StartAsync();
        await Laboratory.AcquaintedAsync(Laboratory.Nodes);
        await vips.PurgedAsync();
    }

    [Fact]
    public async Task Curl_is_answered_by_the_node_that_has_the_address_before_and_after_its_agent_is_killed()
    {
        var vips = await AskedVips.AskAsync(Laboratory);
        using var pages = new TemporaryFolder();
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var node in Laboratory.Nodes)
                servers.Add(Serve(node, pages));
            foreach (var vip in vips.Moving)
                await Eventually.TrueAsync($"{vips.Hurt.Name} answers at {vip.Address}", async () => await CurlAsync(vip.Address) == vips.Hurt.Name);

            await vips.Hurt.KillAsync();

            await vips.MovedAsync();
            foreach (var vip in vips.Moving)
                Assert.Equal((await Laboratory.HolderAsync(vip.Address, vips.Hurt)).Name, await CurlAsync(vip.Address));
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    /// <summary>A web server on every address of a node, which tells the node's name.</summary>
    private static ServerProcess Serve(MachineProgram node, TemporaryFolder pages)
    {
        var folder = Directory.CreateDirectory(pages.File(node.Name)).FullName;
        File.WriteAllText(Path.Combine(folder, "index.html"), node.Name);
        return node.Machine.Namespace.Start("busybox", ["httpd", "-f", "-p", "8080", "-h", folder]);
    }

    private async Task<string> CurlAsync(IPAddress address)
    {
        var host = address.ToString().Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address.ToString();
        return (await Laboratory.Client.Namespace.RunAsync("curl", "-sS", "-g", "--max-time", "5", $"http://{host}:8080/")).Output.Trim();
    }

    private static bool IsAnnouncement(string line, string address) =>
        line.Contains($"Request who-has {address} tell {address}", StringComparison.Ordinal)
        || line.Contains($"Reply {address} is-at", StringComparison.Ordinal)
        || line.Contains($"tgt is {address}", StringComparison.Ordinal);
}
