namespace Interlook.Extensions.Ipalloc;

/// <summary>
/// The addresses that nobody has, as ranges in order. There are at most as many ranges as leases and exclusions together, so the memory
/// they take follows the leases and not the size of the network. The lowest range is kept aside: leasing in order costs no search.
/// </summary>
internal sealed class FreeAddresses
{
    private readonly SortedSet<AddressRange> later = new(Comparer<AddressRange>.Create((left, right) => left.First.CompareTo(right.First)));
    private AddressRange? lowest;

    /// <summary>Starts with ranges that do not overlap.</summary>
    internal FreeAddresses(IEnumerable<AddressRange> ranges)
    {
        later.UnionWith(ranges);
        Promote();
    }

    /// <summary>How many ranges are held.</summary>
    internal int Ranges => later.Count + (lowest is null ? 0 : 1);

    /// <summary>Takes the lowest free address.</summary>
    /// <returns>It, or null when nothing is free.</returns>
    internal UInt128? TakeLowest()
    {
        if (lowest is not { } range)
            return null;
        if (range.First < range.Last)
            lowest = range with { First = range.First + 1 };
        else
            Promote();
        return range.First;
    }

    /// <summary>Takes one address.</summary>
    /// <returns>False when it is not free.</returns>
    internal bool Take(UInt128 address)
    {
        if (Find(address) is not { } range)
            return false;
        Remove(range);
        if (range.First < address)
            Add(range with { Last = address - 1 });
        if (address < range.Last)
            Add(range with { First = address + 1 });
        return true;
    }

    /// <summary>Gives an address back that is not free now.</summary>
    internal void Return(UInt128 address)
    {
        var grown = new AddressRange(address, address);
        if (address > UInt128.Zero && Find(address - 1) is { } before)
        {
            Remove(before);
            grown = grown with { First = before.First };
        }
        if (address < UInt128.MaxValue && Find(address + 1) is { } after)
        {
            Remove(after);
            grown = grown with { Last = after.Last };
        }
        Add(grown);
    }

    private AddressRange? Find(UInt128 address)
    {
        if (lowest is not { } first || address < first.First)
            return null;
        if (address <= first.Last)
            return first;
        if (later.Count == 0 || address < later.Min.First)
            return null;
        var below = later.GetViewBetween(later.Min, new AddressRange(address, address)).Max;
        return below.Contains(address) ? below : null;
    }

    private void Remove(AddressRange range)
    {
        if (lowest == range)
            Promote();
        else
            later.Remove(range);
    }

    private void Add(AddressRange range)
    {
        if (lowest is { } first && first.First < range.First)
        {
            later.Add(range);
            return;
        }
        if (lowest is { } other)
            later.Add(other);
        else if (later.Count > 0 && later.Min.First < range.First)
            throw new InvalidOperationException("the lowest range is kept aside");
        lowest = range;
    }

    private void Promote()
    {
        lowest = later.Count == 0 ? null : later.Min;
        if (lowest is { } range)
            later.Remove(range);
    }
}
