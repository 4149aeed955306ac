using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Engine.Definitions;

/// <summary>
/// One provider's services: folds its events into one definition per service, and holds back a snapshot that would withdraw too many.
/// Knows no clock and no engine. Safe for concurrent use.
/// </summary>
/// <param name="maxWithdrawal">The share of the services that one snapshot may withdraw, 0 to 1.</param>
/// <param name="alwaysAllowed">Withdrawals up to this number are never held.</param>
internal sealed class DefinitionTable(double maxWithdrawal, int alwaysAllowed)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ServiceDefinition> definitions = new(StringComparer.Ordinal);
    private HashSet<string> held = [];

    /// <summary>How many services are published.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return definitions.Count;
        }
    }

    /// <summary>Services that the last snapshot did not name and that are kept until the next one confirms it.</summary>
    public EquatableArray<string> Held
    {
        get
        {
            lock (gate)
                return held.Order(StringComparer.Ordinal).ToEquatableArray();
        }
    }

    /// <summary>Takes a definition from durable state: what was last wished for is wished for until the platform says otherwise.</summary>
    public void Restore(ServiceDefinition definition)
    {
        lock (gate)
            definitions[definition.Name] = definition;
    }

    /// <summary>Takes everything a platform has.</summary>
    /// <returns>What changed by it.</returns>
    public ImmutableArray<DefinitionChange> TakeSnapshot(EquatableArray<ServiceDefinition> services)
    {
        lock (gate)
        {
            var changes = ImmutableArray.CreateBuilder<DefinitionChange>();
            var named = new HashSet<string>(services.Count, StringComparer.Ordinal);
            foreach (var definition in services)
            {
                named.Add(definition.Name);
                AddIfChanged(definition, changes);
            }
            var missing = definitions.Keys.Where(name => !named.Contains(name)).ToList();
            var confirmed = missing.Where(held.Contains).ToHashSet(StringComparer.Ordinal);
            var unconfirmed = missing.Count - confirmed.Count;
            var limit = Math.Max(alwaysAllowed, maxWithdrawal * (definitions.Count - confirmed.Count));
            held = unconfirmed > limit ? missing.Where(name => !confirmed.Contains(name)).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var name in missing)
            {
                if (!held.Contains(name))
                    Remove(name, changes);
            }
            return changes.ToImmutable();
        }
    }

    /// <summary>Takes one definition.</summary>
    /// <returns>Nothing when it is known already.</returns>
    public ImmutableArray<DefinitionChange> Publish(ServiceDefinition definition)
    {
        lock (gate)
        {
            var changes = ImmutableArray.CreateBuilder<DefinitionChange>(1);
            held.Remove(definition.Name);
            AddIfChanged(definition, changes);
            return changes.ToImmutable();
        }
    }

    /// <summary>Takes the word that one service went.</summary>
    /// <returns>Nothing when it was not known.</returns>
    public ImmutableArray<DefinitionChange> Withdraw(string name)
    {
        lock (gate)
        {
            var changes = ImmutableArray.CreateBuilder<DefinitionChange>(1);
            held.Remove(name);
            Remove(name, changes);
            return changes.ToImmutable();
        }
    }

    /// <summary>Withdraws what is held: an operator knows that it has gone.</summary>
    public ImmutableArray<DefinitionChange> ApproveHeld()
    {
        lock (gate)
        {
            var changes = ImmutableArray.CreateBuilder<DefinitionChange>(held.Count);
            foreach (var name in held.Order(StringComparer.Ordinal))
                Remove(name, changes);
            held = [];
            return changes.ToImmutable();
        }
    }

    private void AddIfChanged(ServiceDefinition definition, ImmutableArray<DefinitionChange>.Builder changes)
    {
        if (definitions.TryGetValue(definition.Name, out var known) && known == definition)
            return;
        definitions[definition.Name] = definition;
        changes.Add(new DefinitionChange(definition.Name, definition));
    }

    private void Remove(string name, ImmutableArray<DefinitionChange>.Builder changes)
    {
        if (definitions.Remove(name))
            changes.Add(new DefinitionChange(name, null));
    }
}
