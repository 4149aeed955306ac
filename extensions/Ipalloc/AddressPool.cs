using System.Net.Sockets;
using Interlook.Services;

namespace Interlook.Extensions.Ipalloc;

/// <summary>
/// Who has which address. Knows neither network nor disk nor clock. A holder may have several addresses for the moment in which it moves. Not for
/// concurrent use.
/// </summary>
internal sealed class AddressPool
{
    private readonly AddressRange[] ranges;
    private readonly FreeAddresses free;
    private readonly Dictionary<ServiceKey, UInt128> held = [];

    /// <summary>What holders have besides: only while they move.</summary>
    private readonly Dictionary<ServiceKey, List<UInt128>> besides = [];

    /// <summary>A pool in which everything is free.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <param name="space">What may be leased.</param>
    /// <param name="exclusions">What of it may not.</param>
    internal AddressPool(AddressFamily family, AddressRange space, IEnumerable<AddressRange> exclusions)
    {
        Family = family;
        ranges = [.. Without(space, exclusions)];
        free = new FreeAddresses(ranges);
        Size = ranges.Sum(range => range.Size);
    }

    /// <summary>IPv4 or IPv6.</summary>
    internal AddressFamily Family { get; }

    /// <summary>How many addresses may be leased at once.</summary>
    internal double Size { get; }

    /// <summary>How many of them are leased.</summary>
    internal int Used => held.Count + besides.Values.Sum(others => others.Count);

    /// <summary>How many ranges of free addresses are held in memory.</summary>
    internal int FreeRanges => free.Ranges;

    /// <summary>Every lease.</summary>
    internal IEnumerable<(UInt128 Address, ServiceKey Holder)> Leases => held.Select(lease => (lease.Value, lease.Key))
        .Concat(besides.SelectMany(lease => lease.Value.Select(address => (address, lease.Key))));

    /// <summary>True when an address belongs to the pool: inside its range and not excluded.</summary>
    internal bool Has(UInt128 address)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].Contains(address))
                return true;
            if (address < ranges[middle].First)
                high = middle - 1;
            else
                low = middle + 1;
        }
        return false;
    }

    /// <summary>Who has an address; null when nobody. Looks through all leases: it is asked when somebody is in another's way.</summary>
    internal ServiceKey? HolderOf(UInt128 address)
    {
        foreach (var lease in Leases)
        {
            if (lease.Address == address)
                return lease.Holder;
        }
        return null;
    }

    /// <summary>True when a holder has an address.</summary>
    internal bool IsHeldBy(UInt128 address, ServiceKey holder) =>
        held.TryGetValue(holder, out var first) && (first == address || (besides.TryGetValue(holder, out var others) && others.Contains(address)));

    /// <summary>What a holder has.</summary>
    internal IReadOnlyList<UInt128> HeldBy(ServiceKey holder) =>
        held.TryGetValue(holder, out var address) ? [address, .. besides.GetValueOrDefault(holder, [])] : [];

    /// <summary>Leases one address of the pool.</summary>
    /// <returns>False when another has it, or when it is not in the pool.</returns>
    internal bool Take(UInt128 address, ServiceKey holder)
    {
        if (IsHeldBy(address, holder))
            return true;
        if (!free.Take(address))
            return false;
        Hold(address, holder);
        return true;
    }

    /// <summary>Leases the lowest free address.</summary>
    /// <returns>It, or null when nothing is free.</returns>
    internal UInt128? TakeLowest(ServiceKey holder)
    {
        if (free.TakeLowest() is not { } address)
            return null;
        Hold(address, holder);
        return address;
    }

    /// <summary>Ends a lease; one that there is not is no failure.</summary>
    internal void Return(UInt128 address, ServiceKey holder)
    {
        if (!IsHeldBy(address, holder))
            return;
        Forget(address, holder);
        free.Return(address);
    }

    private void Hold(UInt128 address, ServiceKey holder)
    {
        if (held.TryAdd(holder, address))
            return;
        if (!besides.TryGetValue(holder, out var others))
            besides.Add(holder, others = []);
        others.Add(address);
    }

    private void Forget(UInt128 address, ServiceKey holder)
    {
        if (!besides.TryGetValue(holder, out var others))
        {
            held.Remove(holder);
            return;
        }
        if (!others.Remove(address))
        {
            held[holder] = others[0];
            others.RemoveAt(0);
        }
        if (others.Count == 0)
            besides.Remove(holder);
    }

    private static IEnumerable<AddressRange> Without(AddressRange space, IEnumerable<AddressRange> exclusions)
    {
        var first = space.First;
        foreach (var exclusion in exclusions.Where(space.Overlaps).OrderBy(exclusion => exclusion.First))
        {
            if (exclusion.First > first)
                yield return new AddressRange(first, exclusion.First - 1);
            if (exclusion.Last >= space.Last)
                yield break;
            if (exclusion.Last >= first)
                first = exclusion.Last + 1;
        }
        yield return new AddressRange(first, space.Last);
    }
}
