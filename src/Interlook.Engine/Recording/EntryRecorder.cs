using Interlook.Entries;
using Interlook.Storage;

namespace Interlook.Engine.Recording;

/// <summary>Writes entries by revision. Safe for concurrent use on different entries.</summary>
/// <param name="store">Where entries are kept; null keeps nothing.</param>
internal sealed class EntryRecorder(IRecordStore<Entry>? store)
{
    /// <summary>
    /// True when what is stored names everything that the entry may have outside, so that a call may be made without another write:
    /// a repeated attempt costs no flush.
    /// </summary>
    public static bool Covers(Entry? saved, Entry entry) =>
        saved is not null && saved.Expected == entry.Expected && ReferenceEquals(saved.Desired, entry.Desired) && saved.Steps == entry.Steps;

    /// <summary>Writes an entry.</summary>
    /// <param name="path">The path of its key.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="follows">The revision it follows.</param>
    /// <returns>Its new revision, durable.</returns>
    /// <exception cref="StoreException">It was not written, or nobody knows.</exception>
    // Our own stop does not cut a write short: what a step acknowledged is worth the flush.
    public Task<Revision> SaveAsync(string path, Entry entry, Revision follows) =>
        store is null
            ? Task.FromResult(follows)
            : store.WriteAsync(new RecordWrite<Entry>(path, follows, entry), CancellationToken.None);

    /// <summary>Deletes an entry.</summary>
    /// <exception cref="StoreException">It was not deleted, or nobody knows.</exception>
    public Task DeleteAsync(string path, Revision follows) =>
        store is null
            ? Task.CompletedTask
            : store.WriteAsync(new RecordWrite<Entry>(path, follows, null), CancellationToken.None);
}
