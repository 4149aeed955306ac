using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Providers;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>What every node means for traffic. One writer, who is its only reader.</summary>
internal sealed class NodeTable
{
    private readonly Dictionary<string, NodePlace> places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Rejection> refused = new(StringComparer.Ordinal);
    private ObjectCache<Node> cache = CacheDifference.None<Node>();

    /// <summary>The nodes that may take traffic.</summary>
    internal IEnumerable<NodePlace> Taking => places.Values.Where(place => place.TakesTraffic);

    /// <summary>What is wrong with nodes.</summary>
    internal IEnumerable<Rejection> Rejections => refused.Values;

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
        return changed;
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
