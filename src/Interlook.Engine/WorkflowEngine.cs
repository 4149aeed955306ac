using System.Collections.Immutable;
using Interlook.Engine.Changes;
using Interlook.Engine.Housekeeping;
using Interlook.Engine.Provisioning;
using Interlook.Engine.Recording;
using Interlook.Engine.Scheduling;
using Interlook.Engine.Status;
using Interlook.Engine.Telemetry;
using Interlook.Engine.Watching;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

/// <summary>
/// The engine: watches the providers and walks every service through its workflows. Start it once, stop it once; everything else is safe
/// for concurrent use.
/// </summary>
/// <remarks>Runs on the synchronisation context it is started on; without one, on the thread pool.</remarks>
public sealed partial class WorkflowEngine : IEngine, IAsyncDisposable
{
    /// <summary>How long a stop waits for calls to end, and again after it cancelled them.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly EngineParts parts;
    private readonly ILogger<WorkflowEngine> logger;
    private readonly CancellationTokenSource watching = new();
    private readonly CancellationTokenSource calls = new();
    private readonly EntryTable table = new();
    private readonly ChangeFeed changes = new();
    private readonly HistoryRecorder histories;
    private readonly EngineInstruments instruments;
    private readonly ImmutableArray<StepLane> lanes;
    private readonly Dispatcher dispatcher;
    private readonly Reconciler reconciler;
    private readonly Intake intake;
    private readonly ImmutableSortedDictionary<string, ProviderRunner> watches;
    private readonly RunningExtensions extensions;
    private readonly Housekeeper housekeeper;
    private readonly DriftRepair driftRepair;
    private readonly ImmutableArray<IConditionSource> conditions;
    private Task passes = Task.CompletedTask;
    private Task loops = Task.CompletedTask;

    /// <summary>Puts the parts together; does no I/O.</summary>
    /// <param name="options">The settings, checked.</param>
    /// <param name="parts">Workflows, extensions, store, clock.</param>
    public WorkflowEngine(EngineOptions options, EngineParts parts)
    {
        this.parts = parts;
        logger = parts.Loggers.CreateLogger<WorkflowEngine>();
        var context = new RunContext(options, parts, calls.Token);
        var closing = new StepLane("closing", options.Concurrency);
        lanes = [.. parts.Provisioners.OrderBy(step => step.Key, StringComparer.Ordinal).Select(step => LaneOf(step.Key, step.Value, options)), closing];
        dispatcher = new Dispatcher(lanes, closing, parts.Time);
        instruments = new EngineInstruments(this, parts.Time);
        histories = new HistoryRecorder(parts.Histories, table, parts.Time, parts.Loggers.CreateLogger<HistoryRecorder>());
        reconciler = new Reconciler(
            dispatcher,
            new StepRunner(parts.Provisioners, options.ServiceWipTimeout, parts.Time, instruments),
            new EntryRecorder(parts.Store),
            table,
            Changed,
            context);
        intake = new Intake(options, parts, table, dispatcher, instruments, Changed);
        watches = parts.Workflows.Select(workflow => workflow.Provider).Distinct(StringComparer.Ordinal)
            .ToImmutableSortedDictionary(name => name, WatchOf, StringComparer.Ordinal);
        extensions = new RunningExtensions(parts, PokeFailed, options.WaitAtStart);
        extensions.Need(parts.Workflows.SelectMany(workflow => (IEnumerable<string>)[workflow.Provider, .. workflow.Steps]));
        housekeeper = new Housekeeper(table, dispatcher, intake, watches, context);
        driftRepair = new DriftRepair(table, dispatcher, extensions, TakeBack, IsSettled, instruments, context);
        conditions = [.. parts.Provisioners.Values.OfType<IConditionSource>()];
    }

    /// <inheritdoc/>
    public ImmutableArray<Workflow> Workflows => parts.Workflows;

    /// <inheritdoc/>
    public bool IsReady => watches.Values.All(watch => watch.Status.LastSync is not null);

