using System.Net.Sockets;
using Interlook.Configuration;

namespace Interlook.Extensions.Ipalloc;

/// <summary>Addresses that are not leased: one, a range, or a network.</summary>
internal sealed record AddressExclusion(AddressFamily Family, AddressRange Range)
{
    /// <summary>Reads <c>10.0.0.1</c>, <c>10.0.0.1-10.0.0.9</c> or <c>10.0.0.0/28</c>.</summary>
    /// <exception cref="FormatException">It is none of these; the end of a sentence.</exception>
    internal static AddressExclusion Parse(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            var network = Network.Parse(text);
            return new AddressExclusion(network.Family, network.Range);
        }
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length > 2)
            throw new FormatException($"must hold addresses, ranges such as 10.0.0.1-10.0.0.9 and networks, not '{text}'");
        var first = SettingReaders.Address(parts[0]);
        var last = SettingReaders.Address(parts[^1]);
        if (first.AddressFamily != last.AddressFamily)
            throw new FormatException($"mixes IPv4 and IPv6 in '{text}'");
        var range = new AddressRange(AddressNumber.Of(first), AddressNumber.Of(last));
        return range.First <= range.Last
            ? new AddressExclusion(first.AddressFamily, range)
            : throw new FormatException($"has a range that ends before it begins: '{text}'; write {parts[1]}-{parts[0]}");
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Range.Show(Family);
}
