using System.Collections.Concurrent;
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
/// The resync: asks every provisioner what it sees outside, and lets each step that drifted be deployed again. Orphans are reported, and left
/// alone unless an operator says otherwise: whoever runs two Interlooks under one name must not lose services by it.
/// </summary>
/// <param name="table">The entries.</param>
/// <param name="dispatcher">Has what drifted looked at.</param>
/// <param name="extensions">Those that are started.</param>
/// <param name="orphanage">Takes orphans back: step and key.</param>
/// <param name="isSettled">True while every platform was read and no withdrawal is held: only then is what belongs to nobody an orphan for sure.</param>
/// <param name="instruments">Counts.</param>
/// <param name="context">Options, clock, loggers.</param>
internal sealed partial class DriftRepair(
    EntryTable table,
    Dispatcher dispatcher,
    RunningExtensions extensions,
    Action<string, ServiceKey> orphanage,
    Func<bool> isSettled,
    EngineInstruments instruments,
    RunContext context)
{
    private readonly EngineOptions options = context.Options;
    private readonly IReadOnlyDictionary<string, IProvisioner> provisioners = context.Parts.Provisioners;
    private readonly ILogger<DriftRepair> logger = context.Parts.Loggers.CreateLogger<DriftRepair>();
    private readonly ConcurrentDictionary<string, ImmutableHashSet<ServiceKey>> unrepaired = new();
    private ImmutableDictionary<string, EquatableArray<Orphan>> orphans = ImmutableDictionary<string, EquatableArray<Orphan>>.Empty;

    /// <summary>What bears our mark at a step and belongs to no entry, as of the last resync.</summary>
    public EquatableArray<Orphan> Orphans(string step) => orphans.GetValueOrDefault(step);

    /// <summary>Takes back every orphan that names its service and still has no entry.</summary>
    /// <returns>How many services they are of.</returns>
    public int RemoveOrphans() => orphans.SelectMany(step => TakeBack(step.Key, step.Value)).ToHashSet().Count;

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
        foreach (var drift in observation.Drifts.DistinctBy(drift => drift.Key)) // one word for a service is enough
        {
            if (!slots.TryGetValue(drift.Key, out var slot))
                continue;
            instruments.Drifted(step);
            Tell(slot, step, applied[drift.Key], drift.Difference);
        }
        Forget(step, slots, observation.Drifts.Select(drift => drift.Key).ToImmutableHashSet());
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

    private void Tell(EntrySlot slot, string step, ServiceDefinition acknowledged, string difference)
    {
        var key = slot.Entry.Key;
        if (options.RepairDrift)
        {
            Log.Drifted(logger, step, key, difference);
            slot.Take(new Finding.Drift(step, acknowledged, difference));
        }
        else
        {
            if (!unrepaired.GetValueOrDefault(step, []).Contains(key))
                Log.LeftDrifted(logger, step, key, difference);
            slot.Take(new Finding.UnrepairedDrift(step, acknowledged, difference));
        }
        dispatcher.Poke(slot);
    }

    /// <summary>What was only shown, by this run or an earlier one, and is no longer so, is shown no longer.</summary>
    private void Forget(string step, Dictionary<ServiceKey, EntrySlot> compared, ImmutableHashSet<ServiceKey> drifted)
    {
        foreach (var (key, slot) in compared)
        {
            if (drifted.Contains(key) || slot.Entry.Info?.StartsWith($"{step}: ", StringComparison.Ordinal) is not true)
                continue;
            slot.Take(new Finding.InPlace(step));
            dispatcher.Poke(slot);
        }
        unrepaired[step] = options.RepairDrift ? [] : drifted;
    }

    private void Report(string step, EquatableArray<Orphan> found)
    {
        var known = Orphans(step).Select(orphan => orphan.Subject).ToHashSet(StringComparer.Ordinal);
        foreach (var orphan in found)
        {
            if (!known.Contains(orphan.Subject))
                Log.Orphaned(logger, step, orphan.Subject);
        }
        ImmutableInterlocked.AddOrUpdate(ref orphans, step, found, (_, _) => found);
        if (options.RemoveOrphans && isSettled())
            TakeBack(step, found.Where(orphan => known.Contains(orphan.Subject)));
    }

    private List<ServiceKey> TakeBack(string step, IEnumerable<Orphan> found)
    {
        var taken = new List<ServiceKey>();
        foreach (var key in found.Select(orphan => orphan.Key).OfType<ServiceKey>().Distinct())
        {
            if (table.Find(key)?.Entry.Find(step) is not null)
                continue;
            Log.TakenBack(logger, step, key);
            orphanage(step, key);
            taken.Add(key);
        }
        return taken;
    }
}
