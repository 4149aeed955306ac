using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Providers;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>
/// What every node means for traffic. When none that may take it is ready and the state of some is unknown, the control plane has lost its kubelets,
/// and traffic may well flow: then those count as taking it, for what is not known ends nothing. One writer, who is its only reader.
/// </summary>
internal sealed class NodeTable
{
    private static readonly Rejection Blind = new(
        "nodes", "no node that may take traffic is ready; those of unknown state go on: look whether their kubelets reach the API server");

    private readonly Dictionary<string, NodePlace> places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Rejection> refused = new(StringComparer.Ordinal);
    private ObjectCache<Node> cache = CacheDifference.None<Node>();
    private bool isBlind;

    /// <summary>The nodes that may take traffic.</summary>
    internal IEnumerable<NodePlace> Taking => places.Values.Where(Takes);

    /// <summary>What is wrong with nodes.</summary>
    internal IEnumerable<Rejection> Rejections =>
        [.. isBlind ? [Blind] : Array.Empty<Rejection>(), .. refused.Where(one => Takes(places[one.Key])).Select(one => one.Value)];

    /// <summary>True when this node may take traffic.</summary>
    internal bool Takes(NodePlace place) => place.TakesTraffic || (isBlind && place.IsUnknown);

    /// <summary>The node that endpoints call so: by its name, else by its host name; null when there is none.</summary>
    internal NodePlace? Find(string name) =>
        places.GetValueOrDefault(name)
        ?? places.Where(node => node.Value.HostName == name).OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => node.Value).FirstOrDefault();

    /// <summary>Takes a change.</summary>
    /// <returns>What endpoints may call the nodes that mean something else now than before.</returns>
    internal HashSet<string> Take(CacheChange<Node> change)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in CacheDifference.Between(cache, change))
        {
            var before = places.GetValueOrDefault(name.Name);
            var now = change.Cache.Find(name) is { } node ? NodeReading.Read(node) : null;
            if (before == now)
                continue;
            Put(name.Name, now);
            changed.Add(name.Name);
            changed.UnionWith(new[] { before?.HostName, now?.HostName }.OfType<string>());
        }
        cache = change.Cache;
        Look(changed);
        return changed;
    }

    /// <summary>Looks whether any node is ready; where that changed, those of unknown state mean something else than before.</summary>
    private void Look(HashSet<string> changed)
    {
        var before = isBlind;
        isBlind = places.Values.Any(place => place.IsUnknown) && !places.Values.Any(place => place.TakesTraffic);
        if (isBlind == before)
            return;
        foreach (var (name, place) in places.Where(node => node.Value.IsUnknown))
        {
            changed.Add(name);
            if (place.HostName is { } called)
                changed.Add(called);
        }
    }

    private void Put(string name, NodePlace? place)
    {
        if (place is null)
            places.Remove(name);
        else
            places[name] = place;
        if (place?.Problem is { } problem)
            refused[name] = new($"node {name}", problem);
        else
            refused.Remove(name);
    }
}
