using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>
/// What one watch knows, and what is published of it. A change is paid for by what it concerns: that of a slice by one Service, that of a node
/// by the Services that have endpoints there. One writer, the watch; <see cref="Publications"/> may be read by anybody.
/// </summary>
/// <param name="translation">Makes publications.</param>
/// <param name="before">What the watch before this one made of each Service.</param>
internal sealed class PublicationTable(ServiceTranslation translation, ImmutableDictionary<ObjectName, Publication> before)
{
    private readonly Dictionary<ObjectName, ImmutableArray<ObjectName>> slicesOf = [];
    private readonly SortedDictionary<string, Rejection> refused = new(StringComparer.Ordinal);
    private readonly NodeTable nodes = new();
    private ObjectCache<Service> services = CacheDifference.None<Service>();
    private ObjectCache<EndpointSlice> slices = CacheDifference.None<EndpointSlice>();
    private volatile ImmutableDictionary<ObjectName, Publication> publications = before;

    /// <summary>What came of each Service that asks.</summary>
    internal ImmutableDictionary<ObjectName, Publication> Publications => publications;

    /// <summary>Takes the first lists, and makes everything of them.</summary>
    internal void Begin(ObjectCache<Service> everyService, ObjectCache<EndpointSlice> everySlice, ObjectCache<Node> everyNode)
    {
        nodes.Take(new(everyNode, null));
        slicesOf.EnsureCapacity(everyService.Objects.Count);
        Index(new(everySlice, null), []);
        services = everyService;
        Translate(services.Objects.Keys.Concat(publications.Keys).ToHashSet());
    }

    /// <summary>Takes a change of Services.</summary>
    /// <returns>What is published and withdrawn by it.</returns>
    internal List<ProviderEvent> Take(CacheChange<Service> change)
    {
        var concerned = CacheDifference.Between(services, change).ToHashSet();
        services = change.Cache;
        return Translate(concerned);
    }

    /// <summary>Takes a change of slices.</summary>
    /// <returns>What is published by it.</returns>
    internal List<ProviderEvent> Take(CacheChange<EndpointSlice> change)
    {
        var concerned = new HashSet<ObjectName>();
        Index(change, concerned);
        return Translate(concerned);
    }

    /// <summary>Takes a change of nodes.</summary>
    /// <returns>What is published by it.</returns>
    internal List<ProviderEvent> Take(CacheChange<Node> change)
    {
        var changed = nodes.Take(change);
        return changed.Count == 0
            ? []
            : Translate(publications.Where(one => one.Value.IsEverywhere || SlicesOf(one.Key).Any(slice => SliceReading.IsOn(slice, changed))).Select(one => one.Key).ToHashSet());
    }

    /// <summary>All that is published, by name.</summary>
    internal EquatableArray<ServiceDefinition> Definitions() =>
    [
        .. publications.Values.Select(publication => publication.Definition).OfType<ServiceDefinition>()
            .OrderBy(definition => definition.Name, StringComparer.Ordinal),
    ];

    /// <summary>All that cannot be published, by subject.</summary>
    internal EquatableArray<Rejection> Rejections() => [.. refused.Values, .. nodes.Rejections];

    private IEnumerable<EndpointSlice> SlicesOf(ObjectName service) =>
        slicesOf.TryGetValue(service, out var names) ? names.Select(slices.Find).OfType<EndpointSlice>() : [];

    private void Index(CacheChange<EndpointSlice> change, HashSet<ObjectName> concerned)
    {
        foreach (var name in CacheDifference.Between(slices, change))
        {
            var old = slices.Find(name) is { } known ? SliceReading.ServiceOf(known) : null;
            var now = change.Cache.Find(name) is { } found ? SliceReading.ServiceOf(found) : null;
            if (old is { } left && old != now)
                Leave(left, name);
            if (now is { } joined && old != now)
                slicesOf[joined] = slicesOf.TryGetValue(joined, out var others) ? others.Add(name) : [name];
            concerned.UnionWith(new[] { old, now }.OfType<ObjectName>());
        }
        slices = change.Cache;
    }

    private void Leave(ObjectName service, ObjectName slice)
    {
        var rest = slicesOf[service].Remove(slice);
        if (rest.IsEmpty)
            slicesOf.Remove(service);
        else
            slicesOf[service] = rest;
    }

    private List<ProviderEvent> Translate(HashSet<ObjectName> names)
    {
        var changes = new List<ProviderEvent>();
        var fresh = publications.ToBuilder();
        foreach (var name in names)
        {
            var known = fresh.GetValueOrDefault(name);
            var service = services.Find(name);
            var now = translation.Translate(service, SlicesOf(name), nodes, known);
            if (now is null && known is null)
                continue;
            Put(fresh, service?.Name ?? name, now); // one text for the Service and for what came of it
            if (now?.Definition is { } definition && definition != known?.Definition)
                changes.Add(new ProviderEvent.Published(definition));
            else if (now?.Definition is null && known?.Definition is not null)
                changes.Add(new ProviderEvent.Withdrawn(name.ToString()));
        }
        publications = fresh.ToImmutable();
        return changes;
    }

    private void Put(ImmutableDictionary<ObjectName, Publication>.Builder fresh, ObjectName name, Publication? now)
    {
        if (now is null)
            fresh.Remove(name);
        else
            fresh[name] = now;
        if (now?.Rejection is { } rejection)
            refused[rejection.Subject] = rejection;
        else
            refused.Remove($"Service {name}");
    }
}
