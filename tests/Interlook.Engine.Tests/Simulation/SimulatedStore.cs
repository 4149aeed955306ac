using Interlook.Entries;
using Interlook.Storage;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>Records that outlive the process. A write takes a moment; one that a crash interrupts is there or not, as chance has it.</summary>
internal sealed class SimulatedStore(Random random)
{
    private readonly Dictionary<string, StoredRecord<Entry>> durable = new(StringComparer.Ordinal);
    private readonly List<RecordWrite<Entry>> flushing = [];

    public IReadOnlyDictionary<string, StoredRecord<Entry>> Durable => durable;

    public IRecordStore<Entry> Open(TimeProvider time) => new Session(this, time);

    public void Crash()
    {
        foreach (var write in flushing.Where(_ => random.Next(2) == 0))
            Apply(write);
        flushing.Clear();
    }

    private Revision Apply(RecordWrite<Entry> write)
    {
        var revision = new Revision(write.Expected.Value + 1);
        if (write.Value is null)
            durable.Remove(write.Key);
        else
            durable[write.Key] = new StoredRecord<Entry>(revision, write.Value);
        return revision;
    }

    private sealed class Session(SimulatedStore store, TimeProvider time) : IRecordStore<Entry>
    {
        public Task<IReadOnlyDictionary<string, StoredRecord<Entry>>> ReadAllAsync(CancellationToken stopping) =>
            Task.FromResult<IReadOnlyDictionary<string, StoredRecord<Entry>>>(new Dictionary<string, StoredRecord<Entry>>(store.durable));

        public async Task<Revision> WriteAsync(RecordWrite<Entry> write, CancellationToken stopping)
        {
            var actual = store.durable.TryGetValue(write.Key, out var stored) ? stored.Revision : Revision.None;
            if (actual != write.Expected)
                throw new StaleRevisionException(write.Key, write.Expected, actual);
            store.flushing.Add(write);
            await Task.Delay(TimeSpan.FromMilliseconds(store.random.Next(3)), time, CancellationToken.None);
            store.flushing.Remove(write);
            return store.Apply(write);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private readonly Random random = random;
}
