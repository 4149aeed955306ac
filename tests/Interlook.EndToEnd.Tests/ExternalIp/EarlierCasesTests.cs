using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Kubernetes;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>
/// What the earlier program's own end-to-end tests showed, where no other test of the laboratory does. README.md beside this has the whole list.
/// </summary>
[Collection(VipCollection.Name)]
public sealed class EarlierCasesTests(VipsInKubernetes vips) : LaboratoryTest(vips.Laboratory, VipLaboratory.ShortTimes)
{
    private const string Kinds = "/apis/ipcontroller.ext/v1";

    private static readonly IPAddress A = NetworkLaboratory.FreeAddress(1);
    private static readonly IPAddress B = NetworkLaboratory.FreeIpv6Address(1);

    private readonly KubernetesApi api = vips.Cluster.Server.Api;

    [Fact]
    public async Task The_three_kinds_appear_in_the_cluster()
    {
        foreach (var plural in new[] { "ipnodes", "ipclaims", "ipclaimpools" })
        {
            var definition = await api.GetAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.ipcontroller.ext");
            Assert.Contains(definition["status"]!["conditions"]!.AsArray(), condition => (string?)condition!["type"] == "Established" && (string?)condition["status"] == "True");
        }
    }

    [Fact]
    public async Task An_address_that_is_removed_by_hand_comes_back()
    {
        await Laboratory.AskAsync("shop", A, B);

        foreach (var (address, length) in new[] { (A, 32), (B, 128) })
        {
            var holder = await Laboratory.HolderAsync(address);
            await holder.Machine.Namespace.IpAsync($"address delete {address}/{length} dev eth0");
            await Eventually.TrueAsync("it is there again", () => holder.HasAsync(address));
        }
    }

    [Fact]
    public async Task An_agent_that_is_killed_and_started_again_at_once_leaves_no_address_without_an_answer()
    {
        await Laboratory.AskAsync("shop", A, B);
        var holder = await Laboratory.HolderAsync(A);

        await holder.KillAsync();
        await holder.StartAsync();

        await Laboratory.AcquaintedAsync(Laboratory.Nodes);
        await Laboratory.AnsweringAsync([.. Laboratory.Watched.Where(each => each.Address.Equals(A) || each.Address.Equals(B))]);
    }

    [Fact]
    public async Task An_address_pool_is_kept_as_written_gives_one_address_to_a_service_that_asks_for_any_and_has_it_back()
    {
        await api.CreateAsync($"{Kinds}/ipclaimpools", Pool());
        try
        {
            var read = await api.GetAsync($"{Kinds}/ipclaimpools/front");
            Assert.Equal("10.99.0.176/29", (string)read["spec"]!["cidr"]!);
            Assert.Equal("10.99.0.178", (string)read["spec"]!["ranges"]![0]![0]!);
            Assert.Single((await api.GetAsync($"{Kinds}/ipclaimpools"))["items"]!.AsArray());

            var service = KubernetesObjects.Service("default", "any", "ClusterIP", [("external-ip", "auto")]);
            await api.CreateAsync("/api/v1/namespaces/default/services", service);
            var given = IPAddress.Parse("10.99.0.178");
            var watched = Laboratory.Watcher.Watch(given);
            await Laboratory.AnsweringAsync([watched]);
            var claim = Assert.Single(await Laboratory.Place.ClaimsAsync());
            Assert.Equal("10-99-0-178-29", claim.Name);
            Assert.Equal("10.99.0.178", (string)(await api.GetAsync("/api/v1/namespaces/default/services/any"))["spec"]!["externalIPs"]![0]!);
            await Eventually.TrueAsync("it is noted", async () => (string?)(await AllocatedAsync())?["10.99.0.178"] == claim.Name);

            await Laboratory.Place.WithdrawAsync("any");
            await Eventually.TrueAsync("it is free", async () => (await AllocatedAsync())?.Count is null or 0 && (await Laboratory.Place.ClaimsAsync()).Count == 0);
        }
        finally
        {
            await api.DeleteAsync($"{Kinds}/ipclaimpools/front");
        }
        Assert.Empty((await api.GetAsync($"{Kinds}/ipclaimpools"))["items"]!.AsArray());

        async Task<JsonObject?> AllocatedAsync() => (await api.GetAsync($"{Kinds}/ipclaimpools/front"))["spec"]!["allocated"] as JsonObject;
    }

    [Fact]
    public async Task First_alive_puts_all_addresses_on_one_node()
    {
        await Laboratory.ReadyAsync([.. VipLaboratory.ShortTimes, "--nodefilter", "first-alive"]);

        await Laboratory.AskAsync("shop", [.. Enumerable.Range(1, 5).Select(NetworkLaboratory.FreeAddress)]);

        Assert.Single((await Laboratory.Place.ClaimsAsync()).Select(claim => claim.Holder).Distinct());
    }

    [Fact]
    public async Task Agents_of_one_name_with_the_interface_lo_all_have_all_addresses()
    {
        await Laboratory.ClearAsync();
        await Laboratory.Schedulers[0].StartAsync(["scheduler", .. Laboratory.Place.Flags, .. VipLaboratory.ShortTimes]);
        foreach (var node in Laboratory.Nodes)
            await node.StartAsync(["claimcontroller", "--hostname", "anycast", "--iface", "lo", .. Laboratory.Place.Flags, .. VipLaboratory.ShortTimes]);

        await Laboratory.Place.AskAsync("shop", A, B);

        foreach (var node in Laboratory.Nodes)
            await Eventually.TrueAsync($"{node.Name} has both", async () => await node.HasAsync(A, "lo") && await node.HasAsync(B, "lo"));
        await Laboratory.Place.WithdrawAllAsync();
        foreach (var node in Laboratory.Nodes)
            await Eventually.TrueAsync($"{node.Name} has none", async () => await node.CountAsync("lo") == 0);
    }

    private static JsonObject Pool()
    {
        var pool = KubernetesObjects.Named("ipcontroller.ext/v1", "IpClaimPool", null, "front");
        pool["spec"] = new JsonObject { ["cidr"] = "10.99.0.176/29", ["ranges"] = new JsonArray(new JsonArray("10.99.0.178", "10.99.0.180")) };
        return pool;
    }
}
