using System.Diagnostics.CodeAnalysis;

namespace Interlook.Extensions.Consul;

/// <summary>
/// Bounds how many queries wait at Consul at once. While there are no more watches than slots, each keeps its slot for minutes; when there
/// are more, they take turns of a few seconds. Safe for concurrent use.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither part holds anything but memory, and a query that ends late still gives its slot back.")]
internal sealed class WatchSlots(int slots, Random random)
{
    internal static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);

    internal static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim free = new(slots);
    private readonly Lock gate = new();
    private CancellationTokenSource crowded = new();
    private int watches;

    /// <summary>Counts a watch in; when they become too many, those that hold a slot for minutes give it up.</summary>
    internal void Join()
    {
        CancellationTokenSource? full = null;
        lock (gate)
        {
            if (++watches == slots + 1)
                full = crowded;
        }
        full?.Cancel();
    }

    /// <summary>Counts a watch out.</summary>
    internal void Leave()
    {
        lock (gate)
        {
            if (watches-- == slots + 1)
                crowded = new();
        }
    }

    /// <summary>Runs one query in a slot.</summary>
    /// <param name="query">Gets how long Consul may hold its answer back, and a token that ends it.</param>
    /// <param name="stopping">Cancels waiting and query.</param>
    /// <returns>The answer; none when the slot had to be given up before it came.</returns>
    internal async Task<ConsulAnswer<T>?> RunAsync<T>(
        Func<TimeSpan, CancellationToken, Task<ConsulAnswer<T>>> query, CancellationToken stopping)
    {
        await free.WaitAsync(stopping);
        try
        {
            bool turns;
            CancellationToken giveUp;
            lock (gate)
            {
                turns = watches > slots;
                giveUp = turns ? CancellationToken.None : crowded.Token;
            }
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, giveUp);
            try
            {
                return await query(Vary(turns ? Turn : LongWait), either.Token);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                return null;
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Shortens by up to a tenth, so that what began together does not end together.</summary>
    internal TimeSpan Vary(TimeSpan wait) => wait * (1 - (random.NextDouble() / 10));
}
