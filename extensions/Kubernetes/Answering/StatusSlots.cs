using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>The slots of all entries, found by key and by Service. Safe for concurrent use.</summary>
internal sealed class StatusSlots
{
    private readonly Lock gate = new();
    private readonly Dictionary<ServiceKey, StatusSlot> slots = [];

    /// <summary>The workflows that ever had a slot: a few, which are tried one after another for a Service.</summary>
    private readonly SortedSet<string> workflows = new(StringComparer.Ordinal);

    /// <summary>All of them, at this moment.</summary>
    internal ImmutableArray<StatusSlot> All
    {
        get
        {
            lock (gate)
                return [.. slots.Values];
        }
    }

    /// <summary>The slot of an entry, or null.</summary>
    internal StatusSlot? Find(ServiceKey key)
    {
        lock (gate)
            return slots.GetValueOrDefault(key);
    }

    /// <summary>The slots of a Service: one for each workflow that publishes it.</summary>
    internal ImmutableArray<StatusSlot> Of(ObjectName name)
    {
        var service = name.ToString();
        lock (gate)
            return [.. workflows.Select(workflow => slots.GetValueOrDefault(new(workflow, service))).OfType<StatusSlot>()];
    }

    /// <summary>The slot of an entry; a new one wants this from the beginning.</summary>
    /// <returns>Null when the entry is not named like a Service.</returns>
    internal StatusSlot? FindOrAdd(ServiceKey key, WantedStatus wanted)
    {
        if (!ObjectName.TryParse(key.Service, out _))
            return null;
        lock (gate)
        {
            if (!slots.TryGetValue(key, out var slot))
                Put(slot = new StatusSlot(key) { Wanted = wanted });
            return slot;
        }
    }

    /// <summary>Puts a slot back that was forgotten while somebody waited for it.</summary>
    internal void Keep(StatusSlot slot)
    {
        lock (gate)
        {
            if (!slots.ContainsKey(slot.Key))
                Put(slot);
        }
    }

    /// <summary>Forgets a slot, unless something is wanted of it again.</summary>
    internal void Forget(StatusSlot slot)
    {
        lock (gate)
        {
            if (slot.Wanted.IsNothing)
                slots.Remove(slot.Key);
        }
    }

    private void Put(StatusSlot slot)
    {
        slots.Add(slot.Key, slot);
        workflows.Add(slot.Key.Workflow);
    }
}
