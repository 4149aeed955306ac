using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// Follows the records of one kind: lists, watches from the list's version on, lists anew when that is forgotten or a resync is due. Unlike an
/// informer it knows the version of what it shows, and it ends with the first fault instead of waiting for better times by itself: whoever follows
/// decides how soon it is begun anew. For one reader.
/// </summary>
internal sealed partial class RecordWatch<T>(RecordLists<T> lists, TimeSpan resync, TimeProvider time, ILogger logger) : IDisposable
    where T : class
{
    private readonly List<WatchEvent<RecordObject<T>>> events = [];
    private readonly HashSet<string> broken = new(StringComparer.Ordinal);
    private RecordView<T> view = RecordView<T>.Empty;
    private IWatch<RecordObject<T>>? open;
    private bool mustList = true;
    private long listedAt;

    /// <summary>The next view: the first holds everything, later ones come with a change or a resync.</summary>
    /// <exception cref="ExtensionException">The server cannot be followed.</exception>
    internal async Task<RecordView<T>> NextAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (mustList || Left <= TimeSpan.Zero)
                return await ListAsync(stopping);
            open ??= await lists.OpenAsync(view.At, stopping);
            if (open is null)
                mustList = true;
            else if (await ReadAsync(open, stopping))
                return view;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => open?.Dispose();

    private TimeSpan Left => resync - time.GetElapsedTime(listedAt);

    private async Task<RecordView<T>> ListAsync(CancellationToken stopping)
    {
        Close();
        // The server's memory has every version that one of these records has; what it says may still be older than what is known, by a deletion.
        Revision? newest = mustList || view.Records.IsEmpty ? null : new Revision(view.Records.Values.Max(record => record.Revision.Value));
        var (now, unreadable) = await lists.ReadAsync(newest, stopping);
        if (now.At.Value < view.At.Value && newest is not null)
            (now, unreadable) = await lists.ReadAsync(null, stopping);
        if (now.At.Value < view.At.Value)
        {
            throw new ExtensionException(
                Reason.Unavailable,
                $"the {lists.Plural} were listed as of version {now.At.Value}, and {view.At.Value} is known already: the store went back, or a proxy answers from memory");
        }
        var records = now.Records;
        broken.IntersectWith(unreadable.Select(problem => problem.Name.Name));
        foreach (var problem in unreadable)
        {
            Note(problem);
            if (view.Records.TryGetValue(problem.Name.Name, out var last))
                records = records.SetItem(problem.Name.Name, last); // it is there: what was read of it last still counts
        }
        view = now with { Records = records };
        mustList = false;
        listedAt = time.GetTimestamp();
        return view;
    }

    /// <returns>False when nothing changed: the watch ended, or only bookmarks came.</returns>
    private async Task<bool> ReadAsync(IWatch<RecordObject<T>> watch, CancellationToken stopping)
    {
        events.Clear();
        using var due = new CancellationTokenSource(Left > TimeSpan.Zero ? Left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, due.Token);
        try
        {
            if (!await watch.ReadAsync(events, either.Token))
                Close();
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Close(); // what was not read yet, the list that is due shows
        }
        return Take();
    }

    private bool Take()
    {
        var records = view.Records;
        var reached = view.At.Value;
        foreach (var told in events)
        {
            switch (told)
            {
                case WatchEvent<RecordObject<T>>.Present { Object: var value }:
                    var revision = lists.RevisionOf(value);
                    broken.Remove(value.Metadata.Name);
                    records = records.SetItem(value.Metadata.Name, new(revision, value.Value));
                    reached = Math.Max(reached, revision.Value);
                    break;
                case WatchEvent<RecordObject<T>>.Gone gone:
                    broken.Remove(gone.Name.Name);
                    records = records.Remove(gone.Name.Name);
                    reached = Math.Max(reached, lists.Parse(gone.Version).Value);
                    break;
                case WatchEvent<RecordObject<T>>.Bookmark bookmark:
                    reached = Math.Max(reached, lists.Parse(bookmark.Version).Value);
                    break;
                case WatchEvent<RecordObject<T>>.Unreadable { Object: var problem }:
                    Note(problem);
                    break;
                case WatchEvent<RecordObject<T>>.Expired:
                    mustList = true;
                    break;
            }
        }
        var isChange = !ReferenceEquals(records, view.Records);
        view = new(new Revision(reached), records);
        return isChange;
    }

    private void Note(BrokenObject problem)
    {
        if (broken.Add(problem.Name.Name))
            Log.Unreadable(logger, lists.Plural, problem.Name.Name, problem.Problem);
    }

    private void Close()
    {
        open?.Dispose();
        open = null;
    }
}
