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
    private readonly HashSet<string> restored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> asked = new(StringComparer.Ordinal);
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

    /// <summary>
    /// Takes a definition from durable state: what was last wished for is wished for until the platform says otherwise. The first word about
    /// it counts as a change even if it says the same: not every workflow need have recorded it before a crash.
    /// </summary>
    public void Restore(ServiceDefinition definition)
    {
        lock (gate)
        {
            definitions[definition.Name] = definition;
            restored.Add(definition.Name);
        }
    }

    /// <summary>Begins a question about one service.</summary>
    /// <returns>What <see cref="TakeAnswer"/> wants back.</returns>
    public object Ask(string name)
    {
        lock (gate)
            return asked[name] = new object();
    }

    /// <summary>Takes the answer to a question, unless the platform spoke of the service meanwhile: an event is newer than an answer.</summary>
    /// <param name="name">The service.</param>
    /// <param name="question">What <see cref="Ask"/> returned.</param>
    /// <param name="definition">The answer; null when the service is not there.</param>
    public ImmutableArray<DefinitionChange> TakeAnswer(string name, object question, ServiceDefinition? definition)
    {
        lock (gate)
        {
            if (!asked.TryGetValue(name, out var pending) || !ReferenceEquals(pending, question))
                return [];
            return definition is null ? Withdraw(name) : Publish(definition);
        }
    }

    /// <summary>Takes everything a platform has.</summary>
    /// <param name="services">Its services.</param>
    /// <param name="isComplete">False when more may be there: nothing is withdrawn.</param>
    /// <returns>What changed by it.</returns>
    public ImmutableArray<DefinitionChange> TakeSnapshot(EquatableArray<ServiceDefinition> services, bool isComplete = true)
    {
        lock (gate)
        {
            var changes = ImmutableArray.CreateBuilder<DefinitionChange>();
            var named = new HashSet<string>(services.Count, StringComparer.Ordinal);
            var known = definitions.Count;
            asked.Clear();
            definitions.EnsureCapacity(services.Count);
            foreach (var definition in services)
            {
                if (named.Add(definition.Name))
                    AddIfChanged(definition, changes);
            }
            held.ExceptWith(named);
            if (!isComplete)
                return changes.ToImmutable();
            var missing = definitions.Keys.Where(name => !named.Contains(name)).ToList();
            var confirmed = missing.Where(held.Contains).ToHashSet(StringComparer.Ordinal);
            var unconfirmed = missing.Count - confirmed.Count;
            var limit = Math.Max(alwaysAllowed, maxWithdrawal * (known - confirmed.Count));
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
            asked.Remove(definition.Name);
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
            asked.Remove(name);
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
        if (!restored.Remove(definition.Name) && definitions.TryGetValue(definition.Name, out var known) && known == definition)
            return;
        definitions[definition.Name] = definition;
        changes.Add(new DefinitionChange(definition.Name, definition));
    }

    private void Remove(string name, ImmutableArray<DefinitionChange>.Builder changes)
    {
        restored.Remove(name);
        if (definitions.Remove(name))
            changes.Add(new DefinitionChange(name, null));
    }
}
