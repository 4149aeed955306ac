using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Scheduling;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>The Services of a cluster as the scheduler's loop follows and writes them.</summary>
internal sealed class ClusterDemands(ServiceSource source, ServiceWriter writer, RefusalEvents events, RefusalConditions conditions) : IServiceDemands, IDisposable
{
    private readonly SemaphoreSlim telling = new(1);
    private volatile ServiceView? shown;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ImmutableSortedDictionary<string, ServiceDemand>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        await foreach (var view in source.FollowAsync(stopping))
        {
            yield return view.Demands;
            shown = view; // only now is it decided upon; a write that follows an older view is refused, one that follows a newer would overwrite
        }
    }

    /// <inheritdoc/>
    public Task WriteAsync(ServiceWrite write, CancellationToken stopping) =>
        shown is { } view ? writer.WriteAsync(write, view, stopping) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<bool> RefuseAsync(EquatableArray<ServiceRefusal> refusals, CancellationToken stopping)
    {
        if (shown is not { } view)
            return false;
        await telling.WaitAsync(stopping);
        try
        {
            var areTold = await events.TellAsync(refusals, view, stopping);
            return await conditions.TellAsync(refusals, view, stopping) && areTold;
        }
        finally
        {
            telling.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => telling.Dispose();
}
