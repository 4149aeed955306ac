using System.Net;
using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>
/// The whole way without Kubernetes: <c>provider.swarm,ipam.ipalloc,vip.externalip,dns.consul,lb.haproxy</c> with a real swarm, Consul, HAProxy and etcd, beside the
/// schedulers and agents of the laboratory. Its nodes have no HAProxy of their own: that one runs and has the VIP bound is all that is asked of it here.
/// </summary>
[Collection(RealServers.Name)]
public sealed class SwarmVipTests(Servers servers, VipsInEtcd vips) : LaboratoryTest(vips.Laboratory, VipLaboratory.ShortTimes), IClassFixture<VipsInEtcd>
{
    private const string Shop = "shop.example.org";

    [Fact]
    public async Task A_service_of_a_swarm_has_a_VIP_that_leaves_a_dead_node_and_goes_when_the_service_does()
    {
        await using var site = await Site.OpenAsync(servers);
        site.Workflow = "provider.swarm,ipam.ipalloc,vip.externalip,dns.consul,lb.haproxy";
        site.Prefix = "10.99.4."; // the client reaches it beside the network of the machines
        site.BindsForeignAddresses = true;
        site.MoreSections = $"vip: {{ externalip: {{ endpoints: [{Laboratory.Place.Endpoint}] }} }}";
        await site.Servers.Docker.InitializeSwarmAsync();
        try
        {
            var interlook = await site.StartInterlookAsync();
            await CreateAsync(site);
            ShownEntry? deployed = null;
            await Site.EntryAsync(interlook, "shop", "is deployed", entry => (deployed = entry) is { IsAtRest: true, Address: not null });
            var address = deployed!.Address!;
            var vip = Laboratory.Watcher.Watch(IPAddress.Parse(address));
            await Laboratory.AnsweringAsync([vip]);
            Assert.Equal([address], await site.ResolveAsync(Shop));
            Assert.Contains($"bind {address}:{site.HttpPort} transparent", await site.ReadOwnConfigAsync(), StringComparison.Ordinal);

            var holder = await Laboratory.HolderAsync(vip.Address);
            await holder.KillAsync();
            Assert.NotEqual(holder, await Laboratory.HolderAsync(vip.Address, former: holder));
            await Laboratory.AnsweringAsync([vip]);
            Assert.Equal(deployed, (await interlook.EntriesAsync())["shop"]);
            Assert.Equal([address], await site.ResolveAsync(Shop));

            await site.Servers.Docker.DockerAsync("service", "rm", "shop");
            await Site.EntryAsync(interlook, "shop", "is undeployed", entry => entry is null);
            Assert.Empty(await Laboratory.Place.ClaimsAsync());
            Assert.Empty(await site.ResolveAsync(Shop));
            Assert.DoesNotContain(address, await site.ReadOwnConfigAsync(), StringComparison.Ordinal);
            Assert.Null(await Laboratory.FindAsync(vip.Address));
        }
        finally
        {
            await site.Servers.Docker.LeaveSwarmAsync();
        }
    }

    private static Task<string> CreateAsync(Site site) => site.Servers.Docker.DockerAsync(
        [
            "service", "create", "-d", "--no-resolve-image", "--name", "shop", "--publish", "mode=host,target=80", "--stop-grace-period", "1s",
            "--label", $"interlook.hosts={Shop}", "--label", "interlook.port=80", DockerEngine.Image, .. Site.WebServer("shop", "80"),
        ]);
}
