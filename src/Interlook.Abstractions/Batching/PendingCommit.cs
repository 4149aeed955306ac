namespace Interlook.Batching;

/// <summary>A request in a commit, and the way to say how it ended. What is said first counts.</summary>
public sealed class PendingCommit<TRequest, TResult>
{
    private readonly TaskCompletionSource<TResult> said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PendingCommit(TRequest request) => Request = request;

    /// <summary>What the caller wants committed.</summary>
    public TRequest Request { get; }

    internal Task<TResult> Task => said.Task;

    internal bool IsSaid => said.Task.IsCompleted;

    /// <summary>It is committed.</summary>
    public void Succeed(TResult result) => said.TrySetResult(result);

    /// <summary>It is not committed.</summary>
    public void Fail(Exception failure) => said.TrySetException(failure);

    internal void Cancel(CancellationToken token) => said.TrySetCanceled(token);
}
