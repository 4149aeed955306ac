using System.Collections.Concurrent;
using Interlook.Extensions.Consul.Wire;

namespace Interlook.Extensions.Consul;

/// <summary>
/// Remembers for a while of which Consul services no instance is without a tag. Thousands of dotted names share one service (<c>org</c>),
/// and Consul walks through all of them to find one without a tag: 9 ms for 3,000 (1.8.7). Safe for concurrent use.
/// </summary>
internal sealed class UntaggedInstances(ConsulClient client, TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> nobodySince = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<List<WireInstance>>> running = new(StringComparer.Ordinal);

    /// <summary>The instances without a tag; found ones are never remembered, so that a conflict ends when they go.</summary>
    internal async Task<IReadOnlyList<WireInstance>> FindAsync(string service, CancellationToken stopping)
    {
        if (nobodySince.TryGetValue(service, out var since) && time.GetElapsedTime(since) < Memory)
            return [];
        return await running.GetOrAdd(service, _ => ReadAsync(service)).WaitAsync(stopping);
    }

    /// <summary>Forgets what is remembered, because we register such an instance ourselves.</summary>
    internal void Forget(string service) => nobodySince.TryRemove(service, out _);

    private async Task<List<WireInstance>> ReadAsync(string service)
    {
        await Task.Yield(); // so that the task is in the table before it can leave it
        try
        {
            var asked = time.GetTimestamp();
            var found = await client.ReadUntaggedAsync(service, CancellationToken.None); // shared; bounded by the client's own deadline
            if (found.Count == 0)
                nobodySince[service] = asked;
            return found;
        }
        finally
        {
            running.TryRemove(service, out _);
        }
    }
}
