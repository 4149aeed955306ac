using Interlook.Fixtures;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>etcd v3, services without a public address: a record for each target.</summary>
public sealed class TargetsSpecificationTests(EtcdServer etcd) : SkyDnsSpecification(etcd), IClassFixture<EtcdServer>
{
    protected override ServiceDefinition Define(string service, int number, int revision = 0) =>
        base.Define(service, number, revision) with { PublicIp = null };
}
