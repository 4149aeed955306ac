using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>
/// The containers that matter, and the services they make. Changed by one watch at a time; <see cref="Find"/> and
/// <see cref="ContainersOf"/> may be called from any thread.
/// </summary>
internal sealed class ContainerTable(string provider)
{
    private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceRow> services = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private EquatableArray<ServiceDefinition>? all;
    private EquatableArray<Rejection>? rejections;

    /// <summary>The containers that are known.</summary>
    internal IReadOnlyCollection<string> Ids => rows.Keys;

    internal bool Knows(string id) => rows.ContainsKey(id);

    /// <summary>True when a listing says of a container what it said when it was inspected.</summary>
    internal bool IsUnchanged(string id, string fingerprint) => rows.TryGetValue(id, out var row) && row.Fingerprint == fingerprint;

    /// <summary>The service as it is published now.</summary>
    internal ServiceDefinition? Find(string service)
    {
        lock (gate)
            return services.GetValueOrDefault(service)?.Definition;
    }

    /// <summary>The containers of a service as it is published now.</summary>
    internal string[] ContainersOf(string service)
    {
        lock (gate)
            return services.TryGetValue(service, out var row) ? [.. row.Parts.Keys] : [];
    }

    /// <summary>
    /// A table for the next watch. It knows the same containers with what they last meant, and of each one it has to be told anew: none is
    /// unchanged until it was inspected again.
    /// </summary>
    internal ContainerTable ForNextWatch()
    {
        var next = new ContainerTable(provider);
        var unsaid = new List<ProviderEvent>(); // the next watch begins with a snapshot
        foreach (var (id, row) in rows)
            next.Replace(id, null, row with { Fingerprint = null }, unsaid);
        return next;
    }

    /// <summary>Every published service.</summary>
    internal EquatableArray<ServiceDefinition> Services() => all ??= services.Values.Select(service => service.Definition!).ToEquatableArray();

    /// <summary>Everything that asks for publication and cannot have it, in the order of its subject.</summary>
    internal EquatableArray<Rejection> Rejections() => rejections ??= rows.Values.Select(row => row.Rejection).OfType<Rejection>()
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
        var before = rows.GetValueOrDefault(id);
        var after = reading switch
        {
            ContainerReading.Publishes publishes => new Row(publishes.Part, null, fingerprint),
            // It runs and was published: the service stays, without this target, until it ends or can be reached again.
            ContainerReading.Rejected rejected => new Row(before?.Part is { } part ? part with { Targets = [] } : null, rejected.Rejection, fingerprint),
            _ => null,
        };
        Replace(id, before, after, changes);
    }

    /// <summary>Reports that a container could not be read; what was known of it stays.</summary>
    internal void SetUnread(string id, Rejection rejection, List<ProviderEvent> changes)
    {
        var before = rows.GetValueOrDefault(id);
        Replace(id, before, new Row(before?.Part, rejection, null), changes);
    }

    private void Replace(string id, Row? before, Row? after, List<ProviderEvent> changes)
    {
        if (after is null)
            rows.Remove(id);
        else
            rows[id] = after;
        if (before?.Rejection != after?.Rejection)
            rejections = null;
        if (before?.Part == after?.Part)
            return;
        lock (gate)
        {
            if (before?.Part is { } old)
                services[old.Service].Parts.Remove(id);
            if (after?.Part is { } part)
                Service(part.Service).Parts[id] = part;
        }
        foreach (var name in new[] { before?.Part?.Service, after?.Part?.Service }.OfType<string>().Distinct(StringComparer.Ordinal))
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

    private sealed record Row(ServicePart? Part, Rejection? Rejection, string? Fingerprint);

    private sealed class ServiceRow
    {
        internal Dictionary<string, ServicePart> Parts { get; } = new(StringComparer.Ordinal);

        internal List<Rejection> Conflicts { get; set; } = [];

        internal ServiceDefinition? Definition { get; set; }
    }
}
