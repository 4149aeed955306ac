using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>etcd v3, services with a public address.</summary>
public sealed class LeasedSpecificationTests(EtcdServer etcd) : SkyDnsSpecification(etcd), IClassFixture<EtcdServer>;
