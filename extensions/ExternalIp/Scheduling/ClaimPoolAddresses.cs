using System.Net;
using System.Net.Sockets;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// The addresses of one address pool, and the next free one. Ranges are used as they are written, to their last address. Without ranges it
/// is the whole network, without what no host may have: of an IPv4 network its first and its broadcast address, but for /31 and /32, which
/// have neither (RFC 3021); of an IPv6 network the first, which is every router's (RFC 4291 section 2.6.1), but for /127 and /128 (RFC 6164).
/// </summary>
internal sealed class ClaimPoolAddresses
{
    private readonly List<AddressSpan> spans = [];
    private readonly List<string> problems = [];
    private int current;
    private UInt128 next;

    internal ClaimPoolAddresses(ClaimPool pool)
    {
        Name = pool.Metadata.Name;
        if (!ClaimAddress.TryParse(pool.Spec.Cidr, out var network))
        {
            problems.Add($"spec.cidr of address pool {Name} is not a network such as 192.168.0.0/24: '{pool.Spec.Cidr}'");
            return;
        }
        PrefixLength = network.PrefixLength;
        var whole = AddressSpan.Network(network.Address, network.PrefixLength);
        if (pool.Spec.Ranges.IsEmpty)
            spans.Add(Usable(whole, ClaimAddress.Bits(network.Address) - network.PrefixLength));
        foreach (var range in pool.Spec.Ranges)
            Add(range.IsDefault ? [] : range, whole);
        spans.Sort((left, right) => left.First.CompareTo(right.First));
        next = spans.Count > 0 ? spans[0].First : 0;
    }

    /// <summary>The pool's name.</summary>
    internal string Name { get; }

    /// <summary>The prefix length of its addresses.</summary>
    internal int PrefixLength { get; }

    /// <summary>What of it cannot be used as it is written. The rest is used; a network whose ranges are all wrong is not taken whole.</summary>
    internal EquatableArray<string> Problems => problems.ToEquatableArray();

    /// <summary>True when an address is one of the pool's.</summary>
    internal bool Has(IPAddress address) => spans.Exists(span => span.Has(address));

    /// <summary>
    /// The lowest address that is not taken; null when all are. It never looks at an address twice, so what is taken must not become free
    /// in the life of this object: the way through a pass costs as much as there are taken addresses, whatever the size of the ranges.
    /// </summary>
    internal IPAddress? TakeFree(HashSet<IPAddress> taken)
    {
        while (current < spans.Count)
        {
            var span = spans[current];
            if (next < span.First)
                next = span.First;
            while (next <= span.Last)
            {
                var address = span.Address(next);
                // The last address of all has no next one.
                if (next == UInt128.MaxValue)
                    break;
                next++;
                if (taken.Add(address))
                    return address;
            }
            current++;
        }
        return null;
    }

    private void Add(IReadOnlyList<string> range, AddressSpan whole)
    {
        var text = $"range [{string.Join(", ", range)}] of address pool {Name}";
        if (range.Count is 0 or > 2)
            problems.Add($"{text} is not a pair of first and last address");
        else if (Read(range[0], text) is { } first && Read(range[^1], text) is { } last)
        {
            if (!whole.Has(first) || !whole.Has(last))
                problems.Add($"{text} does not lie in its network");
            else if (AddressSpan.Number(first) > AddressSpan.Number(last))
                problems.Add($"{text} ends before it begins");
            else
                spans.Add(new AddressSpan(whole.Family, AddressSpan.Number(first), AddressSpan.Number(last)));
        }
    }

    /// <summary>Users write the prefix length into ranges, too; that of the network counts.</summary>
    private IPAddress? Read(string text, string range)
    {
        if (ClaimAddress.TryParse(text, out var both))
            return both.Address;
        if (ClaimAddress.TryParseAddress(text, out var address))
            return address;
        problems.Add($"{range} holds '{text}', which is not an IP address");
        return null;
    }

    private static AddressSpan Usable(AddressSpan whole, int hostBits)
    {
        if (hostBits <= 1)
            return whole;
        var first = whole with { First = whole.First + 1 };
        return whole.Family == AddressFamily.InterNetwork ? first with { Last = first.Last - 1 } : first;
    }
}
