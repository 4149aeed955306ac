using Interlook.Extensions.Etcd;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary><c>dns.skydns</c> shows what every provisioner must, on a real etcd; in each of its ways to write.</summary>
public abstract class SkyDnsSpecification(EtcdServer etcd) : ProvisionerSpecification
{
    protected EtcdServer Etcd => etcd;

    protected virtual string Api => "v3";

    public override async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
    }

    protected override IProvisioner Create(string instance) => new SkyDnsProvisioner(
        new() { Endpoints = [etcd.Url], Api = Api, Hostname = "node1" }, TestContexts.Create("dns.skydns", instance));

    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync() =>
        [.. (await etcd.ReadAsync()).Select(each => $"{each.Key} {each.Value}")];

    protected override Task PlaceForeignAsync(ServiceDefinition definition) =>
        etcd.ControlAsync("put", NameKey(definition), """{"host":"127.99.0.1"}""");

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => etcd.ControlAsync("del", NameKey(definition));

    protected override async Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        var mark = $"\"key\":\"{key.Path}\"";
        await etcd.ControlAsync("del", (await etcd.ReadAsync()).First(each => each.Value.Contains(mark, StringComparison.Ordinal)).Key);
    }

    protected override Task StopServerAsync() => etcd.StopAsync();

    protected override Task StartServerAsync() => etcd.StartAsync();

    protected static string NameKey(ServiceDefinition definition) => $"/skydns/local/skydns/{definition.DnsNames[0]}";
}
