using System.Collections.Concurrent;
using Interlook.Engine.Scheduling;
using Interlook.Entries;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Recording;

/// <summary>
/// Writes the histories that changed, many at once, in the background: no step waits for it, and what goes wrong here harms nothing but
/// the history. What happened in the last moments before a crash is lost. Safe for concurrent use.
/// </summary>
/// <param name="store">Where histories are kept; null keeps them in memory only.</param>
/// <param name="table">Tells whose history is wanted no more.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says when nothing can be written.</param>
internal sealed partial class HistoryRecorder(
    IRecordStore<EntryHistory>? store,
    EntryTable table,
    TimeProvider time,
    ILogger<HistoryRecorder> logger)
{
    /// <summary>The pause between two rounds of writing: what a crash costs at most, while the store keeps up.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// When everything changes at once, more wait for the next rounds, and several changes of one service become one write: the work itself
    /// needs the processor and the disk more.
    /// </summary>
    private const int MostInARound = 8_192;

    /// <summary>Writes that are under way at once: they share a flush.</summary>
    private const int Together = 256;

    private readonly ConcurrentQueue<EntrySlot> changed = new();
    private readonly ConcurrentQueue<RecordWrite<EntryHistory>> ownerless = new();
    private bool given = store is not null;
    private bool failing;

    /// <summary>Reads what is stored. Damage is logged and costs the histories alone: the file is left as it is, and none is written.</summary>
    /// <returns>The histories by the path of their key.</returns>
    public async Task<IReadOnlyDictionary<string, StoredRecord<EntryHistory>>> ReadAsync(CancellationToken stopping)
    {
        try
        {
            if (store is not null)
                return await store.ReadAllAsync(stopping);
        }
        catch (StoreException failure)
        {
            given = false;
            Log.NotRead(logger, failure.Message);
        }
        return new Dictionary<string, StoredRecord<EntryHistory>>();
    }

    /// <summary>A stored history has no entry: a crash came between the end of the two. It will be deleted.</summary>
    public void Forget(string path, Revision revision) => ownerless.Enqueue(new RecordWrite<EntryHistory>(path, revision, null));

    /// <summary>Takes a slot whose history may have changed; harmless when it has not.</summary>
    public void Changed(EntrySlot slot)
    {
        if (given && slot.TryAwaitRecording())
            changed.Enqueue(slot);
    }

    /// <summary>Writes in rounds until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (!given)
            return;
        using var pulse = new PeriodicTimer(Interval, time);
        try
        {
            while (await pulse.WaitForNextTickAsync(stopping))
                await WriteAsync(MostInARound, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Our own stop.
        }
    }

    /// <summary>Writes everything that has changed until now.</summary>
    public Task WriteAllAsync() => WriteAsync(int.MaxValue, CancellationToken.None);

    /// <summary>One round. After a failure the rest waits for the next.</summary>
    private async Task WriteAsync(int most, CancellationToken stopping)
    {
        while (ownerless.TryDequeue(out var write))
            await TryWriteAsync(write);
        var writes = new List<Task<bool>>(Together);
        for (var left = Math.Min(most, changed.Count); left > 0 && !stopping.IsCancellationRequested;)
        {
            for (; left > 0 && writes.Count < Together && changed.TryDequeue(out var slot); left--)
                writes.Add(WriteAsync(slot));
            if (!Array.TrueForAll(await Task.WhenAll(writes), static written => written))
                return;
            writes.Clear();
        }
    }

    private async Task<bool> WriteAsync(EntrySlot slot)
    {
        slot.BeginRecording();
        var isForgotten = table.Find(slot.Entry.Key) != slot;
        if (isForgotten && slot.HistoryRevision == Revision.None)
            return true;
        if (await TryWriteAsync(new RecordWrite<EntryHistory>(slot.Path, slot.HistoryRevision, isForgotten ? null : slot.History)) is not { } revision)
        {
            slot.MustRecord();
            Changed(slot);
            return false;
        }
        slot.HistoryRevision = revision;
        return true;
    }

    /// <returns>The new revision; null when it was not written.</returns>
    private async Task<Revision?> TryWriteAsync(RecordWrite<EntryHistory> write)
    {
        try
        {
            var revision = await WriteOverAsync(write);
            if (failing)
                Log.WrittenAgain(logger);
            failing = false;
            return revision;
        }
        catch (Exception failure)
        {
            if (!failing)
                Log.NotWritten(logger, write.Key, failure.Message);
            failing = true;
            return null;
        }
    }

    /// <summary>Writes, whatever is stored under that key: a service that comes back soon after it was forgotten may find its old history.</summary>
    private async Task<Revision> WriteOverAsync(RecordWrite<EntryHistory> write)
    {
        try
        {
            return await store!.WriteAsync(write, CancellationToken.None);
        }
        catch (StaleRevisionException stale)
        {
            // To delete what somebody newer has written would take his history, not ours.
            return write.Value is null ? Revision.None : await store!.WriteAsync(write with { Expected = stale.Actual }, CancellationToken.None);
        }
    }
}
