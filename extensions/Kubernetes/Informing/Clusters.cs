using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>
/// The clusters that the extensions of one Interlook speak to. Those that say the same share one: its connection and what is watched. Safe for
/// concurrent use.
/// </summary>
internal sealed class Clusters
{
    private readonly Lock gate = new();
    private readonly Dictionary<ClusterKey, Held> held = [];
    private (KubernetesConnectionOptions Options, WatchedPart Watched)? offered;

    /// <summary>Lends a connection to extensions that have none of their own. Called before any of them starts.</summary>
    internal void Offer(KubernetesConnectionOptions options, WatchedPart watched)
    {
        lock (gate)
            offered ??= (options, watched);
    }

    /// <summary>Opens a cluster, or takes part in the one that is open. Does no calls: see <see cref="IInformer{T}.Failure"/>.</summary>
    /// <param name="options">Where it is; with nothing set, where the one is that was offered.</param>
    /// <param name="watched">What is watched; of one that was offered, what is watched there.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    /// <returns>Our part in it: the cluster ends with the last.</returns>
    /// <exception cref="ExtensionException">The settings cannot be used: no cluster is found, a kubeconfig is wrong.</exception>
    internal ClusterHold Hold(KubernetesConnectionOptions options, WatchedPart watched, ExtensionContext context)
    {
        lock (gate)
        {
            if (!options.IsSet && offered is { } lent)
                (options, watched) = lent;
            var key = ClusterKey.Of(options, watched);
            if (!held.TryGetValue(key, out var entry))
                held[key] = entry = new(new Cluster(AccessSearch.Find(options, Surroundings.Process, context.Time), watched, context));
            entry.Holders++;
            return new ClusterHold(entry.Cluster, () => ReleaseAsync(key));
        }
    }

    private ValueTask ReleaseAsync(ClusterKey key)
    {
        lock (gate)
        {
            var entry = held[key];
            if (--entry.Holders > 0)
                return ValueTask.CompletedTask;
            held.Remove(key);
            return entry.Cluster.DisposeAsync();
        }
    }

    private sealed class Held(Cluster cluster)
    {
        internal Cluster Cluster => cluster;

        internal int Holders { get; set; }
    }
}
