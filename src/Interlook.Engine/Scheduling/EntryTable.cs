using System.Collections.Immutable;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Engine.Scheduling;

/// <summary>The slots of all entries. Safe for concurrent use; reads see immutable entries.</summary>
internal sealed class EntryTable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ServiceKey, EntrySlot> slots = [];

    /// <summary>Every slot at this moment.</summary>
    public ImmutableArray<EntrySlot> Slots
    {
        get
        {
            lock (gate)
                return [.. slots.Values];
        }
    }

    /// <summary>Finds a slot.</summary>
    public EntrySlot? Find(ServiceKey key)
    {
        lock (gate)
            return slots.GetValueOrDefault(key);
    }

    /// <summary>Makes room at once for as many as there will be at least: grown step by step, the table would be half empty.</summary>
    public void Reserve(int count)
    {
        lock (gate)
            slots.EnsureCapacity(count);
    }

    /// <summary>Finds a slot, and makes it when there is none.</summary>
    public EntrySlot FindOrAdd(ServiceKey key, Func<EntrySlot> make)
    {
        lock (gate)
        {
            if (!slots.TryGetValue(key, out var slot))
                slots.Add(key, slot = make());
            return slot;
        }
    }

    /// <summary>Adds a slot from durable state.</summary>
    public void Restore(EntrySlot slot)
    {
        lock (gate)
            slots.Add(slot.Entry.Key, slot);
    }

    /// <summary>Sets what is wished for a service, making its slot when it is new.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="definition">The newest definition; null when it was withdrawn.</param>
    /// <param name="detect">Makes the slot of a new service.</param>
    /// <returns>The slot; null when a service was withdrawn that has none.</returns>
    public EntrySlot? Wish(ServiceKey key, ServiceDefinition? definition, Func<EntrySlot> detect)
    {
        lock (gate)
        {
            if (!slots.TryGetValue(key, out var slot))
            {
                if (definition is null)
                    return null;
                slots.Add(key, slot = detect());
            }
            slot.Wish = definition;
            return slot;
        }
    }

    /// <summary>Removes a closed slot, unless the service is wished for again.</summary>
    /// <returns>False when it is wished for.</returns>
    public bool TryRemove(EntrySlot slot)
    {
        lock (gate)
            return slot.Wish is null && slots.Remove(slot.Entry.Key);
    }

    /// <summary>Every entry at this moment.</summary>
    public ImmutableArray<Entry> Entries()
    {
        lock (gate)
        {
            var entries = ImmutableArray.CreateBuilder<Entry>(slots.Count);
            foreach (var slot in slots.Values)
                entries.Add(slot.Entry);
            return entries.MoveToImmutable();
        }
    }
}
