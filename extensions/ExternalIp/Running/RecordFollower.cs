using Interlook.Extensions.ExternalIp.Claims;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>Brings the views of a stream to a loop, and opens the stream anew whenever it breaks.</summary>
/// <param name="loop">Takes the views; the next is asked for when it has.</param>
/// <param name="context">Clock, chance and loggers.</param>
internal sealed partial class RecordFollower(PassLoop loop, ExtensionContext context)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = context.Loggers.CreateLogger<RecordFollower>();

    /// <summary>Follows one kind of records until it is stopped.</summary>
    internal Task RunAsync<T>(IClaimRecords<T> records, Action<RecordView<T>, TimeSpan> seen, CancellationToken life)
        where T : class =>
        RunAsync(typeof(T).Name, records.WatchAsync, seen, life);

    /// <summary>Follows a stream until it is stopped.</summary>
    /// <param name="kind">What it shows, for the log.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="seen">Told to the loop with each view.</param>
    /// <param name="life">Stops it.</param>
    internal async Task RunAsync<T>(string kind, Func<CancellationToken, IAsyncEnumerable<T>> open, Action<T, TimeSpan> seen, CancellationToken life)
    {
        var pause = FirstPause;
        while (!life.IsCancellationRequested)
        {
            try
            {
                await foreach (var view in open(life).WithCancellation(life))
                {
                    await loop.TellAsync(now => seen(view, now), life);
                    pause = FirstPause;
                }
            }
            catch (OperationCanceledException) when (life.IsCancellationRequested)
            {
                return;
            }
            catch (ExtensionException problem)
            {
                Log.Broke(logger, kind, problem.Reason, problem.Message);
            }
            if (!await RestAsync(pause, life))
                return;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<bool> RestAsync(TimeSpan pause, CancellationToken life)
    {
        try
        {
            await Task.Delay(pause * (0.75 + (context.Random.NextDouble() / 2)), context.Time, life);
            return true;
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            return false;
        }
    }
}
