using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// Requests to the store on behalf of a loop, each with its own deadline: the loop never waits, and hears of each exactly once, whatever the
/// store does. Not more than some at the same time.
/// </summary>
/// <param name="loop">Hears what became of them; only it begins new ones.</param>
/// <param name="most">How many at the same time.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where to say that the store fails.</param>
internal sealed partial class StoreCalls(PassLoop loop, int most, TimeProvider time, ILogger<StoreCalls> logger) : IDisposable
{
    // Who waits so long behind others asks with an old picture.
    private const int PatienceInQueue = 4;

    private readonly SemaphoreSlim slots = new(most);
    private readonly List<Task> running = [];
    private int sweepAt = 64;
    private string? failure;

    /// <summary>Begins a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="patience">How long its answer is waited for; what comes later is not known.</param>
    /// <param name="answered">Told to the loop with the answer.</param>
    /// <param name="failed">Told to the loop when there is none.</param>
    /// <param name="life">Stops it; then nothing is told any more.</param>
    internal void Begin<T>(
        Func<CancellationToken, Task<T>> request, TimeSpan patience, Action<T, TimeSpan> answered, Action<TimeSpan> failed, CancellationToken life)
    {
        if (running.Count >= sweepAt)
        {
            running.RemoveAll(task => task.IsCompleted);
            sweepAt = Math.Max(64, running.Count * 2);
        }
        // Another thread: a store may work for a while before it waits for the first time.
        running.Add(Task.Run(() => RunAsync(request, patience, answered, failed, life), CancellationToken.None));
    }

    /// <summary>Ends when all have ended; after their life was stopped that is soon.</summary>
    internal Task FinishAsync() => Task.WhenAll(running);

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();

    private async Task RunAsync<T>(
        Func<CancellationToken, Task<T>> request, TimeSpan patience, Action<T, TimeSpan> answered, Action<TimeSpan> failed, CancellationToken life)
    {
        using var deadline = new CancellationTokenSource(patience * PatienceInQueue, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(life, deadline.Token);
        try
        {
            await slots.WaitAsync(ended.Token);
            try
            {
                deadline.CancelAfter(patience);
                // Not the request's own end: it may be late to notice that nobody waits any more.
                var answer = await request(ended.Token).WaitAsync(ended.Token);
                loop.Tell(now =>
                {
                    Recover();
                    answered(answer, now);
                });
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
        catch (OperationCanceledException)
        {
            Fail(Reason.Timeout, "no answer in time");
        }
        catch (ExtensionException problem)
        {
            Fail(problem.Reason, problem.Message);
        }
        catch (Exception problem)
        {
            // A fault of a store must not end in silence: the loop would count the request as under way for ever.
            Log.Faulty(logger, problem);
            Fail(Reason.Internal, problem.Message);
        }

        void Fail(Reason reason, string message) => loop.Tell(now =>
        {
            if (failure is null)
                Log.Failing(logger, reason, message);
            failure = message;
            failed(now);
        });
    }

    private void Recover()
    {
        if (failure is not null)
            Log.Recovered(logger);
        failure = null;
    }
}
