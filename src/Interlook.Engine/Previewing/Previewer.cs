using System.Collections.Immutable;
using Interlook.Engine.Definitions;
using Interlook.Engine.Planning;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Engine.Previewing;

/// <summary>
/// Looks once at the platforms, the entries and the outside world, and says what an engine with the same parts would do. Calls nothing that
/// changes anything: of a provisioner it holds only what <see cref="Onlooker"/> leaves, and its extensions are made with
/// <see cref="ExtensionContext.IsReadOnly"/>.
/// </summary>
/// <param name="options">The engine's options.</param>
/// <param name="parts">The same parts; histories are not read.</param>
public sealed class Previewer(EngineOptions options, EngineParts parts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<string> problems = [];
    private readonly List<IExtension> started = [];

    /// <summary>Looks. Once.</summary>
    /// <exception cref="Interlook.Storage.StoreException">The entries cannot be read: nothing can be said.</exception>
    public async Task<Preview> RunAsync(CancellationToken stopping)
    {
        try
        {
            var entries = await ReadEntriesAsync(stopping);
            var held = 0;
            foreach (var provider in parts.Workflows.Select(workflow => workflow.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (await TryAsync(provider, () => SnapshotAsync(provider, stopping), stopping) is { } snapshot)
                    held += Wish(provider, snapshot, entries);
            }
            var steps = entries.Values.SelectMany(entry => (IEnumerable<string>)[.. entry.Workflow.Steps, .. entry.Entry.Steps.Select(record => record.Step)])
                .Where(parts.Provisioners.ContainsKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var seen = new Dictionary<string, Observation>(StringComparer.Ordinal);
            foreach (var step in steps)
            {
                if (await TryAsync(step, () => ObserveAsync(step, entries.Values, stopping), stopping) is { } observation)
                    seen.Add(step, observation);
            }
            return new Preview(
                [.. entries.OrderBy(entry => entry.Key.Path, StringComparer.Ordinal).SelectMany(entry => Foresee(entry.Value, seen))],
                held,
                [.. seen.SelectMany(step => Orphans(step.Key, step.Value, entries))],
                [.. problems]);
        }
        finally
        {
            foreach (var extension in Enumerable.Reverse(started))
                await TryAsync("stopping", () => StopAsync(extension), CancellationToken.None);
        }
    }

    private static async Task<bool?> StopAsync(IExtension extension)
    {
        await extension.StopAsync(CancellationToken.None);
        return true;
    }

    private async Task<Dictionary<ServiceKey, Planned>> ReadEntriesAsync(CancellationToken stopping)
    {
        var byName = parts.Workflows.ToDictionary(workflow => workflow.Name);
        var stored = parts.Store is null ? [] : (await parts.Store.ReadAllAsync(stopping)).Values.Select(record => record.Value);
        return stored.ToDictionary(
            entry => entry.Key,
            entry => byName.TryGetValue(entry.Key.Workflow, out var workflow)
                ? new Planned(entry, workflow)
                : new Planned(entry.Wished(null, Now), new Workflow(entry.Key.Workflow, entry.Desired.Provider, [])));
    }

    private DateTimeOffset Now => parts.Time.GetUtcNow();

    private async Task<ProviderEvent.Snapshot?> SnapshotAsync(string name, CancellationToken stopping)
    {
        var provider = parts.Providers[name];
        started.Add(provider);
        await provider.StartAsync(stopping);
        await foreach (var happened in provider.WatchAsync(stopping))
        {
            if (happened is ProviderEvent.Snapshot snapshot)
                return snapshot;
        }
        throw new ExtensionException(Reason.Unavailable, $"{name} ended before it told what there is");
    }

    /// <summary>Tells the entries of a provider's workflows what its platform has, as the intake does.</summary>
    /// <returns>How many services would be held.</returns>
    private int Wish(string provider, ProviderEvent.Snapshot snapshot, Dictionary<ServiceKey, Planned> entries)
    {
        var table = new DefinitionTable(options.MaxWithdrawal, EngineOptions.AlwaysAllowedWithdrawals);
        foreach (var known in entries.Values.Where(planned => planned.Workflow.Provider == provider && planned.Entry.Expected == ExpectedState.Deployed))
            table.Restore(known.Entry.Desired);
        foreach (var change in table.TakeSnapshot(snapshot.Services, snapshot.IsComplete))
        {
            foreach (var workflow in parts.Workflows.Where(workflow => workflow.Provider == provider))
            {
                var key = new ServiceKey(workflow.Name, change.Name);
                if (entries.TryGetValue(key, out var planned))
                    entries[key] = planned with { Entry = planned.Entry.Wished(change.Definition, Now) };
                else if (change.Definition is { } definition)
                    entries[key] = new Planned(EntryChanges.Detected(key, workflow, definition, Now), workflow);
            }
        }
        return table.Held.Count;
    }

    private async Task<Observation?> ObserveAsync(string step, IEnumerable<Planned> entries, CancellationToken stopping)
    {
        var provisioner = new Onlooker(parts.Provisioners[step]);
        started.Add(parts.Provisioners[step]);
        await provisioner.StartAsync(stopping);
        var applied = entries
            .Select(planned => (planned.Entry.Key, Record: planned.Entry.Find(step)))
            .Where(each => each.Record is { Acknowledged: not null, Attempted.Count: 0 })
            .ToDictionary(each => each.Key, each => each.Record!.Acknowledged!);
        return await provisioner.ObserveAsync(applied, stopping);
    }

    private IEnumerable<PreviewedStep> Foresee(Planned planned, Dictionary<string, Observation> seen)
    {
        var drifts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (step, observation) in options.RepairDrift ? seen : [])
        {
            if (observation.Drifts.FirstOrDefault(drift => drift.Key == planned.Entry.Key) is { } drift)
                drifts.Add(step, drift.Difference);
        }
        return Foresight.Of(planned.Entry, planned.Workflow, drifts);
    }

    private IEnumerable<PreviewedOrphan> Orphans(string step, Observation seen, Dictionary<ServiceKey, Planned> entries) => seen.Orphans
        .Where(orphan => orphan.Key is not { } key || entries.GetValueOrDefault(key) is not { } owner
            || (owner.Entry.Find(step) is null && !(owner.Entry.Expected == ExpectedState.Deployed && owner.Workflow.Steps.Contains(step))))
        .Select(orphan => new PreviewedOrphan(step, orphan.Subject, options.RemoveOrphans && orphan.Key is not null));

    /// <summary>Does something with an outside system; what fails is a problem of the preview and ends nothing.</summary>
    private async Task<T?> TryAsync<T>(string name, Func<Task<T?>> look, CancellationToken stopping)
    {
        try
        {
            return await look().WaitAsync(Patience, parts.Time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (ExtensionException failure)
        {
            problems.Add(failure.Message);
        }
        catch (TimeoutException)
        {
            problems.Add($"{name} gave no answer within {Patience.TotalMinutes:0} minutes; look at the system behind it");
        }
        catch (Exception fault)
        {
            problems.Add($"{name} failed in a way it should not ({fault.GetType().Name}: {fault.Message}); please report it");
        }
        return default;
    }

    /// <summary>An entry with its newest wish, and the workflow it walks.</summary>
    private sealed record Planned(Entry Entry, Workflow Workflow);
}
