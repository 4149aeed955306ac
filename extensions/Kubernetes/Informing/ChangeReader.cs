using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>What one reader has not seen yet: however slow it is, each name once.</summary>
internal sealed class ChangeReader<T>
    where T : KubernetesObject
{
    private readonly Lock gate = new();
    private readonly HashSet<ObjectName> pending = [];
    private ObjectCache<T>? cache;
    private bool all = true;
    private TaskCompletionSource? waiting;

    /// <summary>Tells it of a new cache.</summary>
    /// <param name="now">The cache.</param>
    /// <param name="changed">What differs from the one before.</param>
    internal void Tell(ObjectCache<T> now, IReadOnlyCollection<ObjectName> changed)
    {
        TaskCompletionSource? waited;
        lock (gate)
        {
            cache = now;
            if (!all)
                pending.UnionWith(changed);
            (waited, waiting) = (waiting, null);
        }
        waited?.TrySetResult();
    }

    /// <summary>Waits for something that the reader has not seen, and takes all of it.</summary>
    internal async Task<CacheChange<T>> NextAsync(CancellationToken stopping)
    {
        while (true)
        {
            Task told;
            lock (gate)
            {
                if (cache is { } now && (all || pending.Count > 0))
                {
                    var change = new CacheChange<T>(now, all ? null : [.. pending]);
                    pending.Clear();
                    all = false;
                    return change;
                }
                waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                told = waiting.Task;
            }
            await told.WaitAsync(stopping);
        }
    }
}
