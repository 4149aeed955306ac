namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>One extension's part in a cluster.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="releaseAsync">Gives the part back.</param>
internal sealed class ClusterHold(Cluster cluster, Func<ValueTask> releaseAsync) : IAsyncDisposable
{
    private int released;

    /// <summary>The cluster.</summary>
    internal Cluster Cluster => cluster;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref released, 1) == 0 ? releaseAsync() : ValueTask.CompletedTask;
}
