namespace Interlook.Batching;

/// <summary>
/// Commits many callers' requests at once: for systems that pay per commit (a flush, a reload, an update message). While one commit runs,
/// requests gather; the next commit takes them all, in the order they came. Commits never overlap. Safe for concurrent use.
/// </summary>
/// <param name="commit">
/// Commits a batch (never empty, each request once) and says of each request how it ended, through <see cref="PendingCommit{TRequest,TResult}"/>.
/// What it leaves unsaid failed; what it throws is the failure of everything unsaid.
/// </param>
/// <param name="largestBatch">The most requests in one commit.</param>
public sealed class GroupCommit<TRequest, TResult>(
    Func<IReadOnlyList<PendingCommit<TRequest, TResult>>, Task> commit,
    int largestBatch = int.MaxValue) : IBatchSource
{
    private readonly Lock gate = new();
    private readonly Queue<PendingCommit<TRequest, TResult>> waiting = new();
    private bool committing;

    /// <summary>How many requests wait for the next commit.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Commits one request together with all that wait.</summary>
    /// <param name="request">What to commit.</param>
    /// <param name="stopping">
    /// Ends the wait. A request that no commit has taken yet is dropped; one that a commit has taken may still be committed.
    /// </param>
    /// <returns>What the commit said of this request.</returns>
    public Task<TResult> CommitAsync(TRequest request, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
            return Task.FromCanceled<TResult>(stopping);
        var pending = new PendingCommit<TRequest, TResult>(request, stopping);
        var lead = false;
        lock (gate)
        {
            waiting.Enqueue(pending);
            if (!committing)
                lead = committing = true;
        }
        if (lead)
            _ = BatchLoop.RunAsync(this);
        return pending.Task;
    }

    /// <inheritdoc/>
    IBatch? IBatchSource.Take()
    {
        lock (gate)
        {
            var batch = new List<PendingCommit<TRequest, TResult>>(Math.Min(waiting.Count, largestBatch));
            while (batch.Count < largestBatch && waiting.TryDequeue(out var pending))
            {
                if (!pending.IsSaid)
                    batch.Add(pending);
            }
            committing = batch.Count > 0;
            return committing ? new Batch(batch, commit) : null;
        }
    }

    private sealed class Batch(List<PendingCommit<TRequest, TResult>> requests, Func<IReadOnlyList<PendingCommit<TRequest, TResult>>, Task> commit) : IBatch
    {
        public Task CommitAsync() => commit(requests);

        public void FailUnsaid(Exception failure)
        {
            foreach (var pending in requests)
                pending.Fail(failure);
        }
    }
}
