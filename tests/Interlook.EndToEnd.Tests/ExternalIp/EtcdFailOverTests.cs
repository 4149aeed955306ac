using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>The claims in etcd.</summary>
public sealed class EtcdFailOverTests(VipsInEtcd vips) : FailOverScenarios(vips.Laboratory), IClassFixture<VipsInEtcd>;
