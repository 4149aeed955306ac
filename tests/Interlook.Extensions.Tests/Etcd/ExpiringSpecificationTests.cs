using Interlook.Fixtures;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>etcd v2.</summary>
public sealed class ExpiringSpecificationTests(EtcdServer etcd) : SkyDnsSpecification(etcd), IClassFixture<EtcdServer>
{
    protected override string Api => "v2";

    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync() =>
        [.. (await Etcd.ReadOldAsync()).Select(each => $"{each.Key} {each.Value}")];

    protected override Task PlaceForeignAsync(ServiceDefinition definition) =>
        Etcd.OldAsync(HttpMethod.Put, NameKey(definition), ("value", """{"host":"127.99.0.1"}"""));

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => Etcd.OldAsync(HttpMethod.Delete, NameKey(definition));

    protected override async Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        var mark = $"\"key\":\"{key.Path}\"";
        await Etcd.OldAsync(HttpMethod.Delete, (await Etcd.ReadOldAsync()).First(each => each.Value.Contains(mark, StringComparison.Ordinal)).Key);
    }
}
