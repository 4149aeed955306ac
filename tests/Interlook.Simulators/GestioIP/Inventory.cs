using System.Collections.Immutable;
using System.Net;

namespace Interlook.Simulators.GestioIP;

/// <summary>What a GestioIP keeps: clients, networks, hosts, sites, categories, columns. Safe for concurrent use; it survives a restart.</summary>
public sealed class Inventory
{
    /// <summary>Stands for <c>LOCK TABLES host WRITE</c>: everything that reads and then writes happens within.</summary>
    private readonly Lock gate = new();
    private ImmutableList<HostRow> hosts = [];
    private ImmutableList<NetworkRow> networks = [];
    private int lastId;

    /// <summary>Clients by name, with their numbers.</summary>
    public Dictionary<string, int> Clients { get; } = new(StringComparer.Ordinal) { ["DEFAULT"] = 1 };

    /// <summary>The sites that exist.</summary>
    public HashSet<string> Sites { get; } = new(StringComparer.Ordinal) { "Lon", "NY" };

    /// <summary>The categories that exist.</summary>
    public HashSet<string> Categories { get; } = new(StringComparer.Ordinal) { "prod", "test" };

    /// <summary>The administrator's own columns of hosts.</summary>
    public HashSet<string> CustomColumns { get; } = new(StringComparer.Ordinal);

    /// <summary>All hosts, in the order of their numbers.</summary>
    public IReadOnlyList<HostRow> Hosts => Volatile.Read(ref hosts);

    /// <summary>All networks, in the order of their numbers.</summary>
    public IReadOnlyList<NetworkRow> Networks => Volatile.Read(ref networks);

    /// <summary>Every host, a line each with all that it holds but its number.</summary>
    public string[] Describe() =>
    [
        .. Hosts.Select(host =>
            $"{host.Address} client {host.ClientId} '{host.Hostname}' '{host.Description}' '{host.Site}' '{host.Category}' {host.InternalAdmin} '{host.Comment}' '{host.UpdateType}'"),
    ];

    /// <summary>Adds a network by an administrator's hand.</summary>
    public NetworkRow AddNetwork(string span, bool root = false, int client = 1, string comment = "")
    {
        lock (gate)
        {
            var row = new NetworkRow(++lastId, client, AddressSpan.Parse(span), root) { Comment = comment, Description = "by hand" };
            networks = networks.Add(row);
            return row;
        }
    }

    /// <summary>Removes networks by an administrator's hand.</summary>
    public void RemoveNetworks()
    {
        lock (gate)
            networks = [];
    }

    /// <summary>Adds a host by an administrator's hand, whatever stands there already.</summary>
    public HostRow AddHost(string address, string hostname, string comment = "", int client = 1)
    {
        lock (gate)
            return Insert(new HostRow(0, client, IPAddress.Parse(address)) { Hostname = hostname, Comment = comment, UpdateType = "dns" });
    }

    /// <summary>Changes a host's comment by an administrator's hand.</summary>
    public void Comment(IPAddress address, string comment)
    {
        lock (gate)
            hosts = [.. hosts.Select(host => host.Address.Equals(address) ? host with { Comment = comment } : host)];
    }

    /// <summary>Removes an address's hosts by an administrator's hand.</summary>
    public void RemoveHosts(IPAddress address)
    {
        lock (gate)
            hosts = hosts.RemoveAll(host => host.Address.Equals(address));
    }

    /// <summary>The network of an address: the mask is not looked at, and a root network never meant.</summary>
    internal NetworkRow? FindNetwork(int client, IPAddress address) =>
        Networks.FirstOrDefault(network => network.ClientId == client && !network.IsRoot && network.Span.Address.Equals(address));

    /// <summary>The hosts of a network.</summary>
    internal IEnumerable<HostRow> HostsOf(NetworkRow network) =>
        Hosts.Where(host => host.ClientId == network.ClientId && network.Span.Contains(host.Address));

    /// <summary>Adds a network that is not there yet.</summary>
    internal NetworkRow Create(Func<int, NetworkRow> make)
    {
        lock (gate)
        {
            var row = make(++lastId);
            if (networks.Any(other => other.ClientId == row.ClientId && other.Span == row.Span && other.IsRoot == row.IsRoot))
                throw new RefusedException("ERROR: NETWORK ALREADY EXISTS");
            networks = networks.Add(row);
            return row;
        }
    }

    /// <summary>Adds a host whose address has none yet.</summary>
    internal HostRow Create(HostRow host, string exists)
    {
        lock (gate)
        {
            if (hosts.Exists(other => other.ClientId == host.ClientId && other.Address.Equals(host.Address)))
                throw new RefusedException(exists);
            return Insert(host);
        }
    }

    /// <summary>Takes the lowest free address of a network: its own and its last are never given.</summary>
    internal HostRow Reserve(NetworkRow network, Func<IPAddress, HostRow> make)
    {
        lock (gate)
            return Insert(make(FirstFree(network) ?? throw new RefusedException("ERROR: NETWORK HAS NO FREE ADDRESSES AVAILABLE")));
    }

    /// <summary>The lowest address without a host, which nothing keeps for anybody.</summary>
    internal IPAddress? FirstFree(NetworkRow network) => Free(network).FirstOrDefault();

    /// <summary>All addresses without a host.</summary>
    internal IEnumerable<IPAddress> Free(NetworkRow network)
    {
        var used = HostsOf(network).Select(host => AddressSpan.Number(host.Address)).ToHashSet();
        for (var number = network.Span.First + 1; number < network.Span.Last; number++)
        {
            if (!used.Contains(number))
                yield return AddressSpan.ToAddress(number, network.Span.Family);
        }
    }

    /// <summary>Changes the first host that is meant.</summary>
    internal HostRow Change(Func<HostRow, bool> meant, Func<HostRow, HostRow> change, string absent)
    {
        lock (gate)
        {
            var index = hosts.FindIndex(host => meant(host));
            if (index < 0)
                throw new RefusedException(absent);
            var changed = change(hosts[index]);
            hosts = hosts.SetItem(index, changed);
            return changed;
        }
    }

    /// <summary>Removes the first host that is meant.</summary>
    internal HostRow Remove(Func<HostRow, bool> meant, string absent)
    {
        lock (gate)
        {
            var host = hosts.Find(host => meant(host)) ?? throw new RefusedException(absent);
            hosts = hosts.Remove(host);
            return host;
        }
    }

    private HostRow Insert(HostRow host)
    {
        var row = host with { Id = ++lastId };
        hosts = hosts.Add(row);
        return row;
    }
}
