using Interlook.Storage;

namespace Interlook.Extensions.Tests.Ipalloc;

/// <summary>Stores whose writes can be cut off at their deadline: the write is made, and its caller never learns of it.</summary>
internal sealed class CutOffStores(IRecordStores stores) : IRecordStores
{
    internal bool CutOff { get; set; }

    public IRecordStore<T> Open<T>(string name, IRecordCodec<T> codec)
        where T : class => new Store<T>(this, stores.Open(name, codec));

    private sealed class Store<T>(CutOffStores owner, IRecordStore<T> store) : IRecordStore<T>
        where T : class
    {
        public Task<IReadOnlyDictionary<string, StoredRecord<T>>> ReadAllAsync(CancellationToken stopping) => store.ReadAllAsync(stopping);

        public async Task<Revision> WriteAsync(RecordWrite<T> write, CancellationToken stopping)
        {
            var revision = await store.WriteAsync(write, stopping);
            return owner.CutOff ? throw new OperationCanceledException("the deadline has passed") : revision;
        }

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
