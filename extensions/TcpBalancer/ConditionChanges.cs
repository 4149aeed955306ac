using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Services;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>
/// Services whose condition changed and was not yet reported, each once. As many as there are services at most, so nothing is dropped.
/// Safe for concurrent use; for one reader.
/// </summary>
internal sealed class ConditionChanges
{
    private readonly Lock gate = new();

    /// <summary>Wakes the reader; one word is enough, for it takes everything that waits.</summary>
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<ServiceKey> waiting = [];

    /// <summary>Notes a change.</summary>
    public void Add(ServiceKey key)
    {
        lock (gate)
            waiting.Add(key);
        news.Writer.TryWrite(true);
    }

    /// <summary>Reports changes as they come.</summary>
    public async IAsyncEnumerable<ServiceKey> ReadAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            await news.Reader.ReadAsync(stopping);
            HashSet<ServiceKey> taken;
            lock (gate)
                (taken, waiting) = (waiting, []);
            foreach (var key in taken)
                yield return key;
        }
    }
}
