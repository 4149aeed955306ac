using System.Collections.Immutable;
using System.Threading.Channels;
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

    // One pulse is enough, however much has changed: a further one is dropped.
    private readonly Channel<bool> pulse = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<ServiceKey> pending = [];

    internal ChangeReader(Action<ChangeReader> leave) => this.leave = leave;

    /// <summary>What has changed since the last call; waits until something has. One call at a time.</summary>
    public async Task<ImmutableArray<ServiceKey>> NextAsync(CancellationToken stopping)
    {
        while (true)
        {
            lock (gate)
            {
                if (pending.Count > 0)
                {
                    (var taken, pending) = (pending, []);
                    return [.. taken];
                }
            }
            await pulse.Reader.ReadAsync(stopping);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => leave(this);

    internal void Take(ServiceKey key)
    {
        lock (gate)
            pending.Add(key);
        pulse.Writer.TryWrite(true);
    }
}
