using System.Net;
using Interlook.Extensions.EmbeddedDns.Names;
using Interlook.Services;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>
/// What every service has in DNS, who holds which name, and the names that follow from it. For one thread at a time.
/// </summary>
/// <param name="layout">What is served without services.</param>
/// <param name="options">TTL and ports.</param>
internal sealed class PublicationTable(ZoneLayout layout, EmbeddedDnsOptions options)
{
    private readonly Dictionary<ServiceKey, Publication> held = [];
    private readonly Dictionary<DnsName, ServiceKey> owners = [];
    private readonly Dictionary<IPAddress, SortedSet<string>> namesOf = [];
    private readonly uint ttl = (uint)options.Ttl.TotalSeconds;

    /// <summary>What is published, by service.</summary>
    internal IReadOnlyDictionary<ServiceKey, Publication> Held => held;

    /// <summary>All names as they are now.</summary>
    internal NameTree Tree { get; private set; } = layout.Tree;

    /// <summary>Publishes a service, in place of what it had.</summary>
    /// <returns>False when all was so already.</returns>
    /// <exception cref="ExtensionException">Another service has one of the names; nothing changed.</exception>
    internal bool Put(ServiceKey key, Publication wanted)
    {
        if (held.TryGetValue(key, out var had) && had == wanted)
            return false;
        foreach (var name in wanted.Names)
        {
            if (owners.TryGetValue(DnsName.Parse(name), out var owner) && owner != key)
            {
                throw new ExtensionException(
                    Reason.Conflict,
                    $"service {key} asks dns.embedded for {name}, which service {owner} has: remove one of the two, or give this one another name");
            }
        }
        Remove(key);
        held[key] = wanted;
        foreach (var text in wanted.Names)
        {
            var name = DnsName.Parse(text);
            owners[name] = key;
            Tree = layout.Yield(Tree, name).With(name, AddressRecords.Of([wanted.Address], ttl));
            if (!name.IsWildcard && name.TryPrepend(LabelsOf(wanted), out var service))
                Tree = Tree.With(service, AddressRecords.OfService(LabelsOf(wanted), name, PortOf(wanted), wanted.Address, ttl));
        }
        NameAddress(wanted.Address, names => names.UnionWith(HostsOf(wanted)));
        return true;
    }

    /// <summary>Takes a service away.</summary>
    /// <returns>False when there was nothing of it.</returns>
    internal bool Remove(ServiceKey key)
    {
        if (!held.Remove(key, out var had))
            return false;
        foreach (var text in had.Names)
        {
            var name = DnsName.Parse(text);
            owners.Remove(name);
            if (name.TryPrepend(LabelsOf(had), out var service))
                Tree = Tree.Without(service, Messages.RecordType.SRV);
            Tree = layout.Restore(Tree.Without(name, AddressRecords.TypeOf(had.Address)), name);
        }
        NameAddress(had.Address, names => names.ExceptWith(HostsOf(had)));
        return true;
    }

    /// <summary>Puts the names of an address at its reverse name, which is a zone of its own unless a configured one holds it.</summary>
    private void NameAddress(IPAddress address, Action<SortedSet<string>> change)
    {
        if (!namesOf.TryGetValue(address, out var names))
            namesOf[address] = names = new(StringComparer.Ordinal);
        change(names);
        var reverse = ReverseName.Of(address);
        if (names.Count == 0)
        {
            namesOf.Remove(address);
            Tree = Tree.Without(reverse, Messages.RecordType.PTR);
            return;
        }
        if (Tree.FindZone(reverse) is null)
            Tree = Tree.WithZone(layout.OfAddress(reverse));
        Tree = Tree.With(reverse, AddressRecords.OfNames(names.Select(DnsName.Parse), ttl));
    }

    private static IEnumerable<string> HostsOf(Publication publication) => publication.Names.Where(name => name[0] != '*');

    private static string LabelsOf(Publication publication) => publication.Tls ? "_https._tcp" : "_http._tcp";

    private ushort PortOf(Publication publication) => (ushort)(publication.Tls ? options.HttpsPort : options.HttpPort);
}
