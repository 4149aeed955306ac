using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>The slots of all entries, found by key and by Service. Safe for concurrent use.</summary>
internal sealed class StatusSlots
{
    private readonly Lock gate = new();
    private readonly Dictionary<ServiceKey, StatusSlot> byKey = [];
    private readonly Dictionary<ObjectName, ImmutableArray<StatusSlot>> byName = [];

    /// <summary>The Services that have slots, at this moment.</summary>
    internal ImmutableArray<ObjectName> Names
    {
        get
        {
            lock (gate)
                return [.. byName.Keys];
        }
    }

    /// <summary>The slot of an entry, or null.</summary>
    internal StatusSlot? Find(ServiceKey key)
    {
        lock (gate)
            return byKey.GetValueOrDefault(key);
    }

    /// <summary>The slots of a Service: one for each workflow that publishes it.</summary>
    internal ImmutableArray<StatusSlot> Of(ObjectName name)
    {
        lock (gate)
            return byName.GetValueOrDefault(name, []);
    }

    /// <summary>The slot of an entry; a new one wants this from the beginning.</summary>
    /// <returns>Null when the entry is not named like a Service.</returns>
    internal StatusSlot? FindOrAdd(ServiceKey key, WantedStatus wanted)
    {
        if (!ObjectName.TryParse(key.Service, out var name))
            return null;
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var slot))
                Put(slot = new StatusSlot(key, name) { Wanted = wanted });
            return slot;
        }
    }

    /// <summary>Puts a slot back that was forgotten while somebody waited for it.</summary>
    internal void Keep(StatusSlot slot)
    {
        lock (gate)
        {
            if (!byKey.ContainsKey(slot.Key))
                Put(slot);
        }
    }

    /// <summary>Forgets a slot, unless something is wanted of it again.</summary>
    internal void Forget(StatusSlot slot)
    {
        lock (gate)
        {
            if (slot.Wanted != WantedStatus.None || !byKey.Remove(slot.Key))
                return;
            var rest = byName[slot.Name].Remove(slot);
            if (rest.IsEmpty)
                byName.Remove(slot.Name);
            else
                byName[slot.Name] = rest;
        }
    }

    private void Put(StatusSlot slot)
    {
        byKey.Add(slot.Key, slot);
        byName[slot.Name] = byName.GetValueOrDefault(slot.Name, []).Add(slot);
    }
}
