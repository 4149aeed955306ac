using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Reads what nodes mean for traffic. Pure.</summary>
internal static class NodeReading
{
    private const string InternalAddress = "InternalIP";
    private const string ExternalAddress = "ExternalIP";

    /// <summary>Reads a node. One that is only cordoned (spec.unschedulable) goes on taking traffic: its pods still run.</summary>
    internal static NodePlace Read(Node node)
    {
        var name = node.Metadata.Labels.GetValueOrDefault(WellKnown.HostnameLabel);
        var place = new NodePlace { HostName = name == node.Metadata.Name ? null : name };
        var ready = node.Status?.Conditions.FirstOrDefault(condition => condition.Type == NodeCondition.Ready)?.Status;
        if (!MayTakeTraffic(node) || ready is not (Condition.True or Condition.Unknown))
            return place;
        place = place with { TakesTraffic = ready == Condition.True, IsUnknown = ready == Condition.Unknown };
        try
        {
            var (four, six) = ReadAddresses(node);
            return place with { IPv4 = four, IPv6 = six };
        }
        catch (FormatException problem)
        {
            return place with { Problem = problem.Message };
        }
    }

    private static bool MayTakeTraffic(Node node) =>
        node.Metadata.DeletionTimestamp is null
        && !node.Metadata.Labels.ContainsKey(WellKnown.ExcludeBalancersLabel)
        && node.Spec?.Taints.Any(taint => taint.Key == WellKnown.AutoscalerDeletesTaint) is not true;

    private static (string? Four, string? Six) ReadAddresses(Node node)
    {
        var labels = ObjectLabels.Of(node);
        if (labels.Pairs.TryGetValue(PublicationLabels.IpLabel, out var written))
            return ReadWritten(written, labels.Called(PublicationLabels.IpLabel));
        var own = node.Status?.Addresses ?? [];
        var kind = own.Any(address => address.Type == InternalAddress) ? InternalAddress : ExternalAddress;
        var found = own.Where(address => address.Type == kind).Select(address => IPAddress.TryParse(address.Address, out var ip) ? ip : null).ToList();
        var (four, six) = (First(found, AddressFamily.InterNetwork), First(found, AddressFamily.InterNetworkV6));
        return four is null && six is null
            ? throw new FormatException($"it has neither {InternalAddress} nor {ExternalAddress}: set annotation {PublicationLabels.IpLabel} to the address under which its node ports are reached")
            : (four, six);
    }

    /// <summary>One address of each family, or one host name, which may mean both.</summary>
    private static (string? Four, string? Six) ReadWritten(string written, string called)
    {
        (string? Four, string? Six) addresses = default;
        foreach (var item in written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            addresses = Read(item, called) switch
            {
                (var name, null) when addresses == default => (name, name),
                (var four, AddressFamily.InterNetwork) when addresses.Four is null => (four, addresses.Six),
                (var six, AddressFamily.InterNetworkV6) when addresses.Six is null => (addresses.Four, six),
                _ => throw new FormatException($"{called} '{PublicationLabels.Shown(written)}' must be one host name, or at most one address of each family"),
            };
        }
        return addresses == default ? throw new FormatException($"{called} is empty: write an IP address or a host name, or remove it") : addresses;
    }

    private static (string Host, AddressFamily? Family) Read(string text, string called)
    {
        // Old short forms are read as other addresses than they look like: 10.77.66 as 10.77.0.66.
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text))
        {
            return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
                ? throw new FormatException($"{called} must be an address that can be reached, not '{PublicationLabels.Shown(text)}'")
                : (address.ToString(), address.AddressFamily);
        }
        return HostName.TryNormalize(text, out var name, out var problem) && name[0] != '*'
            ? (name, null)
            : throw new FormatException($"{called} must be an IP address or a host name: '{PublicationLabels.Shown(text)}' {problem ?? "is a pattern"}");
    }

    private static string? First(List<IPAddress?> addresses, AddressFamily family) => addresses.Find(ip => ip?.AddressFamily == family)?.ToString();
}
