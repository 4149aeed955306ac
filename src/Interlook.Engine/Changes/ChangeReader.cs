using System.Collections.Immutable;
using Interlook.Services;

namespace Interlook.Engine.Changes;

/// <summary>
/// One reader of the changes. However slowly it reads, it holds each key at most once: several changes of an entry come as one, none is
/// left out.
/// </summary>
public sealed class ChangeReader : IDisposable
{
    private readonly Lock gate = new();
    private readonly Action<ChangeReader> leave;
    private HashSet<ServiceKey> pending = [];
    private TaskCompletionSource? waiting;

    internal ChangeReader(Action<ChangeReader> leave) => this.leave = leave;

    /// <summary>What has changed since the last call; waits until something has. One call at a time.</summary>
    public async Task<ImmutableArray<ServiceKey>> NextAsync(CancellationToken stopping)
    {
        while (true)
        {
            Task changed;
            lock (gate)
            {
                if (pending.Count > 0)
                {
                    (var taken, pending) = (pending, []);
                    return [.. taken];
                }
                waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = waiting.Task;
            }
            await changed.WaitAsync(stopping);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => leave(this);

    internal void Take(ServiceKey key)
    {
        TaskCompletionSource? waited;
        lock (gate)
        {
            pending.Add(key);
            (waited, waiting) = (waiting, null);
        }
        waited?.TrySetResult();
    }
}
