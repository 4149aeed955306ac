using System.Collections.Immutable;
using Interlook.Engine.Changes;
using Interlook.Engine.Status;
using Interlook.Entries;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Engine;

/// <summary>What API and commands may see of the engine, and ask of it. Safe for concurrent use; reads never wait for work.</summary>
public interface IEngine
{
    /// <summary>The workflows, in configuration order.</summary>
    ImmutableArray<Workflow> Workflows { get; }

    /// <summary>Every entry at this moment, in no particular order.</summary>
    ImmutableArray<Entry> Entries();

    /// <summary>One entry, or null.</summary>
    Entry? Find(ServiceKey key);

    /// <summary>What happened to an entry, as far as it is kept; null when there is no such entry.</summary>
    EntryHistory? History(ServiceKey key);

    /// <summary>
    /// Begins to read along which entries come, change and go: their record, or the condition of their service. Dispose of the reader to
    /// end. Read the entries after this call, and nothing is missed.
    /// </summary>
    ChangeReader ReadChanges();

    /// <summary>How a deployed service fares, where a step of its workflow sees it; else null.</summary>
    ServiceCondition? Condition(ServiceKey key);

    /// <summary>Every extension of the workflows: connected or not, and why.</summary>
    ImmutableArray<ExtensionStatus> Extensions();

    /// <summary>Every provider: when it was last in step with its platform, what it rejects, what is held.</summary>
    ImmutableArray<ProviderStatus> Providers();

    /// <summary>True once every provider has delivered its first snapshot.</summary>
    bool IsReady { get; }

    /// <summary>Asks the provider about one service and takes its answer.</summary>
    /// <returns>False when there is no such entry.</returns>
    /// <exception cref="Interlook.Extensions.ExtensionException">The platform could not be read; nothing changed.</exception>
    Task<bool> RefreshAsync(ServiceKey key, CancellationToken stopping);

    /// <summary>Takes the next step of a failed entry now, without waiting for its back-off.</summary>
    /// <returns>False when there is no such entry.</returns>
    bool Retry(ServiceKey key);

    /// <summary>Takes the withdrawals that are held for a provider.</summary>
    /// <returns>How many services were withdrawn; null when there is no such provider.</returns>
    int? ApproveWithdrawals(string provider);

    /// <summary>Takes back what the last resync found bearing our mark and belonging to no entry, where the mark names a service.</summary>
    /// <returns>How many services' objects are being taken back.</returns>
    /// <exception cref="Interlook.Extensions.ExtensionException">A platform was not read in full, or withdrawals are held.</exception>
    int RemoveOrphans();
}
