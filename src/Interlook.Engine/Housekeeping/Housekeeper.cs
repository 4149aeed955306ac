using Interlook.Engine.Scheduling;
using Interlook.Engine.Watching;
using Interlook.Entries;
using Interlook.Extensions;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Housekeeping;

/// <summary>Looks for what no event will bring: entries closed long ago, services nobody has spoken of, and work that was overlooked.</summary>
internal sealed partial class Housekeeper(
    EntryTable table,
    Dispatcher dispatcher,
    Intake intake,
    IReadOnlyDictionary<string, ProviderRunner> watches,
    RunContext context)
{
    private static readonly TimeSpan RefreshPatience = TimeSpan.FromSeconds(30);

    private readonly EngineOptions options = context.Options;
    private readonly ILogger<Housekeeper> logger = context.Parts.Loggers.CreateLogger<Housekeeper>();

    /// <summary>Looks after everything until stopped.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(
        RepeatAsync(options.CheckFlowInterval, _ => CheckFlow(), stopping),
        RepeatAsync(options.HousekeeperInterval, TidyAsync, stopping));

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> pass, CancellationToken stopping)
    {
        using var pulse = new PeriodicTimer(interval, context.Time);
        try
        {
            while (await pulse.WaitForNextTickAsync(stopping))
                await pass(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Our own stop.
        }
    }

    /// <summary>The safety net: pokes what should be on its way and is not.</summary>
    private Task CheckFlow()
    {
        var now = context.Time.GetTimestamp();
        foreach (var slot in table.Slots)
        {
            var entry = slot.Entry;
            var atRest = entry.CloseTime is not null && ReferenceEquals(slot.Wish, entry.Expected == ExpectedState.Deployed ? entry.Desired : null);
            var waits = entry.Failure is not null && slot.HoldUntil > now;
            if (!atRest && !waits && !slot.IsBusy)
                dispatcher.Poke(slot);
        }
        return Task.CompletedTask;
    }

    private async Task TidyAsync(CancellationToken stopping)
    {
        foreach (var slot in table.Slots)
        {
            if (context.IsOverdue(slot.Entry))
                dispatcher.Poke(slot);
            else if (slot.Wish is not null && IsSilent(slot))
                await RefreshAsync(slot, stopping);
        }
    }

    /// <summary>True when the provider is in step with its platform and yet has not named the service for too long.</summary>
    private bool IsSilent(EntrySlot slot)
    {
        var watch = watches[slot.Workflow.Provider].Status;
        return options.ServiceMaxLastUpdated > TimeSpan.Zero
            && watch is { Synced: true, LastSyncStamp: { } last }
            && context.Time.GetElapsedTime(last) > options.ServiceMaxLastUpdated
            && context.Time.GetUtcNow() - slot.Entry.LastUpdate > options.ServiceMaxLastUpdated;
    }

    private async Task RefreshAsync(EntrySlot slot, CancellationToken stopping)
    {
        var watch = watches[slot.Workflow.Provider];
        try
        {
            await intake.RefreshAsync(watch.Provider, watch.Name, slot.Entry.Key.Service, stopping).WaitAsync(RefreshPatience, context.Time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (ExtensionException failure)
        {
            Log.RefreshFailed(logger, slot.Entry.Key, watch.Name, failure.Reason, failure.Message);
        }
        catch (Exception fault)
        {
            Log.RefreshFailed(logger, slot.Entry.Key, watch.Name, fault is TimeoutException ? Reason.Timeout : Reason.Internal, fault.Message);
        }
    }
}
