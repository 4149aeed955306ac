using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Reads the endpoints that take traffic from the slices of a Service. Pure.</summary>
internal static class SliceReading
{
    /// <summary>The Service that a slice belongs to; null when it says none.</summary>
    internal static ObjectName? ServiceOf(EndpointSlice slice) =>
        slice.Metadata.Labels.GetValueOrDefault(WellKnown.ServiceNameLabel) is { Length: > 0 } name ? new(slice.Metadata.Namespace, name) : null;

    /// <summary>The endpoints of one port, each once, whatever slices it stands in.</summary>
    internal static IReadOnlyCollection<ReadyEndpoint> Read(IEnumerable<EndpointSlice> slices, ServicePort port)
    {
        // While endpoints move from one slice to another, they may stand in both.
        var found = new Dictionary<(string Address, int Port), ReadyEndpoint>();
        foreach (var slice in slices)
        {
            if (FamilyOf(slice) is not { } family || PortIn(slice, port) is not { } number)
                continue;
            foreach (var endpoint in slice.Endpoints)
            {
                if (!IsReady(endpoint.Conditions) || AddressOf(endpoint, family) is not { } address)
                    continue;
                var node = endpoint.NodeName;
                if (!found.TryGetValue((address, number), out var known) || string.CompareOrdinal(known.Node, node) < 0)
                    found[(address, number)] = new(address, family == AddressFamily.InterNetworkV6, number, node);
            }
        }
        return found.Values;
    }

    /// <summary>True when endpoints of a slice, ready or not, run on one of these nodes.</summary>
    internal static bool IsOn(EndpointSlice slice, HashSet<string> nodes)
    {
        foreach (var endpoint in slice.Endpoints)
        {
            if (endpoint.NodeName is { } node && nodes.Contains(node))
                return true;
        }
        return false;
    }

    private static AddressFamily? FamilyOf(EndpointSlice slice) => slice.AddressType switch
    {
        EndpointSlice.IPv4 => AddressFamily.InterNetwork,
        EndpointSlice.IPv6 => AddressFamily.InterNetworkV6,
        _ => null, // FQDN, which the API calls deprecated and gives no meaning
    };

    /// <summary>The number of the port in the slice. A slice joins endpoints that have the same numbers, so slices of one Service may differ.</summary>
    private static int? PortIn(EndpointSlice slice, ServicePort port)
    {
        foreach (var offered in slice.Ports)
        {
            if (offered.Name == port.Name && offered.Protocol == port.Protocol)
                return offered.Port ?? port.TargetPort.Number ?? port.Port; // null is every port
        }
        return null;
    }

    // What null means for each is said at EndpointConditions in the API.
    private static bool IsReady(EndpointConditions? conditions) =>
        conditions is null || ((conditions.Ready ?? true) && (conditions.Serving ?? true) && conditions.Terminating is not true);

    private static string? AddressOf(Endpoint endpoint, AddressFamily family) =>
        IPAddress.TryParse(endpoint.Address, out var address) && address.AddressFamily == family ? address.ToString() : null;
}
