using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Interlook.Batching;
using Interlook.Collections;
using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;
using Interlook.Extensions.EmbeddedDns.Serving;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>
/// Publishes the names of services in a DNS server of its own, which answers with authority for its zones. What is published lives in memory; after
/// a restart the engine hands it back (<see cref="ResumeAsync"/>) before the first query is answered.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of the sockets.")]
internal sealed partial class EmbeddedDnsProvisioner : IProvisioner
{
    private readonly EmbeddedDnsOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly EmbeddedDnsTranslation translation;
    private readonly Responder responder;
    private readonly QueryCounts counts = new();
    private readonly GroupCommit<(ServiceKey Key, Publication? Wanted), bool> changes;

    /// <summary>Guards the table, which commits change and observations read.</summary>
    private readonly Lock gate = new();

    private PublicationTable? table;
    private Listeners? listeners;
    private Forwarder? forwarder;
    private Meter? meter;

    internal EmbeddedDnsProvisioner(EmbeddedDnsOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger<EmbeddedDnsProvisioner>();
        translation = new(options.Zones);
        responder = new(options.Forward.Count > 0) { Ttl = (uint)options.Ttl.TotalSeconds };
        changes = new(CommitAsync);
    }

    private PublicationTable Table => table ?? throw new InvalidOperationException("dns.embedded is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        table = new(new ZoneLayout(options), options);
        if (context.IsReadOnly)
            return; // there is nothing outside to look at, and the address belongs to the Interlook that runs
        Show();
        forwarder = options.Forward.Count > 0 ? new(options.Forward, responder, context.Time) : null;
        listeners = await Listeners.OpenAsync(options.Listen, responder, forwarder, counts, context.Time, stopping);
        meter = new("Interlook");
        meter.CreateObservableCounter("interlook.dns.queries", () => counts.Measure(context.Name), "{query}", "Queries answered, by code and transport.");
        Log.Started(logger, string.Join(", ", options.Zones), string.Join(", ", listeners.Endpoints));
    }

    /// <inheritdoc/>
    public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        lock (gate)
        {
            foreach (var (key, definition) in applied.OrderBy(service => service.Key.Path, StringComparer.Ordinal))
            {
                try
                {
                    if (translation.Publish(key, definition) is { } publication)
                        Table.Put(key, publication);
                }
                catch (ExtensionException problem)
                {
                    Log.NotResumed(logger, problem.Message);
                }
            }
            Show();
        }
        return ServeAsync();
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => ServeAsync();

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var wanted = translation.Publish(key, desired);
        await ServeAsync();
        await changes.CommitAsync((key, wanted), stopping);
        return desired;
    }

    /// <inheritdoc/>
    public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        await ServeAsync();
        await changes.CommitAsync((key, null), stopping);
    }

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        if (context.IsReadOnly)
            return Observation.InPlace;
        await ServeAsync();
        lock (gate)
        {
            var held = Table.Held;
            var drifts = applied
                .Select(service => (service.Key, Difference: Difference(service.Key, service.Value, held.GetValueOrDefault(service.Key))))
                .Where(service => service.Difference is not null)
                .Select(service => new Drift(service.Key, service.Difference!));
            var orphans = held
                .Where(service => !applied.ContainsKey(service.Key))
                .Select(service => new Orphan($"records of {string.Join(", ", service.Value.Names)}", service.Key));
            return new(drifts.ToEquatableArray(), orphans.ToEquatableArray());
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken stopping)
    {
        meter?.Dispose();
        forwarder?.Dispose();
        if (listeners is not null)
            await listeners.DisposeAsync();
        listeners = null;
    }

    /// <summary>
    /// Begins to answer with the first call after the start, which is the one that hands over what was published before. Until then queries wait in
    /// their sockets: an answer from half of the names would be kept by others for as long as its TTL.
    /// </summary>
    private Task ServeAsync()
    {
        if (listeners is not { } open)
            throw new InvalidOperationException("dns.embedded is not started");
        lock (gate)
            open.Serve();
        return open.Fault is { } fault
            ? Task.FromException(new ExtensionException(
                Reason.Unavailable, $"dns.embedded no longer answers at one of {string.Join(", ", open.Endpoints)}: {fault.Message}; restart Interlook", innerException: fault))
            : Task.CompletedTask;
    }

    /// <summary>All changes that wait become one new snapshot.</summary>
    private Task CommitAsync(IReadOnlyList<PendingCommit<(ServiceKey Key, Publication? Wanted), bool>> batch)
    {
        var done = new List<PendingCommit<(ServiceKey Key, Publication? Wanted), bool>>(batch.Count);
        lock (gate)
        {
            var changed = false;
            foreach (var pending in batch)
            {
                try
                {
                    var (key, wanted) = pending.Request;
                    changed |= wanted is null ? Table.Remove(key) : Table.Put(key, wanted);
                    done.Add(pending);
                }
                catch (ExtensionException conflict)
                {
                    pending.Fail(conflict);
                }
            }
            if (changed)
                Show();
        }
        foreach (var pending in done)
            pending.Succeed(true);
        return Task.CompletedTask;
    }

    /// <summary>Answers come from the table as it is now.</summary>
    private void Show() =>
        responder.Snapshot = new NameSnapshot(Table.Tree, ZoneSerial.After(responder.Snapshot?.Serial ?? 0, context.Time.GetUtcNow()));

    private string? Difference(ServiceKey key, ServiceDefinition applied, Publication? held)
    {
        try
        {
            var wanted = translation.Publish(key, applied);
            return wanted == held ? null
                : held is null ? $"records of {string.Join(", ", wanted!.Names)} are missing"
                : $"records of {string.Join(", ", held.Names)} differ";
        }
        catch (ExtensionException problem)
        {
            return problem.Message;
        }
    }
}
