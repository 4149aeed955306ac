using System.Collections.Immutable;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>
/// The newest that is known of the records of one kind: the last view, and what was written since and has not come back in a view yet.
/// Whoever decides on the view alone decides everything twice. Not for concurrent use.
/// </summary>
internal sealed class KnownRecords<T>
    where T : class
{
    private readonly Dictionary<string, StoredRecord<T>> written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Revision> deleted = new(StringComparer.Ordinal);

    /// <summary>The last view.</summary>
    internal RecordView<T> View { get; private set; } = RecordView<T>.Empty;

    /// <summary>The records, in the order of their names.</summary>
    internal ImmutableSortedDictionary<string, StoredRecord<T>> Records { get; private set; } = RecordView<T>.Empty.Records;

    /// <summary>Takes a view; one that is older than the last says nothing.</summary>
    internal void See(RecordView<T> view)
    {
        if (view.At.Value < View.At.Value)
            return;
        View = view;
        var records = view.Records;
        foreach (var (name, own) in written.ToArray())
        {
            if (own.Revision.Value <= view.At.Value)
                written.Remove(name);
            else
                records = records.SetItem(name, own);
        }
        foreach (var (name, revision) in deleted.ToArray())
        {
            if (view.Records.TryGetValue(name, out var seen) && seen.Revision == revision)
                records = records.Remove(name);
            else
                deleted.Remove(name);
        }
        Records = records;
    }

    /// <summary>Takes what this process wrote itself.</summary>
    internal void Wrote(string name, Revision revision, T record)
    {
        if (revision.Value <= View.At.Value)
            return;
        deleted.Remove(name);
        written[name] = new(revision, record);
        Records = Records.SetItem(name, written[name]);
    }

    /// <summary>Takes that this process deleted a record.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="revision">The revision that was deleted.</param>
    internal void Deleted(string name, Revision revision)
    {
        written.Remove(name);
        if (View.Records.TryGetValue(name, out var seen) && seen.Revision.Value <= revision.Value)
            deleted[name] = seen.Revision;
        if (Records.TryGetValue(name, out var known) && known.Revision.Value <= revision.Value)
            Records = Records.Remove(name);
    }

    /// <summary>The record of a name; null when there is none.</summary>
    internal StoredRecord<T>? Find(string name) => Records.TryGetValue(name, out var record) ? record : null;
}
