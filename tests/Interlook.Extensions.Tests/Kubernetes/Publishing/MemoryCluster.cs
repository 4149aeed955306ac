using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>A cluster without a server.</summary>
internal sealed class MemoryCluster : ICluster, IAsyncDisposable
{
    internal const string Address = "Kubernetes at https://192.0.2.1:6443";

    public string Server => Address;

    public string Space => "default";

    internal MemoryInformer<Service> Services { get; } = new();

    internal MemoryInformer<EndpointSlice> Slices { get; } = new();

    internal MemoryInformer<Node> Nodes { get; } = new();

    IInformer<Service> ICluster.Services => Services;

    IInformer<EndpointSlice> ICluster.Slices => Slices;

    IInformer<Node> ICluster.Nodes => Nodes;

    /// <summary>How often it was let go of.</summary>
    internal int Released { get; private set; }

    public ValueTask DisposeAsync()
    {
        Released++;
        return ValueTask.CompletedTask;
    }

    /// <summary>Cuts the whole server off.</summary>
    internal void Stop()
    {
        var failure = new ExtensionException(Reason.Unreachable, $"{Address} cannot be reached: connection refused");
        Services.Fail(failure);
        Slices.Fail(failure);
        Nodes.Fail(failure);
    }

    /// <summary>Makes it readable again.</summary>
    internal void Start()
    {
        Services.Mend();
        Slices.Mend();
        Nodes.Mend();
    }
}
