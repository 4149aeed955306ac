using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes;

/// <summary>The part of a cluster that the provider reads, and whether it can be read. Safe for concurrent use.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="needsNodes">False where nodes do not count: they need not be readable then.</param>
internal sealed class ClusterReading(ICluster cluster, bool needsNodes)
{
    private static readonly TimeSpan BetweenGlances = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest wait for the first lists; less than this is one list of many thousand objects over a slow line.</summary>
    private static readonly TimeSpan FirstLists = TimeSpan.FromSeconds(60);

    /// <summary>The server, for messages.</summary>
    internal string Server => cluster.Server;

    internal IInformer<Service> Services => cluster.Services;

    internal IInformer<EndpointSlice> Slices => cluster.Slices;

    /// <summary>The nodes; null where they do not count.</summary>
    internal IInformer<Node>? Nodes => needsNodes ? cluster.Nodes : null;

    private bool IsWhole => Services.Latest is not null && Slices.Latest is not null && (Nodes is null || Nodes.Latest is not null);

    /// <summary>Fails while something of it cannot be read.</summary>
    /// <exception cref="ExtensionException">Why.</exception>
    internal void ThrowIfUnreadable()
    {
        // Made anew: one exception is thrown by one place at a time.
        if ((Services.Failure ?? Slices.Failure ?? Nodes?.Failure) is { } failure)
            throw new ExtensionException(failure.Reason, failure.Message, failure.RetryAfter, failure);
    }

    /// <summary>Waits until everything was listed once.</summary>
    /// <exception cref="ExtensionException">It cannot be listed, or not in time.</exception>
    internal async Task WaitAsync(TimeProvider time, CancellationToken stopping)
    {
        var begun = time.GetTimestamp();
        while (!IsWhole)
        {
            ThrowIfUnreadable();
            if (time.GetElapsedTime(begun) > FirstLists)
                throw new ExtensionException(Reason.Timeout, $"{cluster.Server} did not list its {Missing()} within {FirstLists.TotalSeconds} s: look at its load, or set `namespaces`");
            await Task.Delay(BetweenGlances, time, stopping);
        }
        ThrowIfUnreadable();
    }

    private string Missing() => string.Join(" and ", new[]
    {
        Services.Latest is null ? "Services" : null,
        Slices.Latest is null ? "EndpointSlices" : null,
        Nodes is { Latest: null } ? "Nodes" : null,
    }.OfType<string>());
}
