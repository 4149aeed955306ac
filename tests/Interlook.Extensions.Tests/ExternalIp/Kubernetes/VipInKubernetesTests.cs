using System.Net;
using Interlook.Extensions.ExternalIp;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary><c>vip.externalip</c> with <c>claims: kubernetes</c>, on a real API server with a scheduler and a node at work.</summary>
[Collection(ClaimCluster.Collection)]
public sealed class VipInKubernetesTests(ClaimCluster cluster)
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_gets_a_claim_on_a_node_is_observed_and_given_back()
    {
        await cluster.StartAsync();
        var store = cluster.OpenStore();
        await using var work = new ClaimsAtWork(store);
        work.Schedule();
        work.Live("node1");
        var options = new ExternalIpOptions { Claims = ExternalIpOptions.InKubernetes, Kubeconfig = cluster.Server.AdminKubeconfig };
        var vip = new ExternalIpProvisioner(options, TestContexts.Create("vip.externalip"), ClaimStores.Open);
        await vip.StartAsync(Stopping);
        var key = new ServiceKey("default", "shop");
        var shop = new ServiceDefinition { Name = "shop", Provider = "provider.test", PublicIp = IPAddress.Parse("10.66.0.1") };

        var applied = await vip.DeployAsync(key, shop, [], Stopping);
        var claim = (await store.Claims.ReadAsync("10-66-0-1-32", Stopping))!.Value.Value;
        var observed = await vip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [key] = applied }, Stopping);
        var orphans = await vip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping);
        await vip.UndeployAsync(key, [], Stopping);
        await vip.StopAsync(Stopping);

        Assert.True(claim.IsHeldBy("node1"));
        Assert.True(claim.IsOwnedBy(ClaimOwner.Of("test", key)));
        Assert.Empty(observed.Drifts);
        Assert.Equal(key, Assert.Single(orphans.Orphans).Key);
        Assert.Empty((await store.Claims.ListAsync(Stopping)).Records);
    }
}
