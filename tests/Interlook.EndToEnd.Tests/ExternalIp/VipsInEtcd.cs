using Interlook.Fixtures.ExternalIp;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>The laboratory with a real etcd, as hosts without Kubernetes have it.</summary>
public sealed class VipsInEtcd : IAsyncDisposable
{
    /// <summary>Its machines.</summary>
    public VipLaboratory Laboratory { get; } = new(new EtcdClaims(), InterlookDaemon.Program, InterlookDaemon.Variables);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Laboratory.DisposeAsync();
}
