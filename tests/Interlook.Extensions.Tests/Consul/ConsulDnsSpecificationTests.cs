using System.Text.Json.Nodes;
using Interlook.Extensions.Consul;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary><c>dns.consul</c> shows what every provisioner must, on a real Consul.</summary>
public sealed class ConsulDnsSpecificationTests(ConsulAgent consul) : ProvisionerSpecification, IClassFixture<ConsulAgent>
{
    public override async ValueTask InitializeAsync()
    {
        await consul.StartAsync();
        await consul.ClearAsync();
    }

    protected override IProvisioner Create(string instance) =>
        new ConsulDnsProvisioner(new() { Url = consul.Url }, TestContexts.Create("dns.consul", instance));

    /// <summary>The empty node of an Interlook stays: removing it could take along what is being registered at that moment.</summary>
    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync() =>
        [.. (await consul.ReadCatalogAsync()).Where(line => !line.StartsWith("interlook-", StringComparison.Ordinal) || line.Contains('/'))];

    protected override Task PlaceForeignAsync(ServiceDefinition definition) => consul.RegisterAsync(new JsonObject
    {
        ["Node"] = "somebody",
        ["Address"] = "127.99.0.1",
        ["Service"] = new JsonObject { ["Service"] = definition.DnsNames[0] },
    });

    protected override Task RemoveForeignAsync(ServiceDefinition definition) =>
        consul.DeregisterAsync(new JsonObject { ["Node"] = "somebody" });

    protected override async Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        var services = (await consul.GetAsync("/v1/catalog/node/interlook-test"))!["Services"]!.AsObject();
        var id = services.First(service => (string?)service.Value!["Meta"]!["interlook-key"] == key.Path).Key;
        await consul.DeregisterAsync(new JsonObject { ["Node"] = "interlook-test", ["ServiceID"] = id });
    }

    protected override Task StopServerAsync() => consul.StopAsync();

    protected override Task StartServerAsync() => consul.StartAsync();
}
