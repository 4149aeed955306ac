using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>One turn at a time for each entry. An entry of which nobody has or awaits the turn costs nothing. Safe for concurrent use.</summary>
internal sealed class Turns
{
    private readonly Lock gate = new();
    private readonly Dictionary<ServiceKey, Queueing> taken = [];

    /// <summary>Waits for the turn of an entry.</summary>
    /// <returns>Dispose to pass it on.</returns>
    internal async Task<IDisposable> TakeAsync(ServiceKey key, CancellationToken stopping)
    {
        Queueing? queueing;
        lock (gate)
        {
            if (!taken.TryGetValue(key, out queueing))
                taken.Add(key, queueing = new());
            queueing.Count++;
        }
        try
        {
            await queueing.Turn.WaitAsync(stopping);
        }
        catch
        {
            Leave(key, queueing);
            throw;
        }
        return new Taken(this, key, queueing);
    }

    private void Leave(ServiceKey key, Queueing queueing)
    {
        lock (gate)
        {
            if (--queueing.Count == 0)
                taken.Remove(key);
        }
    }

    /// <summary>Those who have and await one turn.</summary>
    private sealed class Queueing
    {
        internal SemaphoreSlim Turn { get; } = new(1);

        internal int Count { get; set; }
    }

    private sealed class Taken(Turns turns, ServiceKey key, Queueing queueing) : IDisposable
    {
        public void Dispose()
        {
            queueing.Turn.Release();
            turns.Leave(key, queueing);
        }
    }
}