    /// <summary>Loads the entries, starts every extension, resumes their work and begins to watch.</summary>
    /// <param name="stopping">Gives up the start.</param>
    /// <exception cref="ExtensionException">An extension cannot work; what had started was stopped again.</exception>
    /// <exception cref="Interlook.Storage.StoreException">The entries cannot be read.</exception>
    public async Task StartAsync(CancellationToken stopping)
    {
        try
        {
            await RestoreAsync(stopping);
            await extensions.StartAsync(Applied, stopping);
        }
        catch
        {
            await extensions.StopAsync(CancellationToken.None);
            throw;
        }
        passes = Task.WhenAll(lanes.Select(lane => lane.RunAsync(reconciler.PassAsync)));
        foreach (var slot in table.Slots)
            dispatcher.Poke(slot);
        loops = Task.WhenAll(
        [
            .. watches.Values.Select(watch => watch.RunAsync(watching.Token)),
            extensions.RunAsync(watching.Token),
            housekeeper.RunAsync(watching.Token),
            driftRepair.RunAsync(watching.Token),
            histories.RunAsync(watching.Token),
            .. ConditionWatches().Select(watch => watch.RunAsync(watching.Token)),
            .. Followings().Select(following => following.RunAsync(watching.Token)),
        ]);
    }

    /// <summary>Lets calls under way end, then stops the extensions. Undeploys nothing.</summary>
    /// <param name="stopping">When cancelled, calls under way are cancelled too; their outcome is found out after the next start.</param>
    public async Task StopAsync(CancellationToken stopping)
    {
        watching.Cancel();
        foreach (var lane in lanes)
            lane.Close();
        if (!await EndsAsync(passes, stopping))
        {
            calls.Cancel();
            if (!await EndsAsync(passes, CancellationToken.None))
                Log.LeftRunning(logger, "calls");
        }
        if (!await EndsAsync(loops, CancellationToken.None))
            Log.LeftRunning(logger, "watches");
        if (!await EndsAsync(histories.WriteAllAsync(), stopping))
            Log.LeftRunning(logger, "writes of histories");
        await extensions.StopAsync(stopping);
    }

    /// <inheritdoc/>
    public ImmutableArray<Entry> Entries() => table.Entries();

    /// <inheritdoc/>
    public Entry? Find(ServiceKey key) => table.Find(key)?.Entry;

    /// <inheritdoc/>
    public EntryHistory? History(ServiceKey key) => table.Find(key)?.History;

    /// <inheritdoc/>
    public ChangeReader ReadChanges() => changes.Read();

    /// <inheritdoc/>
    public ServiceCondition? Condition(ServiceKey key)
    {
        foreach (var source in conditions)
        {
            if (source.Find(key) is { } condition)
                return condition;
        }
        return null;
    }

    /// <inheritdoc/>
    public ImmutableArray<ExtensionStatus> Extensions() => [.. extensions.Statuses.Select(StatusOf)];

    /// <inheritdoc/>
    public ImmutableArray<ProviderStatus> Providers() => [.. watches.Values.Select(StatusOf)];

    /// <inheritdoc/>
    public async Task<bool> RefreshAsync(ServiceKey key, CancellationToken stopping)
    {
        if (table.Find(key) is not { } slot)
            return false;
        if (!watches.TryGetValue(slot.Workflow.Provider, out var watch))
        {
            throw new ExtensionException(
                Reason.Invalid, $"{key} belongs to the workflow {key.Workflow}, which is not configured: it is taken back, and nobody can be asked about it");
        }
        await intake.RefreshAsync(watch.Provider, watch.Name, key.Service, stopping);
        return true;
    }

    /// <inheritdoc/>
    public bool Retry(ServiceKey key)
    {
        if (table.Find(key) is not { } slot)
            return false;
        dispatcher.PokeNow(slot);
        return true;
    }

    /// <inheritdoc/>
    public int? ApproveWithdrawals(string provider) => intake.ApproveWithdrawals(provider);

    /// <inheritdoc/>
    public int RemoveOrphans() => IsSettled()
        ? driftRepair.RemoveOrphans()
        : throw new ExtensionException(
            Reason.Unavailable,
            "orphans are not removed while a platform was not read in full or withdrawals are held: what seems to belong to nobody may be a service's; see 'interlook providers'");

    /// <summary>Lets go of timers and measurements; stop first.</summary>
    public ValueTask DisposeAsync()
    {
        dispatcher.Dispose();
        instruments.Dispose();
        watching.Dispose();
        calls.Dispose();
        return ValueTask.CompletedTask;
    }

    private static StepLane LaneOf(string step, IProvisioner provisioner, EngineOptions options) =>
        new(step, Math.Min(options.Concurrency, provisioner.ConcurrencyLimit ?? options.Concurrency));

