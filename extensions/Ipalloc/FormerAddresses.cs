using Interlook.Services;

namespace Interlook.Extensions.Ipalloc;

/// <summary>Which address a holder had last, so that a service that goes and comes back gets it again when it is still free. Not for concurrent use.</summary>
/// <param name="most">How many holders are remembered; the one remembered longest is forgotten first.</param>
internal sealed class FormerAddresses(int most)
{
    private readonly Dictionary<ServiceKey, UInt128> addresses = [];
    private readonly Queue<ServiceKey> order = new();

    /// <summary>Notes what a holder gave back.</summary>
    internal void Remember(ServiceKey holder, UInt128 address)
    {
        if (!addresses.ContainsKey(holder))
            order.Enqueue(holder);
        addresses[holder] = address;
        if (order.Count > most)
            addresses.Remove(order.Dequeue());
    }

    /// <summary>What a holder had last; null when that is not known.</summary>
    internal UInt128? Of(ServiceKey holder) => addresses.TryGetValue(holder, out var address) ? address : null;
}
