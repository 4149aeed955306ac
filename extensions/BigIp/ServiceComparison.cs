using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>Compares what a service shall have with what it has. Only what we set is compared. Pure.</summary>
internal sealed class ServiceComparison(BigIpOptions options, BigIpPaths paths, RouteDomains domains)
{
    private readonly string monitor = MonitorRule(options.MonitorName);
    private readonly string profile = Qualified(options.TcpProfile);

    /// <summary>The monitor to write; empty for none.</summary>
    internal string Monitor => monitor;

    /// <summary>The profile to write; empty for the appliance's own.</summary>
    internal string Profile => profile;

    /// <summary>What to change of a pool, without its members; null for nothing.</summary>
    internal WirePool? PoolChange(WantedService wanted, WirePool found)
    {
        var change = new WirePool
        {
            Description = wanted.Description == found.Description ? null : wanted.Description,
            Monitor = monitor == MonitorRule(found.Monitor ?? "") ? null : monitor == "" ? "none" : monitor,
            LoadBalancingMode = options.LoadBalancingMode == found.LoadBalancingMode ? null : options.LoadBalancingMode,
        };
        return change == new WirePool() ? null : change;
    }

    internal bool HasMembers(WantedService wanted, WirePool found)
    {
        var members = found.MembersReference?.Items ?? [];
        return members.Count == wanted.Members.Count && members.All(member => Member(member) is { } read && wanted.Members.Contains(read));
    }

    /// <summary>What to change of a virtual server; null for nothing.</summary>
    internal WireVirtual? VirtualChange(WantedService wanted, WantedDestination destination, WireVirtual found)
    {
        var hasProfile = profile == "" || (found.ProfilesReference?.Items ?? []).Any(each => each.FullPath == profile);
        var moved = Destination(found) != destination ? At(destination) : new();
        var change = moved with
        {
            Description = wanted.Description == found.Description ? null : wanted.Description,
            Pool = found.Pool == paths.Full(wanted.Name) ? null : paths.Full(wanted.Name),
            SourceAddressTranslation = found.SourceAddressTranslation?.Type == "automap" ? null : new("automap"),
            Profiles = hasProfile ? null : [new() { Name = profile }],
            Enabled = found.Disabled == true ? true : null,
        };
        return change == new WireVirtual() ? null : change;
    }

    internal bool HasRule(WantedService wanted, WantedRule rule, WireRule found) =>
        found.Description == wanted.Description
        && found.ConditionsReference?.Items is [var condition]
        && found.ActionsReference?.Items is [var action]
        && HostsOf(condition, rule.IsTls) is { } hosts
        && hosts.Count == rule.Hosts.Count
        && rule.Hosts.All(hosts.Contains)
        && action is { Forward: true }
        && action.Pool == paths.Full(wanted.Name)
        && (rule.IsTls ? action.SslClientHello : action.Request) == true;

    /// <summary>The names that a rule takes for itself: those of its only condition, which looks at nothing but the name.</summary>
    internal static IReadOnlyCollection<string> Claims(WireRule rule) =>
        rule.ConditionsReference?.Items is [var condition] ? HostsOf(condition, true) ?? HostsOf(condition, false) ?? [] : [];

    /// <summary>Where a virtual server listens, with the mask and source that go with the address.</summary>
    internal WireVirtual At(WantedDestination destination)
    {
        var isV6 = destination.Address.Ip.AddressFamily == AddressFamily.InterNetworkV6;
        var anybody = new RoutedAddress(isV6 ? IPAddress.IPv6Any : IPAddress.Any, destination.Address.Domain);
        return new()
        {
            Destination = $"/{options.Partition}/{ServicePort.Join(domains.Write(options.Partition, destination.Address), destination.Port)}",
            Mask = isV6 ? "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "255.255.255.255",
            Source = $"{domains.Write(options.Partition, anybody)}/0",
        };
    }

    /// <summary>The addresses of a pool's members.</summary>
    internal IEnumerable<RoutedAddress> AddressesOf(WirePool found) =>
        (found.MembersReference?.Items ?? []).Select(member => domains.Read(member.Partition, member.Address)).OfType<RoutedAddress>();

    private WantedMember? Member(WireMember member)
    {
        if (domains.Read(member.Partition, member.Address) is not { } address || ServicePort.Split(member.Name ?? "").Port is not { } port)
            return null;
        var isEnabled = member is not { Session: "user-disabled" } and not { State: "user-down" };
        return new(address, port, member.Ratio ?? 1, isEnabled);
    }

    private WantedDestination? Destination(WireVirtual found)
    {
        if (found.Destination?.Split('/') is not [_, var partition, .., var end])
            return null;
        var (head, port) = ServicePort.Split(end);
        return port is { } number && domains.Read(partition, head) is { } address ? new(address, number) : null;
    }

    private static HashSet<string>? HostsOf(WireCondition condition, bool isTls)
    {
        var isOfKind = isTls
            ? condition is { SslExtension: true, ServerName: true, SslClientHello: true }
            : condition is { HttpHost: true, Host: true, Request: true };
        return isOfKind && condition is not ({ StartsWith: true } or { EndsWith: true } or { Contains: true } or { Not: true })
            ? new(condition.Values ?? [], StringComparer.OrdinalIgnoreCase)
            : null;
    }

    /// <summary>A monitor rule with full paths and single blanks.</summary>
    private static string MonitorRule(string text) => text.Trim() == "none" ? "" : string.Join(' ', text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select((word, i) => word is "min" or "of" or "and" or "{" or "}" or "none" || (i == 1 && word.All(char.IsAsciiDigit)) ? word : Qualified(word)));

    private static string Qualified(string name) => name is "" || name.StartsWith('/') ? name : $"/Common/{name}";
}
