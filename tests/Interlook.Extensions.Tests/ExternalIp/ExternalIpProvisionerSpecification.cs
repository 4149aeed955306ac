using System.Text.Json.Nodes;
using Interlook.Extensions.ExternalIp;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp;

/// <summary><c>vip.externalip</c> shows what every provisioner must, on a real etcd with a scheduler and two nodes at work.</summary>
public sealed class ExternalIpProvisionerSpecification(EtcdServer etcd) : ProvisionerSpecification, IClassFixture<EtcdServer>
{
    private EtcdClaimStore? store;
    private ClaimsAtWork? work;

    public override async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
        store = new(new() { Endpoints = [etcd.Url] }, null, TimeProvider.System, NullLoggerFactory.Instance);
        work = new(store);
        work.Schedule();
        work.Live("node1");
        work.Live("node2");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await work!.DisposeAsync();
        store!.Dispose();
    }

    protected override IProvisioner Create(string instance) =>
        new ExternalIpProvisioner(new() { Endpoints = [etcd.Url] }, TestContexts.Create("vip.externalip", instance), ClaimStores.Open);

    /// <summary>Not on which node: that is the scheduler's.</summary>
    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync() =>
        [.. (await etcd.ReadAsync()).Where(each => each.Key.Contains("/claims/", StringComparison.Ordinal)).Select(each => JsonNode.Parse(each.Value)!)
            .Select(claim => $"{claim["metadata"]!["name"]} {claim["spec"]!["cidr"]} {claim["metadata"]!["ownerReferences"]?.ToJsonString()}")];

    protected override async Task PlaceForeignAsync(ServiceDefinition definition)
    {
        var address = new ClaimAddress(definition.PublicIp!, 24); // the same address under another name
        var claim = new Claim { Metadata = ClaimMeta.Named(address.Name) with { OwnerReferences = [ClaimOwner.Of("other", new("default", "theirs"))] }, Spec = new() { Cidr = address.ToString() } };
        await store!.Claims.CreateAsync(claim, Stopping);
    }

    protected override Task RemoveForeignAsync(ServiceDefinition definition) =>
        etcd.ControlAsync("del", $"/interlook/externalip/claims/{new ClaimAddress(definition.PublicIp!, 24).Name}");

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) =>
        etcd.ControlAsync("del", $"/interlook/externalip/claims/{new ClaimAddress(applied.PublicIp!, 32).Name}");

    protected override Task StopServerAsync() => etcd.StopAsync();

    protected override Task StartServerAsync() => etcd.StartAsync();
}
