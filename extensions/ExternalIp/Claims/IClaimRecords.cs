using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>All records of one kind. A name is <c>metadata.name</c>.</summary>
internal interface IClaimRecords<T>
    where T : class
{
    /// <summary>
    /// Follows the records: first all of them, then a view after each change (several changes may come as one). A view is never older than
    /// the one before it. What it shows may be late, but never was not so.
    /// </summary>
    /// <exception cref="ExtensionException">The stream broke; begin anew.</exception>
    IAsyncEnumerable<RecordView<T>> WatchAsync(CancellationToken stopping);

    /// <summary>All records, not older than the call: every write that had been answered before it began is in it.</summary>
    Task<RecordView<T>> ListAsync(CancellationToken stopping);

    /// <summary>One record, not older than the call; null when there is none.</summary>
    Task<StoredRecord<T>?> ReadAsync(string name, CancellationToken stopping);

    /// <summary>Creates: Written or Exists.</summary>
    Task<WriteResult> CreateAsync(T record, CancellationToken stopping);

    /// <summary>Replaces the whole record if it still has the expected revision: Written, Conflict or Missing. The content must differ.</summary>
    Task<WriteResult> UpdateAsync(T record, Revision expected, CancellationToken stopping);

    /// <summary>Deletes if it still has the expected revision: Written, Conflict or Missing.</summary>
    Task<WriteResult> DeleteAsync(string name, Revision expected, CancellationToken stopping);
}
