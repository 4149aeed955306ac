using Interlook.Batching;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>
/// Folding: writers go over to the next journal, then a document is written that holds all journals before it, then those are deleted.
/// Everything here but the writing of the document runs inside a commit, so no line is written meanwhile.
/// </summary>
internal sealed partial class FileRecordStore<T>
{
    private void BeginFold()
    {
        try
        {
            var before = journal;
            OpenJournal(lastJournal + 1);
            before?.Dispose();
            folding = FoldInBackgroundAsync(Contents(lastJournal));
        }
        catch (Exception problem)
        {
            FoldLater(problem); // the journal before this stays in use
        }
    }

    private async Task FoldInBackgroundAsync(Contents<T> contents)
    {
        await Task.Yield(); // the writers go on
        try
        {
            await FoldAsync(contents);
        }
        catch (Exception problem)
        {
            FoldLater(problem); // whatever it is: a failed task here would fail every repair and the close as well
        }
    }

    private void FoldLater(Exception problem)
    {
        Volatile.Write(ref foldAt, (journal?.Length ?? 0) + Math.Max(foldAfter, Volatile.Read(ref documentLength)));
        Log.FoldFailed(logger, path, problem.Message);
    }

    private async Task FoldAsync(Contents<T> contents)
    {
        Volatile.Write(ref documentLength, await DocumentFile.ReplaceAsync(disk, path, contents, codec));
        Volatile.Write(ref foldAt, Math.Max(foldAfter, documentLength));
        for (; firstJournal < contents.Journal; firstJournal++)
            disk.Delete(FileNames.Journal(path, firstJournal));
    }

    /// <summary>
    /// After a failed write the journal's end is not known, and after a failed flush not even what a later flush would say. So everything
    /// acknowledged goes into a new document, and a new journal begins.
    /// </summary>
    private async Task RepairAsync()
    {
        await folding;
        // The document comes first: until it is in place the journal with the unknown end must stay the newest one.
        await FoldAsync(Contents(lastJournal + 1));
        OpenJournal(lastJournal + 1);
        Log.Repaired(logger, path);
    }

    private async Task CloseAsync(PendingCommit<JournalWrite<T>, Revision> pending)
    {
        await folding;
        try
        {
            if (journal is not { Length: 0 } || firstJournal < lastJournal)
                await FoldAsync(Contents(lastJournal + 1));
        }
        catch (Exception problem)
        {
            FoldLater(problem); // the journals have everything; who waits for the close must be answered
        }
        journal?.Dispose();
        journal = null;
        finished = true;
        pending.Succeed(Revision.None);
    }

    private void OpenJournal(long number)
    {
        var file = disk.Create(FileNames.Journal(path, number));
        try
        {
            disk.FlushNames(path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        journal = new Journal(file);
        lastJournal = number;
        Volatile.Write(ref foldAt, Math.Max(foldAfter, Volatile.Read(ref documentLength)));
    }

    private Contents<T> Contents(long journal)
    {
        lock (gate)
            return new Contents<T>(journal, revision, [.. records]);
    }
}
