using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Engine.Scheduling;
using Interlook.Engine.Telemetry;
using Interlook.Engine.Watching;
using Interlook.Extensions;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Housekeeping;

/// <summary>
/// The resync: asks every provisioner what it sees outside, and lets each step that drifted be deployed again. Orphans are reported and
/// left alone: whoever runs two Interlooks under one name must not lose services by it.
/// </summary>
internal sealed partial class DriftRepair(
    EntryTable table,
    Dispatcher dispatcher,
    RunningExtensions extensions,
    EngineInstruments instruments,
    RunContext context)
{
    private readonly EngineOptions options = context.Options;
    private readonly IReadOnlyDictionary<string, IProvisioner> provisioners = context.Parts.Provisioners;
    private readonly ILogger<DriftRepair> logger = context.Parts.Loggers.CreateLogger<DriftRepair>();
    private ImmutableDictionary<string, EquatableArray<string>> orphans = ImmutableDictionary<string, EquatableArray<string>>.Empty;

    /// <summary>What bears our mark at a step and belongs to no entry, as of the last resync.</summary>
    public EquatableArray<string> Orphans(string step) => orphans.GetValueOrDefault(step);

    /// <summary>
    /// Resyncs at once (settings and the outside world may have changed while Interlook was not running), then at every interval until stopped.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (options.ResyncInterval <= TimeSpan.Zero)
            return;
        using var pulse = new PeriodicTimer(options.ResyncInterval, context.Time);
        try
        {
            do
                await Task.WhenAll(provisioners.Keys.Where(extensions.Has).Select(step => RunOnceAsync(step, stopping)));
            while (await pulse.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Our own stop.
        }
    }

    /// <summary>Compares one step with the outside world.</summary>
    public async Task RunOnceAsync(string step, CancellationToken stopping)
    {
        var applied = new Dictionary<ServiceKey, ServiceDefinition>();
        var slots = new Dictionary<ServiceKey, EntrySlot>();
        foreach (var slot in table.Slots)
        {
            if (slot.Entry.Find(step) is not { } record)
                continue;
            if (record is not { Acknowledged: { } acknowledged, Attempted.Count: 0 })
                continue;
            applied.Add(slot.Entry.Key, acknowledged);
            slots.Add(slot.Entry.Key, slot);
        }
        if (await ObserveAsync(step, applied, stopping) is not { } observation)
            return;
        foreach (var drift in observation.Drifts)
        {
            if (!slots.TryGetValue(drift.Key, out var slot))
                continue;
            Log.Drifted(logger, step, drift.Key, drift.Difference);
            slot.Doubt(step, applied[drift.Key], drift.Difference);
            dispatcher.Poke(slot);
        }
        // Judged by the entries of now: what was deployed while the outside world was read is no orphan.
        Report(step, observation.Orphans.Where(orphan => orphan.Key is not { } key || table.Find(key)?.Entry.Find(step) is null).ToEquatableArray());
    }

    private async Task<Observation?> ObserveAsync(string step, Dictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var began = context.Time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.ServiceWipTimeout, context.Time);
        using var linked = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), timeout);
        try
        {
            return await provisioners[step].ObserveAsync(applied, timeout.Token).WaitAsync(options.ServiceWipTimeout, context.Time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (ExtensionException failure)
        {
            instruments.StepFailed(step, failure.Reason);
            Log.NotObserved(logger, step, failure.Reason, failure.Message);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            instruments.StepFailed(step, Reason.Timeout);
            Log.NotObserved(logger, step, Reason.Timeout, "no answer within core.serviceWIPTimeout");
        }
        catch (Exception fault)
        {
            instruments.StepFailed(step, Reason.Internal);
            Log.ObserverBroke(logger, fault, step);
        }
        finally
        {
            instruments.StepEnded(step, StepAction.Observe, context.Time.GetElapsedTime(began));
        }
        return null;
    }

    private void Report(string step, EquatableArray<Orphan> found)
    {
        var subjects = found.Select(orphan => orphan.Subject).ToEquatableArray();
        var known = Orphans(step);
        foreach (var subject in subjects)
        {
            if (!known.Contains(subject))
                Log.Orphaned(logger, step, subject);
        }
        ImmutableInterlocked.AddOrUpdate(ref orphans, step, subjects, (_, _) => subjects);
    }
}
