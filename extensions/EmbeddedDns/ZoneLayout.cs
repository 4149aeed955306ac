using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>What is served before any service: the zones with their SOA and NS, and the addresses of name servers that lie in them.</summary>
internal sealed class ZoneLayout
{
    private readonly IReadOnlyList<DnsName> nameservers;
    private readonly DnsName? hostmaster;
    private readonly DnsName first;
    private readonly uint ttl;
    private readonly Dictionary<DnsName, RecordSet[]> serverAddresses = [];

    /// <param name="options">The settings.</param>
    internal ZoneLayout(EmbeddedDnsOptions options)
    {
        nameservers = [.. options.Nameservers.Select(DnsName.Parse)];
        hostmaster = options.Hostmaster;
        ttl = (uint)options.Ttl.TotalSeconds;
        // A zone around another is shorter, and comes first.
        List<DnsName> zones = [.. options.Zones.Select(DnsName.Parse).OrderBy(zone => zone.Wire.Length)];
        first = DnsName.Parse(options.Zones[0]);
        foreach (var zone in zones)
            Tree = Tree.WithZone(new Zone(zone, Servers(zone), Hostmaster(zone), ttl, isOfAddress: false));
        var sets = AddressSets(options.Listen);
        foreach (var server in zones.SelectMany(Servers).Distinct().Where(server => Tree.FindZone(server) is not null))
        {
            serverAddresses[server] = sets;
            Tree = Restore(Tree, server);
        }
    }

    /// <summary>The names without any service's.</summary>
    internal NameTree Tree { get; private set; } = NameTree.Empty;

    /// <summary>The zone that an address has of its own, for its reverse name alone.</summary>
    internal Zone OfAddress(DnsName reverse) => new(reverse, Servers(first), Hostmaster(first), ttl, isOfAddress: true);

    /// <summary>Takes a name server's own addresses away: a service has the name now.</summary>
    internal NameTree Yield(NameTree tree, DnsName name) =>
        serverAddresses.GetValueOrDefault(name, []).Aggregate(tree, (left, set) => left.Without(name, set.Type));

    /// <summary>Gives a name server's name its own addresses: no service has it.</summary>
    internal NameTree Restore(NameTree tree, DnsName name) =>
        serverAddresses.GetValueOrDefault(name, []).Aggregate(tree, (left, set) => left.With(name, set));

    private IReadOnlyList<DnsName> Servers(DnsName zone) => nameservers.Count > 0 ? nameservers : [Below("ns", zone)];

    private DnsName Hostmaster(DnsName zone) => hostmaster ?? Below("hostmaster", zone);

    /// <summary>The options' rules have seen that there is room.</summary>
    private static DnsName Below(string label, DnsName zone) =>
        zone.TryPrepend(label, out var name) ? name : throw new InvalidOperationException($"{label}.{zone} is too long");

    private RecordSet[] AddressSets(IReadOnlyList<IPEndPoint> listen) =>
    [
        .. listen.SelectMany(at => Reachable(at.Address))
            .Distinct()
            .GroupBy(address => address.AddressFamily)
            .Select(family => AddressRecords.Of([.. family], ttl)),
    ];

    /// <summary>The addresses by which clients reach a listener: its own, or for all addresses those of this machine.</summary>
    private static List<IPAddress> Reachable(IPAddress listening)
    {
        if (!listening.Equals(IPAddress.Any) && !listening.Equals(IPAddress.IPv6Any))
            return [listening];
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .Where(each => each.OperationalStatus == OperationalStatus.Up)
            .SelectMany(each => each.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == listening.AddressFamily && !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .ToList();
        return own.Count > 0 ? own : [listening.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback];
    }
}
