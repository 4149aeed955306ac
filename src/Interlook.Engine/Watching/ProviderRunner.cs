using Interlook.Collections;
using Interlook.Engine.Scheduling;
using Interlook.Engine.Telemetry;
using Interlook.Extensions;
using Interlook.Providers;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

/// <summary>Keeps one provider's watch open: hands on its events, and after a break opens it again, for ever. Knows no entries.</summary>
/// <param name="name">The provider.</param>
/// <param name="provider">What is watched.</param>
/// <param name="take">Gets every event, in order; must not throw and must not wait.</param>
/// <param name="instruments">Counts the breaks.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of chance.</param>
/// <param name="logger">Says when the watch breaks and recovers.</param>
internal sealed partial class ProviderRunner(
    string name,
    IProvider provider,
    Action<ProviderEvent> take,
    EngineInstruments instruments,
    TimeProvider time,
    Random random,
    ILogger<ProviderRunner> logger)
{
    private volatile WatchStatus status = WatchStatus.NotBegun;

    /// <summary>The provider's name.</summary>
    public string Name => name;

    /// <summary>The provider.</summary>
    public IProvider Provider => provider;

    /// <summary>How the watch does now.</summary>
    public WatchStatus Status => status;

    /// <summary>Watches until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            var lastSync = status.LastSyncStamp;
            var (reason, message) = await RunOnceAsync(stopping);
            if (stopping.IsCancellationRequested)
                return;
            failures = status.LastSyncStamp == lastSync ? failures + 1 : 1;
            var delay = Backoff.OfWatch.Delay(failures, random);
            status = status with { Synced = false, HasSeenAll = false, Reason = reason, Message = message };
            instruments.ProviderFailed(name, reason);
            Log.WatchBroke(logger, name, reason, message, delay.TotalSeconds);
            try
            {
                await Task.Delay(delay, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One watch, from its opening to its break.</summary>
    /// <returns>Why it broke.</returns>
    private async Task<(Reason Reason, string Message)> RunOnceAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var happened in provider.WatchAsync(stopping))
                Take(happened);
            return (Reason.Unreachable, $"{name} ended its watch; it is opened again");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return default;
        }
        catch (ExtensionException failure)
        {
            return (failure.Reason, failure.Message);
        }
        catch (Exception fault)
        {
            Log.ProviderBroke(logger, fault, name);
            return (Reason.Internal, $"{name} failed in a way it should not ({fault.GetType().Name}: {fault.Message}); please report it");
        }
    }

    private void Take(ProviderEvent happened)
    {
        take(happened);
        switch (happened)
        {
            case ProviderEvent.Snapshot snapshot:
                if (!status.Synced)
                    Log.InSync(logger, name);
                status = status with
                {
                    Synced = true,
                    LastSync = time.GetUtcNow(),
                    LastSyncStamp = time.GetTimestamp(),
                    HasSeenAll = status.HasSeenAll || snapshot.IsComplete,
                    Reason = null,
                    Message = null,
                };
                break;
            case ProviderEvent.Rejections rejections:
                SayOnce(rejections.All);
                status = status with { Rejections = rejections.All };
                break;
        }
    }

    private void SayOnce(EquatableArray<Rejection> rejections)
    {
        foreach (var rejection in rejections)
        {
            if (!status.Rejections.Contains(rejection))
                Log.Rejected(logger, name, rejection.Subject, rejection.Problem);
        }
    }
}
