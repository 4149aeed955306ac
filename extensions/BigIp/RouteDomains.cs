using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// Which route domain an address is in: written behind it (<c>10.0.0.1%2</c>), or the default of the partition that the object is in, which
/// the appliance leaves out.
/// </summary>
internal sealed class RouteDomains(IEnumerable<WirePartition> partitions)
{
    private readonly ImmutableDictionary<string, int> defaults = partitions
        .Where(partition => partition.Name is not null)
        .ToImmutableDictionary(partition => partition.Name!, partition => partition.DefaultRouteDomain ?? 0, StringComparer.Ordinal);

    internal bool Has(string partition) => defaults.ContainsKey(partition);

    internal int DefaultOf(string partition) => defaults.GetValueOrDefault(partition);

    /// <summary>Reads an address of an object.</summary>
    /// <returns>Null when it is none, such as a node's that is found by name.</returns>
    internal RoutedAddress? Read(string? partition, string? text)
    {
        if (text is null || partition is null)
            return null;
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        var domain = DefaultOf(partition);
        if (percent >= 0 && !int.TryParse(text.AsSpan(percent + 1), NumberStyles.None, CultureInfo.InvariantCulture, out domain))
            return null;
        return IPAddress.TryParse(percent < 0 ? text : text.AsSpan(0, percent), out var ip) ? new(ip, domain) : null;
    }

    /// <summary>Writes an address for an object of a partition.</summary>
    internal string Write(string partition, RoutedAddress address) =>
        address.Domain == DefaultOf(partition) ? $"{address.Ip}" : $"{address}";
}
