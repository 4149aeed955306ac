using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>
/// What one watch knows: the last reading of each service of the catalog, and the published services that come of them. One writer, the
/// watch; <see cref="Readings"/> may be read by anybody.
/// </summary>
/// <param name="provider">The name that definitions bear.</param>
/// <param name="before">What the watch before this one knew: not lost where this one cannot read.</param>
internal sealed class CatalogTable(string provider, ImmutableDictionary<string, ServiceReading> before)
{
    private readonly Dictionary<string, SortedSet<string>> sources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ServiceDefinition> published = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<Rejection>> conflicts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string?> doubts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, EquatableArray<Rejection>> unusable = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, ServiceReading> earlier = before;
    private volatile ImmutableDictionary<string, ServiceReading> readings = ImmutableDictionary.Create<string, ServiceReading>(StringComparer.Ordinal);

    /// <summary>The last reading of each service of the catalog that was read.</summary>
    internal ImmutableDictionary<string, ServiceReading> Readings => readings;

    /// <summary>All that is published, by name. Not complete while a service could not be read and never was.</summary>
    internal ProviderEvent.Snapshot Snapshot() =>
        new(published.Values.ToEquatableArray(), doubts.Keys.All(service => readings.ContainsKey(service)));

    /// <summary>All that cannot be published.</summary>
    internal EquatableArray<Rejection> Rejections() =>
    [
        .. unusable.Values.SelectMany(some => some),
        .. conflicts.Values.SelectMany(some => some),
        .. doubts.Where(doubt => doubt.Value is not null).Select(doubt => new Rejection($"service {PublicationLabels.Shown(doubt.Key)}", doubt.Value!)),
    ];

    /// <summary>The last reading of a service, of the watch before if need be.</summary>
    internal ServiceReading Last(string service) =>
        readings.GetValueOrDefault(service) ?? earlier.GetValueOrDefault(service) ?? ServiceReading.Nothing;

    /// <summary>Every service was looked at once: what the watch before knew beyond that has gone, and must not come back.</summary>
    internal void ForgetEarlier() => earlier = earlier.Clear();

    /// <summary>Takes a reading.</summary>
    /// <param name="service">The service's name in Consul.</param>
    /// <param name="reading">What it gave.</param>
    /// <param name="all">True when every instance was asked for: a service that Consul lists then has one.</param>
    /// <returns>What changed by it.</returns>
    internal List<ProviderEvent> Set(string service, ServiceReading reading, bool all)
    {
        if (reading.IsEmpty && (all || Last(service).Asks))
        {
            // It has just gone, and the list will say so; or our token may not see its nodes, and then nothing is known.
            doubts.TryAdd(service, null);
            return Last(service).Asks ? Put(service, Last(service)) : [];
        }
        doubts.Remove(service);
        return Put(service, reading);
    }

    /// <summary>Notes that a service cannot be read; what was known of it stays.</summary>
    /// <returns>What changed by it.</returns>
    internal List<ProviderEvent> Refuse(string service, string problem)
    {
        doubts[service] = problem;
        return Last(service).Asks ? Put(service, Last(service)) : [];
    }

    /// <summary>Takes the list of services: what it does not name has gone, and what it names exists.</summary>
    /// <returns>What changed by it.</returns>
    internal List<ProviderEvent> Keep(IReadOnlySet<string> listed)
    {
        var changes = new List<ProviderEvent>();
        foreach (var service in doubts.Keys.Where(service => !listed.Contains(service)).ToList())
            doubts.Remove(service);
        foreach (var service in readings.Keys.Where(service => !listed.Contains(service)).ToList())
        {
            changes.AddRange(Put(service, ServiceReading.Nothing));
            readings = readings.Remove(service);
        }
        foreach (var service in doubts.Where(doubt => doubt.Value is null).Select(doubt => doubt.Key).ToList())
            doubts[service] = "Consul lists it and shows no instance of it: give `token` node:read for all";
        return changes;
    }

    private List<ProviderEvent> Put(string service, ServiceReading reading)
    {
        var last = readings.GetValueOrDefault(service) ?? ServiceReading.Nothing;
        readings = readings.SetItem(service, reading);
        if (reading.Rejections.Count > 0)
            unusable[service] = reading.Rejections;
        else
            unusable.Remove(service);
        if (last.Parts == reading.Parts)
            return [];
        var changes = new List<ProviderEvent>();
        var now = reading.Parts.Select(part => part.Service).ToHashSet(StringComparer.Ordinal);
        foreach (var name in last.Parts.Select(part => part.Service).Union(now, StringComparer.Ordinal))
        {
            if (now.Contains(name))
                SourcesOf(name).Add(service);
            else
                SourcesOf(name).Remove(service);
            if (Assemble(name) is { } change)
                changes.Add(change);
        }
        return changes;
    }

    private SortedSet<string> SourcesOf(string name) =>
        sources.TryGetValue(name, out var found) ? found : sources[name] = new(StringComparer.Ordinal);

    private ProviderEvent? Assemble(string name)
    {
        conflicts.Remove(name);
        var parts = sources[name].SelectMany(service => readings[service].Parts).Where(part => part.Service == name).ToList();
        if (parts.Count == 0)
        {
            sources.Remove(name);
            return published.Remove(name) ? new ProviderEvent.Withdrawn(name) : null;
        }
        var rejections = new List<Rejection>();
        var definition = InstanceAssembly.Assemble(provider, parts, rejections);
        if (rejections.Count > 0)
            conflicts[name] = rejections;
        if (published.TryGetValue(name, out var known) && known == definition)
            return null;
        published[name] = definition;
        return new ProviderEvent.Published(definition);
    }
}
