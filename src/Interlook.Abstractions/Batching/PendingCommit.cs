namespace Interlook.Batching;

/// <summary>A request in a commit, and the way to say how it ended. What is said first counts.</summary>
public sealed class PendingCommit<TRequest, TResult>
{
    private readonly TaskCompletionSource<TResult> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration registration;

    /// <param name="request">What the caller wants committed.</param>
    /// <param name="stopping">Ends the wait.</param>
    internal PendingCommit(TRequest request, CancellationToken stopping)
    {
        Request = request;
        registration = stopping.UnsafeRegister(static (state, token) => ((PendingCommit<TRequest, TResult>)state!).said.TrySetCanceled(token), this);
    }

    /// <summary>What the caller wants committed.</summary>
    public TRequest Request { get; }

    internal Task<TResult> Task => said.Task;

    internal bool IsSaid => said.Task.IsCompleted;

    /// <summary>It is committed.</summary>
    public void Succeed(TResult result)
    {
        if (said.TrySetResult(result))
            registration.Unregister();
    }

    /// <summary>It is not committed.</summary>
    public void Fail(Exception failure)
    {
        if (said.TrySetException(failure))
            registration.Unregister();
    }
}
