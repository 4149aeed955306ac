namespace Interlook.Extensions.Kemp;

/// <summary>
/// Lets callers share a list: all who come before it is sent get its answer. So nobody sees anything older than its own call, and a crowd costs
/// one list for as many as wait. Safe for concurrent use.
/// </summary>
/// <param name="list">Sends the list; calls back right before it does.</param>
internal sealed class SharedListing(Func<Action, Task<Listing>> list)
{
    private readonly Lock gate = new();
    private TaskCompletionSource<Listing>? unsent;

    /// <summary>Lists, together with others who wait.</summary>
    /// <param name="stopping">Ends the wait, not the list.</param>
    internal Task<Listing> ReadAsync(CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (unsent is null)
            {
                unsent = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = ListAsync(unsent);
            }
            return unsent.Task.WaitAsync(stopping);
        }
    }

    private async Task ListAsync(TaskCompletionSource<Listing> waiting)
    {
        await Task.Yield(); // lets go of the lock
        try
        {
            waiting.SetResult(await list(() => Close(waiting)));
        }
        catch (Exception failure)
        {
            Close(waiting); // it may have failed before it was sent
            waiting.SetException(failure);
        }
    }

    private void Close(TaskCompletionSource<Listing> waiting)
    {
        lock (gate)
        {
            if (unsent == waiting)
                unsent = null;
        }
    }
}
