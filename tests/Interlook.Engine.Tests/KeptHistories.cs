using Interlook.Entries;
using Interlook.Storage;

namespace Interlook.Engine.Tests;

/// <summary>A store of histories that a test can look into and break.</summary>
internal sealed class KeptHistories : IRecordStore<EntryHistory>
{
    public Dictionary<string, StoredRecord<EntryHistory>> Records { get; } = [];

    public int Writes { get; private set; }

    public bool IsBroken { get; set; }

    public Task<IReadOnlyDictionary<string, StoredRecord<EntryHistory>>> ReadAllAsync(CancellationToken stopping) => IsBroken
        ? Task.FromException<IReadOnlyDictionary<string, StoredRecord<EntryHistory>>>(new StoreException("the file is damaged"))
        : Task.FromResult<IReadOnlyDictionary<string, StoredRecord<EntryHistory>>>(new Dictionary<string, StoredRecord<EntryHistory>>(Records));

    public Task<Revision> WriteAsync(RecordWrite<EntryHistory> write, CancellationToken stopping)
    {
        Writes++;
        if (IsBroken)
            return Task.FromException<Revision>(new StoreException("the disk is full"));
        var actual = Records.GetValueOrDefault(write.Key).Revision;
        if (actual != write.Expected)
            return Task.FromException<Revision>(new StaleRevisionException(write.Key, write.Expected, actual));
        if (write.Value is null)
        {
            Records.Remove(write.Key);
            return Task.FromResult(Revision.None);
        }
        Records[write.Key] = new StoredRecord<EntryHistory>(new Revision(actual.Value + 1), write.Value);
        return Task.FromResult(Records[write.Key].Revision);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
