using System.Collections.Concurrent;
using Interlook.Batching;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.FileStore;

/// <summary>One document and its journal. The records are in memory as well; a write is applied there once its line is durable.</summary>
internal sealed partial class FileRecordStore<T> : IRecordStore<T>
    where T : class
{
    private const int MostBuffersKept = 256;
    private const int LargestBufferKept = 64 * 1024;

    private readonly IDisk disk;
    private readonly string path;
    private readonly IRecordCodec<T> codec;
    private readonly long foldAfter;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<RecordBuffer> buffers = new();
    private readonly GroupCommit<JournalWrite<T>, Revision> commits;
    private readonly Dictionary<string, Revision> staged = new(StringComparer.Ordinal);
    private readonly List<(PendingCommit<JournalWrite<T>, Revision> Pending, Revision Revision)> accepted = [];
    private byte[] lines = new byte[16 * 1024];
    private int linesLength;

    private Dictionary<string, StoredRecord<T>> records = [];
    private Task? loading;
    private IDisposable? claim;
    private Journal? journal; // null after a failure: what its end looks like is not known
    private long lastJournal;
    private long firstJournal;
    private long revision;
    private long documentLength;
    private long foldAt;
    private Task folding = Task.CompletedTask;
    private bool finished; // the last commit has run
    private volatile bool closed;

    internal FileRecordStore(IDisk disk, string path, IRecordCodec<T> codec, long foldAfter, ILogger logger)
    {
        this.disk = disk;
        this.path = path;
        this.codec = codec;
        this.foldAfter = foldAfter;
        this.logger = logger;
        commits = new GroupCommit<JournalWrite<T>, Revision>(CommitAsync);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, StoredRecord<T>>> ReadAllAsync(CancellationToken stopping)
    {
        await LoadedAsync().WaitAsync(stopping);
        lock (gate)
            return new Dictionary<string, StoredRecord<T>>(records, records.Comparer);
    }

    /// <inheritdoc/>
    public async Task<Revision> WriteAsync(RecordWrite<T> write, CancellationToken stopping)
    {
        await LoadedAsync();
        if (!buffers.TryDequeue(out var line))
            line = new RecordBuffer();
        JournalLine.WriteRest(line, write.Key, write.Value, codec);
        return await commits.CommitAsync(new JournalWrite<T>(write, line), stopping);
    }

    /// <summary>Folds the journal into the document and lets go of the files.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
        }
        if (loading is { IsCompletedSuccessfully: true })
            await commits.CommitAsync(new JournalWrite<T>(default, Line: null), CancellationToken.None);
        claim?.Dispose();
    }

    private Task LoadedAsync()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (loading is { } begun)
            return begun;
        lock (gate)
            return loading ??= LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            claim = disk.Lock(path);
        }
        catch (IOException problem)
        {
            throw new StoreException($"{path} cannot be taken: {problem.Message}", problem);
        }
        try
        {
            var found = Recovery<T>.Read(disk, path, codec);
            (records, revision, lastJournal) = (found.Records, found.Revision, found.LastJournal);
            firstJournal = found.Journals.Count > 0 ? Math.Min(found.Journals[0], lastJournal) : lastJournal;
            documentLength = found.DocumentLength;
            if (found.Torn is { } torn)
                Log.TornLineDropped(logger, torn);
            if (found.Earlier is { } original)
                KeepAside(original);
            else if (found is { DocumentLength: 0, Stale: true } && disk.Read(path) is not null)
                Log.EmptyFile(logger, path);
            if (found.Stale)
                await FoldAsync(Contents(++lastJournal));
            OpenJournal(lastJournal);
        }
        catch (IOException problem)
        {
            claim.Dispose();
            throw new StoreException($"{path} cannot be opened: {problem.Message}", problem);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private void KeepAside(byte[] original)
    {
        var aside = FileNames.BeforeConversion(path);
        if (disk.Read(aside) is { } kept)
        {
            if (kept.AsSpan().SequenceEqual(original))
                return; // an earlier conversion was cut off before the document was written
            throw new StoreException($"{path} is a file of the earlier system, and {aside} keeps another one already: move that away first");
        }
        using (var file = disk.Create(FileNames.Next(aside)))
        {
            file.Append(original);
            file.Flush();
        }
        disk.Replace(FileNames.Next(aside), aside);
        disk.FlushNames(aside);
        Log.Converted(logger, path, records.Count, aside);
    }

    private async Task CommitAsync(IReadOnlyList<PendingCommit<JournalWrite<T>, Revision>> batch)
    {
        try
        {
            ObjectDisposedException.ThrowIf(finished, this);
            if (journal is null)
                await RepairAsync();
            Stage(batch);
            if (accepted.Count > 0)
            {
                journal!.Append(lines.AsSpan(0, linesLength));
                Apply();
            }
        }
        catch (Exception problem) when (problem is not ObjectDisposedException)
        {
            journal?.Dispose();
            journal = null;
            Log.WriteFailed(logger, path, problem.Message);
            var failure = new StoreException($"{path} cannot be written: {problem.Message}", problem);
            foreach (var pending in batch.Where(pending => !pending.Request.Closes))
                pending.Fail(failure);
        }
        finally
        {
            foreach (var pending in batch)
                Recycle(pending.Request.Line);
        }
        if (journal is not null && journal.Length >= Volatile.Read(ref foldAt) && folding.IsCompleted)
            BeginFold();
        foreach (var pending in batch)
        {
            if (pending.Request.Closes)
                await CloseAsync(pending);
        }
    }

    private void Stage(IReadOnlyList<PendingCommit<JournalWrite<T>, Revision>> batch)
    {
        staged.Clear();
        accepted.Clear();
        linesLength = 0;
        foreach (var pending in batch)
        {
            var (write, line) = pending.Request;
            if (line is null)
                continue;
            if (!staged.TryGetValue(write.Key, out var current) && records.TryGetValue(write.Key, out var stored))
                current = stored.Revision;
            if (current != write.Expected)
            {
                pending.Fail(new StaleRevisionException(write.Key, write.Expected, current));
                continue;
            }
            if (write.Value is null && current == Revision.None)
            {
                pending.Succeed(Revision.None);
                continue;
            }
            var next = new Revision(revision + accepted.Count + 1);
            accepted.Add((pending, next));
            staged[write.Key] = write.Value is null ? Revision.None : next;
            var room = linesLength + JournalLine.Overhead + line.Written.Length;
            if (room > lines.Length)
                Array.Resize(ref lines, Math.Max(room, lines.Length * 2));
            linesLength += JournalLine.Compose(lines.AsSpan(linesLength), next.Value, line.Written);
        }
    }

    private void Apply()
    {
        lock (gate)
        {
            revision += accepted.Count;
            foreach (var (pending, next) in accepted)
            {
                var write = pending.Request.Write;
                if (write.Value is null)
                    records.Remove(write.Key);
                else
                    records[write.Key] = new StoredRecord<T>(next, write.Value);
            }
        }
        foreach (var (pending, next) in accepted)
            pending.Succeed(pending.Request.Write.Value is null ? Revision.None : next);
    }

    private void Recycle(RecordBuffer? line)
    {
        if (line is { Capacity: <= LargestBufferKept } && buffers.Count < MostBuffersKept)
            buffers.Enqueue(line);
    }
}
