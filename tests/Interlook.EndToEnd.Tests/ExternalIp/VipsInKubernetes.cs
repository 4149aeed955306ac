using Interlook.Fixtures.ExternalIp;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>The laboratory with a real API server. It starts with the first test, so that a machine without one skips.</summary>
public sealed class VipsInKubernetes : IAsyncDisposable
{
    /// <summary>Prepares it.</summary>
    public VipsInKubernetes()
    {
        Cluster = new();
        Laboratory = new(Cluster, InterlookDaemon.Program, InterlookDaemon.Variables);
    }

    /// <summary>Its API server.</summary>
    public KubernetesClaims Cluster { get; }

    /// <summary>Its machines.</summary>
    public VipLaboratory Laboratory { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Laboratory.DisposeAsync();
}
