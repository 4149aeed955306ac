using System.Diagnostics;

namespace Interlook.Fixtures;

/// <summary>Waits for something outside the test to become true. Only for real servers: what has a clock gets a manual one.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is true.</summary>
    /// <param name="what">What is waited for, for the message when it never comes: "the container answers".</param>
    /// <param name="condition">Asked again and again; an exception counts as no, and the last one is shown.</param>
    /// <param name="patience">How long; 30 seconds when not given. Generous: it decides only how fast a broken test fails.</param>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var limit = patience ?? TimeSpan.FromSeconds(30);
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < limit)
        {
            try
            {
                if (await condition())
                    return;
                last = null;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                last = failure;
            }
            await Task.Delay(Pause, TimeProvider.System);
        }
        throw new TimeoutException($"never came true within {limit}: {what}", last);
    }

    /// <summary>Asks until the answer is true.</summary>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? patience = null) =>
        TrueAsync(what, () => Task.FromResult(condition()), patience);
}
