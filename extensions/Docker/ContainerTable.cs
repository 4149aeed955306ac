using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>
/// The containers that matter, and the services they make. Changed by one watch at a time; <see cref="Find"/>,
/// <see cref="ContainersOf"/> and <see cref="IsUnread"/> may be called from any thread.
/// </summary>
/// <param name="provider">The provider's name.</param>
/// <param name="doubted">Containers that failed a watch before its first snapshot; shared by all watches of the provider.</param>
internal sealed class ContainerTable(string provider, HashSet<string> doubted)
{
    private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceRow> services = new(StringComparer.Ordinal);
    private readonly HashSet<string> silent = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private EquatableArray<ServiceDefinition>? all;
    private EquatableArray<Rejection>? rejections;

    /// <summary>The containers that are known.</summary>
    internal IReadOnlyCollection<string> Ids => rows.Keys;

    /// <summary>False while there is a container that could not be read and never was before: what it asks for is not known.</summary>
    internal bool IsComplete => rows.Values.All(row => !row.IsUnknown);

    internal bool Knows(string id) => rows.ContainsKey(id);

    /// <summary>True when a listing says of a container what it said when it was inspected.</summary>
    internal bool IsUnchanged(string id, string fingerprint) => rows.TryGetValue(id, out var row) && row.Fingerprint == fingerprint;

    /// <summary>The service as it is published now.</summary>
    internal ServiceDefinition? Find(string service)
    {
        lock (gate)
            return services.GetValueOrDefault(service)?.Definition;
    }

    /// <summary>True for a container whose part of a service gets no traffic: it is stopping, has ended, or cannot be reached.</summary>
    internal bool IsWithoutTarget(string id, string service)
    {
        lock (gate)
            return rows.TryGetValue(id, out var row) && row.Parts.Any(part => part.Service == service && part.Targets.Count == 0);
    }

    /// <summary>The containers of a service as it is published now.</summary>
    internal string[] ContainersOf(string service)
    {
        lock (gate)
            return services.TryGetValue(service, out var row) ? [.. row.Parts.Keys.Select(key => key.Id).Distinct(StringComparer.Ordinal)] : [];
    }

    /// <summary>True for a container of which nothing is known yet.</summary>
    internal bool IsUnread(string id)
    {
        lock (gate)
            return !rows.ContainsKey(id) && !silent.Contains(id);
    }

    /// <summary>Notes that a container could not be read before the first snapshot.</summary>
    /// <returns>False when that was so in an earlier watch too.</returns>
    internal bool TryDoubt(string id) => doubted.Add(id);

    /// <summary>True for a container that was read and asks for nothing: what it was created with never changes.</summary>
    internal bool IsSilent(string id) => silent.Contains(id);

    /// <summary>Notes that a container asks for nothing.</summary>
    internal void SetSilent(string id)
    {
        lock (gate)
            silent.Add(id);
    }

    /// <summary>Forgets the silent containers that a listing leaves out: they may have gone for good.</summary>
    internal void KeepSilent(IReadOnlySet<string> listed)
    {
        lock (gate)
            silent.IntersectWith(listed);
    }

    /// <summary>
    /// A table for the next watch. It knows the same containers with what they last meant, and of each one it has to be told anew: none is
    /// unchanged until it was inspected again.
    /// </summary>
    internal ContainerTable ForNextWatch()
    {
        var next = new ContainerTable(provider, doubted);
        var unsaid = new List<ProviderEvent>(); // the next watch begins with a snapshot
        foreach (var (id, row) in rows)
            next.Replace(id, null, row with { Fingerprint = null }, unsaid);
        next.silent.UnionWith(silent);
        return next;
    }

    /// <summary>Every published service.</summary>
    internal EquatableArray<ServiceDefinition> Services() => all ??= services.Values.Select(service => service.Definition!).ToEquatableArray();

