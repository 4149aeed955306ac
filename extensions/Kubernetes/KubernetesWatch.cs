using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Providers;

namespace Interlook.Extensions.Kubernetes;

/// <summary>
/// One watch of one cluster: the informers' streams, joined. Nothing is said before all of them are whole; while the server cannot be read the
/// watch fails, so that it is seen, and the next one begins once it can be read again.
/// </summary>
internal sealed class KubernetesWatch(ClusterReading cluster, PublicationTable table, TimeSpan resyncInterval, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // The informers list anew first: what is told then has been looked at again.
    private const double AfterResync = 1.1;

    // One sign of each kind: a stream whose sign is not taken yet waits, and its informer joins what happens meanwhile.
    private readonly Channel<ClusterSign> signs = Channel.CreateBounded<ClusterSign>(new BoundedChannelOptions(4) { SingleReader = true });

    /// <summary>Follows the cluster until it cannot be read or <paramref name="stopping"/> is cancelled.</summary>
    internal async IAsyncEnumerable<ProviderEvent> RunAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        await cluster.AwaitAsync(time, stopping);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var timer = time.CreateTimer(_ => signs.Writer.TryWrite(new ClusterSign.Look()), null, BetweenLooks, BetweenLooks);
        try
        {
            _ = PassAsync(cluster.Services, change => new ClusterSign.OfServices(change), life.Token);
            _ = PassAsync(cluster.Slices, change => new ClusterSign.OfSlices(change), life.Token);
            if (cluster.Nodes is { } nodes)
                _ = PassAsync(nodes, change => new ClusterSign.OfNodes(change), life.Token);
            await BeginAsync(life.Token);
            var told = time.GetTimestamp();
            var said = table.Rejections();
            yield return new ProviderEvent.Snapshot(table.Definitions());
            yield return new ProviderEvent.Rejections(said);
            while (true)
            {
                var sign = await NextAsync(life.Token);
                var (changes, isWhole) = Take(sign);
                var isDue = sign is ClusterSign.Look && time.GetElapsedTime(told) > resyncInterval * AfterResync;
                if (isWhole || isDue || changes.Count(change => change is ProviderEvent.Withdrawn) > 1)
                {
                    // After a list, and when several go at once, all is told: the engine holds it when that would withdraw most of what there is.
                    changes = [new ProviderEvent.Snapshot(table.Definitions())];
                    told = time.GetTimestamp();
                }
                foreach (var change in changes)
                    yield return change;
                if (table.Rejections() is var rejections && rejections != said)
                    yield return new ProviderEvent.Rejections(said = rejections);
            }
        }
        finally
        {
            await life.CancelAsync();
        }
    }

    /// <summary>Waits for the first list of each kind.</summary>
    private async Task BeginAsync(CancellationToken life)
    {
        ObjectCache<Service>? services = null;
        ObjectCache<EndpointSlice>? slices = null;
        ObjectCache<Node>? nodes = cluster.Nodes is not null ? null : CacheDifference.None<Node>();
        while (services is null || slices is null || nodes is null)
        {
            switch (await NextAsync(life))
            {
                case ClusterSign.OfServices came:
                    services = came.Change.Cache;
                    break;
                case ClusterSign.OfSlices came:
                    slices = came.Change.Cache;
                    break;
                case ClusterSign.OfNodes came:
                    nodes = came.Change.Cache;
                    break;
            }
        }
        table.Begin(services, slices, nodes);
    }

    /// <summary>The next sign; fails when the server cannot be read.</summary>
    private async Task<ClusterSign> NextAsync(CancellationToken life)
    {
        try
        {
            var sign = await signs.Reader.ReadAsync(life);
            if (sign is ClusterSign.Look)
                cluster.ThrowIfUnreadable();
            return sign;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is ExtensionException failure)
        {
            throw new ExtensionException(failure.Reason, failure.Message, failure.RetryAfter, failure);
        }
    }

    private (List<ProviderEvent> Changes, bool IsWhole) Take(ClusterSign sign) => sign switch
    {
        ClusterSign.OfServices came => (table.Take(came.Change), came.Change.Changed is null),
        ClusterSign.OfSlices came => (table.Take(came.Change), came.Change.Changed is null),
        ClusterSign.OfNodes came => (table.Take(came.Change), came.Change.Changed is null),
        _ => ([], false),
    };

    private async Task PassAsync<T>(IInformer<T> informer, Func<CacheChange<T>, ClusterSign> sign, CancellationToken life)
        where T : KubernetesObject
    {
        try
        {
            await foreach (var change in informer.FollowAsync(life))
                await signs.Writer.WriteAsync(sign(change), life);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
        catch (Exception failure)
        {
            signs.Writer.TryComplete(failure);
        }
    }
}
