using System.Globalization;

namespace Interlook.Simulators.GestioIP;

/// <summary>The requests about networks and their addresses.</summary>
internal sealed class NetworkRequests(GestioIPAppliance appliance, HostRequests hosts)
{
    private Inventory Kept => appliance.Inventory;

    internal IEnumerable<Element> Create(ApiRequest request)
    {
        var span = AddressSpan.Parse($"{request.Address()}/{request.Require("BM")}");
        var root = request.Text("network_type") switch
        {
            "root" => true,
            "non-root" or "" => false,
            _ => throw new RefusedException("ERROR: INVALID VALUE FOR network_type"),
        };
        return [Show(Kept.Create(id => new NetworkRow(id, request.ClientId, span, root)
        {
            Description = request.Text("new_descr"),
            Site = request.Text("new_site"),
            Category = request.Text("new_cat"),
            Comment = request.Text("new_comment"),
        }))];
    }

    internal IEnumerable<Element> Read(ApiRequest request)
    {
        request.Require("BM"); // asked for, and not compared
        return [Show(Find(request))];
    }

    internal IEnumerable<Element> List(ApiRequest request)
    {
        bool? root = request.Text("network_type") switch
        {
            "" => null,
            "root" => true,
            "non_root" => false,
            _ => throw new RefusedException("ERROR: INVALID VALUE FOR network_type"),
        };
        var rows = Kept.Networks.Where(network =>
            network.ClientId == request.ClientId && network.Span.Family == request.Family && (root is null || network.IsRoot == root));
        var lists = rows.Select(network => request.Says("no_csv")
            ? new Element("Network", HostElements.Network(network, listed: true))
            : HostElements.Line(network, request.Says("include_id")));
        return [new("NetworkList", lists)];
    }

    internal IEnumerable<Element> FirstFree(ApiRequest request) =>
        [new("Network", new Element("firstFreeAddress", Kept.FirstFree(Find(request))?.ToString()
            ?? throw new RefusedException("ERROR: NETWORK HAS NO FREE ADDRESSES AVAILABLE")))];

    internal IEnumerable<Element> Free(ApiRequest request) =>
        [new("Network", Kept.Free(Find(request)).Select(address => new Element("freeAddress", address.ToString())))];

    internal IEnumerable<Element> Used(ApiRequest request)
    {
        var used = Kept.HostsOf(Find(request)).OrderBy(host => AddressSpan.Number(host.Address));
        if (!request.Says("no_csv"))
            return [new("Network", used.Select(host => new Element("usedAddress", AddressSpan.Show(host.Address))))];
        var list = new Element("HostList", used.Select(HostElements.Read));
        return [appliance.NestsHostList ? new Element("Network", list) : list];
    }

    internal IEnumerable<Element> Reserve(ApiRequest request)
    {
        var network = Find(request);
        var row = Kept.Reserve(network, address => hosts.Fill(new HostRow(0, request.ClientId, address), request));
        return [HostElements.Written(row)];
    }

    private static Element Show(NetworkRow network) => new("Network", HostElements.Network(network, listed: false));

    private NetworkRow Find(ApiRequest request) =>
        Kept.FindNetwork(request.ClientId, request.Address())
        ?? throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"ERROR: NETWORK NOT FOUND: {request.Text("ip")}"));
}
