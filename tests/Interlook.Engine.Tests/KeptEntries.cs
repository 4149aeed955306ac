using Interlook.Entries;
using Interlook.Storage;

namespace Interlook.Engine.Tests;

/// <summary>A store of entries that outlives the engines of a test.</summary>
internal sealed class KeptEntries : IRecordStore<Entry>
{
    private readonly Dictionary<string, StoredRecord<Entry>> records = [];

    public int Writes { get; private set; }

    public Task<IReadOnlyDictionary<string, StoredRecord<Entry>>> ReadAllAsync(CancellationToken stopping) =>
        Task.FromResult<IReadOnlyDictionary<string, StoredRecord<Entry>>>(new Dictionary<string, StoredRecord<Entry>>(records));

    public Task<Revision> WriteAsync(RecordWrite<Entry> write, CancellationToken stopping)
    {
        Writes++;
        if (write.Value is null)
        {
            records.Remove(write.Key);
            return Task.FromResult(Revision.None);
        }
        var revision = new Revision(write.Expected.Value + 1);
        records[write.Key] = new StoredRecord<Entry>(revision, write.Value);
        return Task.FromResult(revision);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
