using System.Runtime.CompilerServices;
using Interlook.Services;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>
/// Services whose condition changed and was not yet reported, each once. As many as there are services at most, so nothing is dropped.
/// Safe for concurrent use; for one reader.
/// </summary>
internal sealed class ConditionChanges : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim news = new(0);
    private HashSet<ServiceKey> waiting = [];

    /// <summary>Notes a change.</summary>
    public void Add(ServiceKey key)
    {
        lock (gate)
        {
            if (waiting.Add(key) && waiting.Count == 1)
                news.Release();
        }
    }

    /// <summary>Reports changes as they come.</summary>
    public async IAsyncEnumerable<ServiceKey> ReadAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            await news.WaitAsync(stopping);
            HashSet<ServiceKey> taken;
            lock (gate)
                (taken, waiting) = (waiting, []);
            foreach (var key in taken)
                yield return key;
        }
    }

    public void Dispose() => news.Dispose();
}
