using System.Buffers;
using System.Text.Json;
using Interlook.Storage;

namespace Interlook.Specification;

internal sealed class InMemoryRecordStore<T>(
    SortedDictionary<string, (Revision Revision, byte[] Json)> records,
    IRecordCodec<T> codec,
    Func<StoreException?> writeFault,
    Action close) : IRecordStore<T>
    where T : class
{
    private bool closed;

    public Task<IReadOnlyDictionary<string, StoredRecord<T>>> ReadAllAsync(CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        lock (records)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return Task.FromResult<IReadOnlyDictionary<string, StoredRecord<T>>>(records.ToDictionary(
                record => record.Key,
                record => new StoredRecord<T>(record.Value.Revision, Read(record.Key, record.Value.Json)),
                StringComparer.Ordinal));
        }
    }

    public Task<Revision> WriteAsync(RecordWrite<T> write, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        lock (records)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (writeFault() is { } fault)
                return Task.FromException<Revision>(fault);
            var actual = records.TryGetValue(write.Key, out var record) ? record.Revision : Revision.None;
            if (actual != write.Expected)
                return Task.FromException<Revision>(new StaleRevisionException(write.Key, write.Expected, actual));
            if (write.Value is null)
            {
                records.Remove(write.Key);
                return Task.FromResult(Revision.None);
            }
            var next = new Revision(actual.Value + 1);
            records[write.Key] = (next, Written(write.Value));
            return Task.FromResult(next);
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (records)
            closed = true;
        close();
        return ValueTask.CompletedTask;
    }

    private T Read(string key, byte[] stored)
    {
        var json = new Utf8JsonReader(stored);
        json.Read();
        return codec.Read(key, ref json);
    }

    private byte[] Written(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            codec.Write(json, value);
        return buffer.WrittenSpan.ToArray();
    }
}
