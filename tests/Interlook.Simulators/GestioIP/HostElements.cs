using System.Net.Sockets;

namespace Interlook.Simulators.GestioIP;

/// <summary>Hosts and networks as replies show them.</summary>
internal static class HostElements
{
    /// <summary>A host that was read.</summary>
    internal static Element Read(HostRow host) => new("Host", Fields(host, "", text => text).Prepend(new("id", $"{host.Id}")).Concat(
    [
        new("alive", "never checked"), new("last_response", ""), new("ip_version", Version(host.Address.AddressFamily)), Columns(host),
    ]));

    /// <summary>A host that was created, changed or reserved.</summary>
    internal static Element Written(HostRow host) => new("Host", Fields(host, "new_", text => text).Prepend(new("new_id", $"{host.Id}")).Append(Columns(host)));

    /// <summary>A host in a list; the list escapes commas in its elements too.</summary>
    internal static Element Listed(HostRow host, bool withId)
    {
        var fields = Fields(host, "", Escape).Concat([new("alive", "never checked"), new("ip_version", Version(host.Address.AddressFamily)), Columns(host)]);
        return new("Host", withId ? fields.Prepend(new("id", $"{host.Id}")) : fields);
    }

    /// <summary>A host in a list as one line.</summary>
    internal static Element Line(HostRow host, bool withId)
    {
        string[] fields =
        [
            AddressSpan.Show(host.Address), host.Hostname, host.Site, host.Category, host.Comment, host.Description, .. host.Custom.Values,
        ];
        return new("Host", string.Join(',', (withId ? fields.Prepend($"{host.Id}") : fields).Select(Escape)));
    }

    /// <summary>A network's fields; within elements, and only there, the list escapes commas.</summary>
    internal static IEnumerable<Element> Network(NetworkRow network, bool listed)
    {
        Func<string, string> write = listed ? Escape : text => text;
        return
        [
            new("id", $"{network.Id}"), new("IP", AddressSpan.Show(network.Span.Address)), new("BM", $"{network.Span.Mask}"), new("descr", write(network.Description)),
            new("site", write(network.Site)), new("cat", write(network.Category)), new("comment", write(network.Comment)), new("sync", network.Sync),
            new("ip_version", Version(network.Span.Family)), new("rootnet", network.IsRoot ? "1" : "0"),
            listed ? new("parent_network_id", "") : new("dyn_dns_updates", ""),
        ];
    }

    /// <summary>A network as one line; it does not escape commas.</summary>
    internal static Element Line(NetworkRow network, bool withId)
    {
        var line = $"{AddressSpan.Show(network.Span.Address)}/{network.Span.Mask},{network.Site},{network.Category},{network.Comment},{network.Description}";
        return new("Network", withId ? $"{network.Id},{line}" : line);
    }

    private static string Version(AddressFamily family) => family == AddressFamily.InterNetwork ? "v4" : "v6";

    private static string Escape(string text) => text.Replace(",", "\\,", StringComparison.Ordinal);

    private static IEnumerable<Element> Fields(HostRow host, string prefix, Func<string, string> write) =>
    [
        new("IP", AddressSpan.Show(host.Address)), new($"{prefix}hostname", write(host.Hostname)), new($"{prefix}descr", write(host.Description)),
        new($"{prefix}site", write(host.Site)), new($"{prefix}cat", write(host.Category)), new($"{prefix}int_admin", host.InternalAdmin),
        new($"{prefix}comment", write(host.Comment)), new($"{prefix}update_type", host.UpdateType),
    ];

    private static Element Columns(HostRow host) => new("customColumns", host.Custom.Select(column =>
        new Element(column.Key.Replace(' ', '_'), column.Value.Replace("&", "&amp;", StringComparison.Ordinal))));
}
