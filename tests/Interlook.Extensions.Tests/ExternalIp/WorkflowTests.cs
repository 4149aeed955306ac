using System.Net;
using Interlook.Extensions.ExternalIp;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Extensions.Files;
using Interlook.Extensions.Ipalloc;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp;

/// <summary>
/// The workflow <c>provider.file,ipam.ipalloc,vip.externalip</c> step by step on a real etcd, with a scheduler and two nodes at work: from a
/// file to an address on a node, and on to the other node when the first one dies.
/// </summary>
public sealed class WorkflowTests : IAsyncLifetime
{
    private readonly EtcdServer etcd = new();
    private readonly TemporaryFolder folder = new();
    private EtcdClaimStore? store;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        store = new(new() { Endpoints = [etcd.Url] }, null, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        store?.Dispose();
        await etcd.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_service_in_a_file_has_its_address_on_a_living_node_and_gives_it_back()
    {
        await using var work = new ClaimsAtWork(store!);
        work.Schedule();
        work.Live("node1");
        work.Live("node2");
        var stores = new InMemoryRecordStores();
        var ipam = new IpallocProvisioner(new() { Network = Network.Parse("10.66.0.0/24"), DbFile = "leases.db" }, TestContexts.Create("ipam.ipalloc", stores: stores));
        var vip = new ExternalIpProvisioner(new() { Endpoints = [etcd.Url] }, TestContexts.Create("vip.externalip"), ClaimStores.Open);
        await ipam.StartAsync(Stopping);
        await vip.StartAsync(Stopping);
        var found = await ReadFileAsync();
        var key = new ServiceKey("default", found.Name);

        var leased = await ipam.DeployAsync(key, found, [], Stopping);
        var placed = await vip.DeployAsync(key, leased, [], Stopping);

        Assert.Equal(IPAddress.Parse("10.66.0.1"), placed.PublicIp);
        var first = (await ClaimAsync())!;
        Assert.True(first.IsHeldBy(first.Node));

        await work.KillAsync(first.Node);
        await Eventually.TrueAsync("the other node has the address", async () => await ClaimAsync() is { } claim && claim.Node != first.Node && claim.IsHeldBy(claim.Node));
        Assert.Empty((await vip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [key] = placed }, Stopping)).Drifts);

        await vip.UndeployAsync(key, [placed], Stopping);
        await ipam.UndeployAsync(key, [placed], Stopping);
        Assert.Null(await ClaimAsync());
        await vip.StopAsync(Stopping);
        await ipam.StopAsync(Stopping);
    }

    private async Task<Claim?> ClaimAsync() => (await store!.Claims.ReadAsync("10-66-0-1-32", Stopping))?.Value;

    private async Task<ServiceDefinition> ReadFileAsync()
    {
        await File.WriteAllTextAsync(folder.File("shop.yml"), "name: shop\nhosts: [shop.example.org]\ntargets: [{ host: 127.0.0.1, port: 8080 }]\n", Stopping);
        var provider = new FileProvider(new() { Path = folder.Path }, TestContexts.Create("provider.file"));
        await foreach (var news in provider.WatchAsync(Stopping))
        {
            if (news is ProviderEvent.Snapshot { Services: [var service, ..] })
                return service;
        }
        throw new InvalidOperationException("the file was not read");
    }
}