    private ProviderRunner WatchOf(string name) => new(
        name,
        parts.Providers[name],
        happened => intake.Take(name, happened),
        instruments,
        parts.Time,
        parts.Random,
        parts.Loggers.CreateLogger<ProviderRunner>());

    private async Task RestoreAsync(CancellationToken stopping)
    {
        if (parts.Store is null)
            return;
        var byName = parts.Workflows.ToDictionary(workflow => workflow.Name);
        var entries = await parts.Store.ReadAllAsync(stopping); // first: while they cannot be read, nothing else is touched
        var remembered = new Dictionary<string, StoredRecord<EntryHistory>>(await histories.ReadAsync(stopping), StringComparer.Ordinal);
        table.Reserve(entries.Count);
        foreach (var (path, stored) in entries)
        {
            var workflow = byName.GetValueOrDefault(stored.Value.Key.Workflow);
            if (workflow is null)
                Log.WorkflowGone(logger, stored.Value.Key, stored.Value.Key.Workflow);
            intake.Restore(workflow, stored, remembered.Remove(path, out var history) ? history : null);
            extensions.Need(stored.Value.Steps.Select(record => record.Step)); // also one that the workflow lost: it takes back what it left
        }
        foreach (var (path, ownerless) in remembered)
            histories.Forget(path, ownerless.Revision);
    }

    private void Changed(EntrySlot slot)
    {
        histories.Changed(slot);
        changes.Say(slot.Entry.Key);
    }

    private IEnumerable<ConditionWatch> ConditionWatches() =>
        from step in parts.Provisioners
        where step.Value is IConditionSource && extensions.Has(step.Key)
        select new ConditionWatch(
            step.Key, (IConditionSource)step.Value, changes.Say, parts.Time, parts.Random, parts.Loggers.CreateLogger<ConditionWatch>());

    private IEnumerable<EntryFollowing> Followings() =>
        from step in parts.Provisioners
        where step.Value is IEntryFollower && extensions.Has(step.Key)
        select new EntryFollowing(
            step.Key, (IEntryFollower)step.Value, changes, table, parts.Time, parts.Random, parts.Loggers.CreateLogger<EntryFollowing>());

    private Dictionary<ServiceKey, ServiceDefinition> Applied(string step)
    {
        var applied = new Dictionary<ServiceKey, ServiceDefinition>();
        foreach (var slot in table.Slots)
        {
            if (slot.Entry.Find(step)?.Acknowledged is { } acknowledged)
                applied.Add(slot.Entry.Key, acknowledged);
        }
        return applied;
    }

    /// <returns>False when the work still runs after a moment's patience.</returns>
    private async Task<bool> EndsAsync(Task work, CancellationToken impatience)
    {
        try
        {
            await work.WaitAsync(StopPatience, parts.Time, impatience);
            return true;
        }
        catch (Exception) when (!work.IsCompleted)
        {
            return false;
        }
        catch (Exception fault)
        {
            Log.LoopBroke(logger, fault);
            return true;
        }
    }

    private bool IsSettled() => watches.All(watch => watch.Value.Status is { Synced: true, HasSeenAll: true } && intake.Definitions(watch.Key).Held.Count == 0);

    private void TakeBack(string step, ServiceKey key) =>
        intake.TakeBack(step, key, parts.Workflows.FirstOrDefault(workflow => workflow.Name == key.Workflow));

    private void PokeFailed(string step)
    {
        foreach (var slot in table.Slots)
        {
            if (slot.Entry.Failure?.Step == step)
                dispatcher.PokeNow(slot);
        }
    }

    private ExtensionStatus StatusOf(ExtensionStatus status)
    {
        if (watches.GetValueOrDefault(status.Name)?.Status is { Reason: { } reason } broken && status.Connected)
            status = status with { Connected = false, Reason = reason, Message = broken.Message };
        return status with
        {
            Waiting = lanes.FirstOrDefault(lane => lane.Step == status.Name)?.Waiting ?? 0,
            Orphans = [.. driftRepair.Orphans(status.Name).Select(orphan => orphan.Subject)],
        };
    }

    private ProviderStatus StatusOf(ProviderRunner watch)
    {
        var status = watch.Status;
        var definitions = intake.Definitions(watch.Name);
        return new ProviderStatus(
            watch.Name, status.Synced, status.LastSync, definitions.Count, status.Rejections, definitions.Held, status.Reason, status.Message);
    }
}
