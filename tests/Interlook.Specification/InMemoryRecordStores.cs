using Interlook.Storage;

namespace Interlook.Specification;

/// <summary>
/// Record stores without a disk, for tests of what stands above them. Records are kept as the JSON that the codec wrote, so a codec that
/// loses something is found out; they outlive the store that wrote them, as a file outlives a process. Safe for concurrent use.
/// </summary>
public sealed class InMemoryRecordStores : IRecordStores
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SortedDictionary<string, (Revision Revision, byte[] Json)>> documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    /// <summary>When set, every write fails with it and changes nothing.</summary>
    public StoreException? WriteFault { get; set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The store is open already; a restart disposes it first.</exception>
    public IRecordStore<T> Open<T>(string name, IRecordCodec<T> codec)
        where T : class
    {
        lock (gate)
        {
            if (!open.Add(name))
                throw new InvalidOperationException($"store '{name}' is open already");
            if (!documents.TryGetValue(name, out var records))
                documents[name] = records = new(StringComparer.Ordinal);
            return new InMemoryRecordStore<T>(records, codec, () => WriteFault, () => Close(name));
        }
    }

    private void Close(string name)
    {
        lock (gate)
            open.Remove(name);
    }
}
