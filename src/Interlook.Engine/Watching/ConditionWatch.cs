using Interlook.Engine.Scheduling;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

/// <summary>Reads along how the services of one step fare, and hands on whose condition changed; after a break it reads again, for ever.</summary>
/// <param name="step">The step.</param>
/// <param name="source">Who sees the services.</param>
/// <param name="changed">Gets every key; must not throw and must not wait.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of chance.</param>
/// <param name="logger">Says when the source breaks.</param>
internal sealed partial class ConditionWatch(
    string step,
    IConditionSource source,
    Action<ServiceKey> changed,
    TimeProvider time,
    Random random,
    ILogger<ConditionWatch> logger)
{
    /// <summary>Reads until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            try
            {
                await foreach (var key in source.WatchAsync(stopping))
                {
                    changed(key);
                    failures = 0;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Log.SourceBroke(logger, fault, step);
            }
            try
            {
                await Task.Delay(Backoff.OfWatch.Delay(++failures, random), time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
