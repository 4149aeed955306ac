using Interlook.Services;

namespace Interlook.Extensions.Ipalloc;

/// <summary>Who asked for an address that another has: the first to ask gets it when it is given back. Not for concurrent use.</summary>
internal sealed class AwaitedAddresses
{
    private readonly Dictionary<UInt128, LinkedList<ServiceKey>> waiting = [];

    /// <summary>The address each holder waits for, and its place in that queue.</summary>
    private readonly Dictionary<ServiceKey, (UInt128 Address, LinkedListNode<ServiceKey> Place)> places = [];

    /// <summary>Notes a request that could not be met. Who waits for that address already keeps the place; for another, it waits no more.</summary>
    internal void Join(UInt128 address, ServiceKey holder)
    {
        if (places.TryGetValue(holder, out var known) && known.Address == address)
            return;
        Leave(holder);
        if (!waiting.TryGetValue(address, out var queue))
            waiting.Add(address, queue = []);
        places.Add(holder, (address, queue.AddLast(holder)));
    }

    /// <summary>Takes the one who has waited longest; null when nobody waits.</summary>
    internal ServiceKey? TakeFirst(UInt128 address)
    {
        if (!waiting.TryGetValue(address, out var queue))
            return null;
        var first = queue.First!.Value;
        Leave(first);
        return first;
    }

    /// <summary>A holder waits no longer, for whatever it waited.</summary>
    internal void Leave(ServiceKey holder)
    {
        if (!places.Remove(holder, out var left))
            return;
        var queue = waiting[left.Address];
        queue.Remove(left.Place);
        if (queue.Count == 0)
            waiting.Remove(left.Address);
    }
}