    /// <summary>Everything that asks for publication and cannot have it, in the order of its subject.</summary>
    internal EquatableArray<Rejection> Rejections() => rejections ??= rows.Values.SelectMany(row => row.Rejections)
        .Concat(services.Values.SelectMany(service => service.Conflicts))
        .OrderBy(rejection => rejection.Subject, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>Takes what a container means now.</summary>
    /// <param name="id">The container.</param>
    /// <param name="reading">What it means.</param>
    /// <param name="fingerprint">What the listing said of it; null has it inspected again at the next resync.</param>
    /// <param name="changes">Gets what changed in the services.</param>
    internal void Set(string id, ContainerReading reading, string? fingerprint, List<ProviderEvent> changes)
    {
        doubted.Remove(id);
        var before = rows.GetValueOrDefault(id);
        var after = reading.IsNothing
            ? null
            : new Row([.. reading.Parts, .. Refused(before, reading)], [.. reading.Refusals.Select(refusal => refusal.Rejection)], fingerprint);
        Replace(id, before, after, changes);
    }

    /// <summary>A container has ended: its services go on without it until it is looked at again.</summary>
    internal void SetEnded(string id, List<ProviderEvent> changes)
    {
        if (rows.GetValueOrDefault(id) is not { } before)
            return;
        Replace(id, before, before with { Parts = [.. before.Parts.Select(part => part with { Targets = [] })], Fingerprint = null }, changes);
    }

    /// <summary>Reports that a container could not be read; what was known of it stays.</summary>
    internal void SetUnread(string id, Rejection rejection, List<ProviderEvent> changes)
    {
        var before = rows.GetValueOrDefault(id);
        Replace(id, before, new Row(before?.Parts ?? [], [rejection], null, IsUnknown: before is null or { IsUnknown: true }), changes);
    }

    /// <summary>It runs and was published: its services stay, without this target, until it ends or can be reached again.</summary>
    private static IEnumerable<ServicePart> Refused(Row? before, ContainerReading reading) =>
        before is null || reading.Refusals.Count == 0
            ? []
            : before.Parts
                .Where(part => reading.Refusals.Any(refusal => refusal.Ask == part.Ask) && reading.Parts.All(read => read.Ask != part.Ask))
                .Select(part => part with { Targets = [] });

    private void Replace(string id, Row? before, Row? after, List<ProviderEvent> changes)
    {
        var (old, now) = (before?.Parts ?? [], after?.Parts ?? []);
        lock (gate)
        {
            if (after is null)
                rows.Remove(id);
            else
                rows[id] = after;
        }
        if ((before?.Rejections ?? []) != (after?.Rejections ?? []))
            rejections = null;
        if (old == now)
            return;
        lock (gate)
        {
            foreach (var part in old)
                services[part.Service].Parts.Remove((id, part.Ask));
            foreach (var part in now)
                Service(part.Service).Parts[(id, part.Ask)] = part;
        }
        foreach (var name in old.Concat(now).Select(part => part.Service).Distinct(StringComparer.Ordinal))
            Assemble(name, changes);
    }

    private ServiceRow Service(string name)
    {
        if (!services.TryGetValue(name, out var row))
            services[name] = row = new ServiceRow();
        return row;
    }

    private void Assemble(string name, List<ProviderEvent> changes)
    {
        var row = services[name];
        var conflicts = new List<Rejection>();
        var definition = row.Parts.Count == 0 ? null : ServiceAssembly.Assemble(provider, row.Parts.Values, conflicts);
        if (conflicts.Count + row.Conflicts.Count > 0)
            rejections = null;
        row.Conflicts = conflicts;
        if (Equals(definition, row.Definition))
            return;
        all = null;
        lock (gate)
        {
            row.Definition = definition;
            if (definition is null)
                services.Remove(name);
        }
        changes.Add(definition is null ? new ProviderEvent.Withdrawn(name) : new ProviderEvent.Published(definition));
    }

    private sealed record Row(EquatableArray<ServicePart> Parts, EquatableArray<Rejection> Rejections, string? Fingerprint, bool IsUnknown = false);

    private sealed class ServiceRow
    {
        internal Dictionary<(string Id, string Ask), ServicePart> Parts { get; } = [];

        internal List<Rejection> Conflicts { get; set; } = [];

        internal ServiceDefinition? Definition { get; set; }
    }
}
