namespace Interlook.Storage;

/// <summary>
/// Durable records by key. Nothing above it assumes that only one process exists: every write names the revision that it follows.
/// Safe for concurrent use.
/// </summary>
/// <typeparam name="T">An immutable record.</typeparam>
public interface IRecordStore<T> : IAsyncDisposable
    where T : class
{
    /// <summary>Everything that is stored.</summary>
    /// <exception cref="StoreException">The stored data is damaged or cannot be read.</exception>
    Task<IReadOnlyDictionary<string, StoredRecord<T>>> ReadAllAsync(CancellationToken stopping);

    /// <summary>
    /// Writes one record. When the task ends well the write survives a crash of the process and of the machine. Concurrent writes share
    /// one flush.
    /// </summary>
    /// <returns>The record's new revision.</returns>
    /// <exception cref="StaleRevisionException">The record is not at the expected revision; nothing was written.</exception>
    /// <exception cref="StoreException">Nothing is known of this write.</exception>
    Task<Revision> WriteAsync(RecordWrite<T> write, CancellationToken stopping);
}
