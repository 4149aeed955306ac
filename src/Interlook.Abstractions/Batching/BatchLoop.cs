namespace Interlook.Batching;

/// <summary>
/// Commits what gathers, one batch after the other. It knows no type of request: a state machine of generic code would be compiled once more for
/// each of them, while the program starts.
/// </summary>
internal static class BatchLoop
{
    /// <summary>Runs until nothing waits.</summary>
    internal static async Task RunAsync(IBatchSource source)
    {
        await Task.Yield(); // lets the callers of this moment join the first batch
        while (source.Take() is { } batch)
        {
            try
            {
                await batch.CommitAsync();
                batch.FailUnsaid(new InvalidOperationException("the commit ended and said nothing of this request"));
            }
            catch (Exception failure)
            {
                batch.FailUnsaid(failure);
            }
        }
    }
}
