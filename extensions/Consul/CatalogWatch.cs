using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Providers;

namespace Interlook.Extensions.Consul;

/// <summary>
/// One watch of one catalog: a chain of blocking queries for the list of services, and one for each service that asks or may ask. Every query
/// begins at the index of what is known, so between reading and watching there is no gap.
/// </summary>
internal sealed class CatalogWatch(
    CatalogReader reader, CatalogTranslation translation, ConsulCatalogOptions options, CatalogTable table, ExtensionContext context)
{
    /// <summary>Services read at once at the beginning.</summary>
    private const int ReadsAtOnce = 16;

    // Bounded: when the consumer is slow, the queries wait for it. The reader never waits for a query.
    private readonly Channel<CatalogSign> signs = Channel.CreateBounded<CatalogSign>(new BoundedChannelOptions(64) { SingleReader = true });
    private readonly Dictionary<string, ServiceWatch> watches = new(StringComparer.Ordinal);
    private readonly WatchSlots slots = new(options.MaxWatches, context.Random);

    /// <summary>Follows the catalog until it cannot be read or <paramref name="stopping"/> is cancelled.</summary>
    internal async IAsyncEnumerable<ProviderEvent> RunAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            var list = await reader.ReadServicesAsync(0, TimeSpan.Zero, stopping);
            var indexes = await ReadAllAsync(translation.Candidates(list.Value!), stopping);
            table.ForgetEarlier();
            var snapshot = table.Snapshot();
            var told = context.Time.GetTimestamp();
            var said = table.Rejections();
            yield return snapshot;
            yield return new ProviderEvent.Rejections(said);
            Begin(indexes, life.Token);
            _ = FollowListAsync(BlockingIndex.After(0, list.Index).Next, life.Token);
            while (true)
            {
                var sign = await NextAsync(life.Token);
                var changes = Take(sign, life.Token);
                var isDue = context.Time.GetElapsedTime(told) >= options.UpdateInterval * 0.9;
                if (sign is CatalogSign.ListRead && (isDue || !snapshot.IsComplete || changes.Count > 1))
                {
                    // Several that vanish from the list at once are told as a list is: the engine holds it when they are most of all.
                    changes = [snapshot = table.Snapshot()];
                    told = context.Time.GetTimestamp();
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

    private async Task<Dictionary<string, (ulong Index, bool All)>> ReadAllAsync(Dictionary<string, bool> candidates, CancellationToken stopping)
    {
        var gate = new Lock();
        var indexes = new Dictionary<string, (ulong, bool)>(StringComparer.Ordinal);
        var bound = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(ReadsAtOnce, options.MaxWatches), CancellationToken = stopping };
        await Parallel.ForEachAsync(candidates, bound, async (candidate, cancelled) =>
        {
            var (service, tagged) = candidate;
            var last = table.Last(service);
            var all = tagged || last.Asks;
            try
            {
                var answer = await reader.ReadInstancesAsync(service, all, 0, TimeSpan.Zero, cancelled);
                var reading = translation.Read(service, answer.Value!, last);
                lock (gate)
                {
                    table.Set(service, reading, all);
                    indexes[service] = (BlockingIndex.After(0, answer.Index).Next, all || reading.Asks);
                }
            }
            catch (ExtensionException refusal) when (refusal.Reason == Reason.Refused)
            {
                lock (gate)
                {
                    table.Refuse(service, refusal.Message);
                    indexes[service] = (0, all);
                }
            }
        });
        return indexes;
    }

    private async Task<CatalogSign> NextAsync(CancellationToken life)
    {
        try
        {
            return await signs.Reader.ReadAsync(life);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is ExtensionException failure)
        {
            throw new ExtensionException(failure.Reason, failure.Message, failure.RetryAfter, failure);
        }
    }

    private List<ProviderEvent> Take(CatalogSign sign, CancellationToken life)
    {
        switch (sign)
        {
            case CatalogSign.ListRead list:
                return TakeList(translation.Candidates(list.Services), life);
            case CatalogSign.ServiceRead read when IsCurrent(read.Watch):
                var all = read.Watch.All;
                var reading = translation.Read(read.Watch.Service, read.Instances, table.Last(read.Watch.Service));
                read.Watch.All = all || reading.Asks;
                return table.Set(read.Watch.Service, reading, all);
            case CatalogSign.ServiceRefused refused when IsCurrent(refused.Watch):
                return table.Refuse(refused.Watch.Service, refused.Problem);
            default:
                return []; // of a watch that was stopped meanwhile
        }
    }

    private List<ProviderEvent> TakeList(Dictionary<string, bool> candidates, CancellationToken life)
    {
        foreach (var (service, watch) in watches.Where(known => !candidates.ContainsKey(known.Key)).ToList())
        {
            watch.Stop();
            watches.Remove(service);
        }
        foreach (var (service, _) in candidates.Where(candidate => candidate.Value && watches.ContainsKey(candidate.Key)))
            watches[service].All = true;
        Begin(candidates.Where(candidate => !watches.ContainsKey(candidate.Key)).ToDictionary(candidate => candidate.Key, candidate => (0UL, candidate.Value)), life);
        return table.Keep(candidates.Keys.ToHashSet(StringComparer.Ordinal));
    }

    private bool IsCurrent(ServiceWatch watch) => ReferenceEquals(watches.GetValueOrDefault(watch.Service), watch);

    /// <summary>Begins chains; all are counted in before the first one asks how long it may wait.</summary>
    private void Begin(Dictionary<string, (ulong Index, bool All)> services, CancellationToken life)
    {
        foreach (var (service, (_, all)) in services)
        {
            slots.Join();
            watches[service] = new(service, reader, slots, signs.Writer, context) { All = all };
        }
        foreach (var (service, (index, _)) in services)
            _ = watches[service].RunAsync(index, life);
    }

    private async Task FollowListAsync(ulong index, CancellationToken life)
    {
        var pace = new QueryPace(context.Time);
        try
        {
            while (true)
            {
                await Task.Delay(pace.Take(), context.Time, life);
                var asked = index;
                var answer = await reader.ReadServicesAsync(asked, slots.Vary(options.UpdateInterval), life);
                (index, var take) = BlockingIndex.After(asked, answer.Index);
                if (take)
                    await signs.Writer.WriteAsync(new CatalogSign.ListRead(answer.Value!), life);
            }
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
