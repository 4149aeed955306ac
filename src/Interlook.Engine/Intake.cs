using System.Collections.Frozen;
using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Engine.Definitions;
using Interlook.Engine.Planning;
using Interlook.Engine.Recording;
using Interlook.Engine.Scheduling;
using Interlook.Engine.Telemetry;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

/// <summary>Turns a provider's event into definitions, and each that changed into a wish on the entries of its workflows.</summary>
internal sealed partial class Intake
{
    private readonly FrozenDictionary<string, ImmutableArray<Workflow>> workflows;
    private readonly FrozenDictionary<string, DefinitionTable> definitions;

    /// <summary>One for each provider: what a table says and what the entries are told must not overtake each other.</summary>
    private readonly FrozenDictionary<string, Lock> order;
    private readonly EntryTable table;
    private readonly Dispatcher dispatcher;
    private readonly TimeProvider time;
    private readonly EngineInstruments instruments;
    private readonly Action<EntrySlot> changed;
    private readonly ILogger<Intake> logger;

    /// <summary>Makes an intake for the providers of the workflows.</summary>
    public Intake(
        EngineOptions options,
        EngineParts parts,
        EntryTable table,
        Dispatcher dispatcher,
        EngineInstruments instruments,
        Action<EntrySlot> changed)
    {
        workflows = parts.Workflows.GroupBy(workflow => workflow.Provider).ToFrozenDictionary(same => same.Key, same => same.ToImmutableArray());
        definitions = workflows.Keys.ToFrozenDictionary(
            provider => provider,
            _ => new DefinitionTable(options.MaxWithdrawal, EngineOptions.AlwaysAllowedWithdrawals));
        order = workflows.Keys.ToFrozenDictionary(provider => provider, _ => new Lock());
        this.table = table;
        this.dispatcher = dispatcher;
        this.instruments = instruments;
        this.changed = changed;
        time = parts.Time;
        logger = parts.Loggers.CreateLogger<Intake>();
    }

    /// <summary>One provider's definitions.</summary>
    public DefinitionTable Definitions(string provider) => definitions[provider];

    /// <summary>Takes an entry from durable state: it wants what it wanted, until the platform says otherwise.</summary>
    /// <param name="workflow">Its workflow; null when that is configured no more, so that everything is taken back.</param>
    /// <param name="stored">The entry.</param>
    /// <param name="history">What happened to it, when that is known.</param>
    public void Restore(Workflow? workflow, StoredRecord<Entry> stored, StoredRecord<EntryHistory>? history = null)
    {
        var entry = stored.Value.WipTime is null ? stored.Value : stored.Value with { WipTime = null };
        var retired = new Workflow(entry.Key.Workflow, entry.Desired.Provider, entry.Steps.Select(record => record.Step).ToEquatableArray());
        var slot = new EntrySlot(workflow ?? retired, entry)
        {
            Saved = stored.Value,
            Revision = stored.Revision,
            History = HistoryRecollection.Complete(history?.Value ?? EntryHistory.Empty, entry),
            HistoryRevision = history?.Revision ?? Revision.None,
        };
        if (workflow is not null && entry.Expected == ExpectedState.Deployed)
        {
            slot.Wish = entry.Desired;
            definitions[workflow.Provider].Restore(entry.Desired);
        }
        table.Restore(slot);
    }

    /// <summary>Takes one event of a provider.</summary>
    public void Take(string provider, ProviderEvent happened)
    {
        instruments.ProviderSaid(provider, happened);
        switch (happened)
        {
            case ProviderEvent.Snapshot snapshot:
                Wish(provider, known => known.TakeSnapshot(snapshot.Services, snapshot.IsComplete));
                if (definitions[provider].Held.Count is var held and > 0)
                    Log.WithdrawalsHeld(logger, provider, held, definitions[provider].Count);
                break;
            case ProviderEvent.Published published:
                Wish(provider, known => known.Publish(published.Definition));
                break;
            case ProviderEvent.Withdrawn withdrawn:
                Wish(provider, known => known.Withdraw(withdrawn.Name));
                break;
        }
    }

    /// <summary>Asks a provider about one service and takes its answer.</summary>
    /// <exception cref="ExtensionException">The platform could not be read; nothing changed.</exception>
    public async Task RefreshAsync(IProvider provider, string providerName, string service, CancellationToken stopping)
    {
        var question = definitions[providerName].Ask(service);
        var definition = await provider.RefreshAsync(service, stopping);
        Wish(providerName, known => known.TakeAnswer(service, question, definition));
    }

    /// <summary>Withdraws what is held for a provider.</summary>
    /// <returns>How many services; null when there is no such provider.</returns>
    public int? ApproveWithdrawals(string provider)
    {
        if (!definitions.ContainsKey(provider))
            return null;
        var withdrawn = Wish(provider, known => known.ApproveHeld());
        Log.WithdrawalsApproved(logger, provider, withdrawn);
        return withdrawn;
    }

    /// <summary>Has what bears a service's mark at a step taken back by the ordinary way of an entry; one that is wished for takes it over.</summary>
    /// <param name="step">Where it was found.</param>
    /// <param name="key">Whose mark it bears.</param>
    /// <param name="workflow">The workflow of that name; null when none is configured.</param>
    public void TakeBack(string step, ServiceKey key, Workflow? workflow)
    {
        var owner = workflow ?? new Workflow(key.Workflow, "", []);
        var slot = table.FindOrAdd(key, () => new EntrySlot(owner, EntryChanges.Orphaned(key, owner, time.GetUtcNow())));
        slot.Take(new Finding.Trace(step));
        changed(slot);
        dispatcher.Poke(slot);
    }

    /// <summary>Changes a provider's table and tells the entries, in one piece.</summary>
    /// <returns>How many services changed.</returns>
    private int Wish(string provider, Func<DefinitionTable, ImmutableArray<DefinitionChange>> change)
    {
        lock (order[provider])
        {
            var changes = change(definitions[provider]);
            Wish(provider, changes);
            return changes.Length;
        }
    }

    private void Wish(string provider, ImmutableArray<DefinitionChange> changes)
    {
        table.Reserve(changes.Length);
        foreach (var workflow in workflows[provider])
        {
            foreach (var change in changes)
            {
                var key = new ServiceKey(workflow.Name, change.Name);
                EntrySlot? detected = null;
                var slot = table.Wish(key, change.Definition, () => detected = Detect(key, workflow, change.Definition!));
                if (slot is null)
                    continue;
                if (detected is not null)
                    changed(detected);
                dispatcher.Poke(slot);
            }
        }
    }

    private EntrySlot Detect(ServiceKey key, Workflow workflow, ServiceDefinition definition)
    {
        var now = time.GetUtcNow();
        var slot = new EntrySlot(workflow, EntryChanges.Detected(key, workflow, definition, now));
        slot.Note(new Transition(now, workflow.Provider, TransitionKind.Detected));
        return slot;
    }
}
