using System.Globalization;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Sends traffic to the node port of a Service. Pure.</summary>
internal static class NodeTargets
{
    private const string Local = "Local";

    /// <summary>The nodes that get the traffic of a Service, in each family in which it has ready endpoints.</summary>
    /// <param name="endpoints">Its ready endpoints.</param>
    /// <param name="spec">The Service.</param>
    /// <param name="port">Its port, which has a node port.</param>
    /// <param name="weight">The weight of an endpoint.</param>
    /// <param name="isAll">True when every node shall get traffic.</param>
    /// <param name="nodes">The nodes.</param>
    internal static Destination Of(
        IReadOnlyCollection<ReadyEndpoint> endpoints, ServiceSpec spec, ServicePort port, int weight, bool isAll, NodeTable nodes)
    {
        if (endpoints.Count == 0)
            return Destination.None;
        var isLocal = spec.ExternalTrafficPolicy == Local;
        var shares = new List<(string Host, int Weight)>();
        var isEverywhere = false;
        foreach (var family in endpoints.GroupBy(endpoint => endpoint.IsIPv6))
        {
            var homes = Homes(family, nodes);
            // With policy Cluster every node passes traffic on. It has to where an endpoint has no node of its own that may take it.
            var spreads = !isLocal && (isAll || homes.Count == 0 || family.Any(endpoint => endpoint.Node is null));
            isEverywhere |= spreads;
            var taking = spreads ? nodes.Taking.Select(place => KeyValuePair.Create(place, 1)) : homes;
            foreach (var (place, count) in taking)
            {
                if (place.AddressOf(family.Key) is { } host)
                    shares.Add((host, count * weight));
            }
        }
        var factor = WeightShare.Factor(shares.Select(share => share.Weight));
        var targets = shares.ConvertAll(share => new Target(share.Host, port.NodePort, WeightShare.Fit(share.Weight, factor)));
        return new(targets, isEverywhere, targets.Count == 0 ? Problem(endpoints.Count, isLocal) : null);
    }

    /// <summary>The nodes that may take traffic and have endpoints, with how many.</summary>
    private static Dictionary<NodePlace, int> Homes(IEnumerable<ReadyEndpoint> endpoints, NodeTable nodes)
    {
        var homes = new Dictionary<NodePlace, int>(ReferenceEqualityComparer.Instance);
        foreach (var one in endpoints.DistinctBy(endpoint => endpoint.Address))
        {
            if (one.Node is not null && nodes.Find(one.Node) is { } place && nodes.Takes(place))
                homes[place] = homes.GetValueOrDefault(place) + 1;
        }
        return homes;
    }

    private static string Problem(int count, bool isLocal) => string.Create(
        CultureInfo.InvariantCulture,
        $"it has {count} ready endpoints, and no node {(isLocal ? "of theirs (externalTrafficPolicy is Local) " : "")}may take traffic and has an address of their family");
}
