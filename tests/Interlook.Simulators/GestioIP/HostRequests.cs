using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Simulators.GestioIP;

/// <summary>The requests about hosts.</summary>
internal sealed class HostRequests(GestioIPAppliance appliance)
{
    /// <summary>Where the list of IPv6 hosts ends.</summary>
    private static readonly UInt128 Horizon = AddressSpan.Number(IPAddress.Parse("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));

    private Inventory Kept => appliance.Inventory;

    internal IEnumerable<Element> Create(ApiRequest request)
    {
        var address = request.Address();
        var network = Kept.Networks.FirstOrDefault(each => each.ClientId == request.ClientId && !each.IsRoot && each.Span.Contains(address))
            ?? throw new RefusedException("ERROR: NO NETWORK FOR IP FOUND");
        if (address.Equals(network.Span.Address))
            throw new RefusedException($"ERROR: {request.Text("ip")} IS A NETWORK ADDRESS");
        if (AddressSpan.Number(address) == network.Span.Last)
            throw new RefusedException($"ERROR: {request.Text("ip")} IS A BROADCAST ADDRESS");
        return [HostElements.Written(Kept.Create(Fill(new HostRow(0, request.ClientId, address), request), appliance.HostExists))];
    }

    internal IEnumerable<Element> Read(ApiRequest request)
    {
        var meant = Meant(request);
        return [HostElements.Read(Kept.Hosts.FirstOrDefault(meant) ?? throw new RefusedException(appliance.HostAbsent))];
    }

    internal IEnumerable<Element> Update(ApiRequest request)
    {
        request.Require("ip");
        return [HostElements.Written(Kept.Change(Meant(request), host => Fill(host, request), appliance.HostAbsent))];
    }

    internal IEnumerable<Element> Delete(ApiRequest request) => [HostElements.Read(Kept.Remove(Meant(request), appliance.HostAbsent))];

    internal IEnumerable<Element> List(ApiRequest request)
    {
        var filter = HostFilter.Read(request.Text("filter"), Kept.CustomColumns);
        var rows = Kept.Hosts
            .Where(host => host.ClientId == request.ClientId && host.Address.AddressFamily == request.Family)
            .Where(host => request.Family == AddressFamily.InterNetwork || AddressSpan.Number(host.Address) <= Horizon)
            .Where(host => filter?.Matches(host) ?? true)
            .OrderBy(host => AddressSpan.Number(host.Address).ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var withId = request.Says("include_id");
        return [new("HostList", Page(rows, request, filter is null).Select(host =>
            request.Says("no_csv") ? HostElements.Listed(host, withId) : HostElements.Line(host, withId)))];
    }

    /// <summary>The fields of a request in a row. Site and category must exist.</summary>
    internal HostRow Fill(HostRow host, ApiRequest request)
    {
        var custom = Kept.CustomColumns.Where(column => request.Parameters.ContainsKey($"new_{column}"))
            .ToImmutableSortedDictionary(column => column, column => request.Text($"new_{column}"));
        return host with
        {
            Hostname = Text("new_hostname", host.Hostname),
            Description = Text("new_descr", host.Description),
            Site = Known(Kept.Sites, "SITE", Text("new_site", host.Site)),
            Category = Known(Kept.Categories, "CATEGORY", Text("new_cat", host.Category)),
            InternalAdmin = Text("new_int_admin", host.InternalAdmin),
            Comment = Text("new_comment", host.Comment),
            UpdateType = Text("new_update_type", host.UpdateType),
            Custom = host.Custom.SetItems(custom),
        };

        string Text(string name, string had) => request.Parameters.GetValueOrDefault(name, had);
    }

    /// <summary>An unfiltered list counts each row twice: pages come short, and rows fall between them.</summary>
    private static IEnumerable<HostRow> Page(IEnumerable<HostRow> rows, ApiRequest request, bool unfiltered)
    {
        if (!int.TryParse(request.Text("limit"), CultureInfo.InvariantCulture, out var limit))
            return rows;
        var page = int.TryParse(request.Text("page"), CultureInfo.InvariantCulture, out var number) ? number : 1;
        return rows.Skip((page - 1) * limit).Take(unfiltered ? (limit + 1) / 2 : limit);
    }

    private static string Known(HashSet<string> known, string kind, string name) =>
        name == "" || known.Contains(name) ? name : throw new RefusedException($"ERROR: {kind} NOT FOUND: {name}");

    private static Func<HostRow, bool> Meant(ApiRequest request)
    {
        if (request.Text("ip") == "")
        {
            var hostname = request.Text("hostname");
            return hostname != "" ? host => host.ClientId == request.ClientId && host.Hostname == hostname : throw new RefusedException("ERROR: PARAMETER ip MISSING");
        }
        var address = request.Address();
        return host => host.ClientId == request.ClientId && host.Address.Equals(address);
    }
}
