using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Providers;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes;

/// <summary>Publishes the Services of one Kubernetes cluster that ask for it.</summary>
internal sealed partial class KubernetesProvider : IProvider
{
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly ServiceTranslation translation;
    private readonly TimeSpan resyncInterval;
    private readonly ICluster cluster;
    private readonly ClusterReading reading;
    private volatile PublicationTable table;

    internal KubernetesProvider(PublishingRules rules, TimeSpan resyncInterval, ICluster cluster, ExtensionContext context)
    {
        this.context = context;
        this.resyncInterval = resyncInterval;
        this.cluster = cluster;
        logger = context.Loggers.CreateLogger(context.Name);
        translation = new(context.Name, rules);
        reading = new(cluster, translation.NeedsNodes);
        table = new(translation, ImmutableDictionary<ObjectName, Publication>.Empty);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        await reading.WaitAsync(context.Time, stopping);
        Log.Connected(logger, context.Name, cluster.Server, reading.Services.Latest!.Objects.Count);
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping)
    {
        reading.ThrowIfUnreadable();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var fresh = new PublicationTable(translation, table.Publications);
        await foreach (var happened in new KubernetesWatch(reading, fresh, resyncInterval, context.Time).RunAsync(stopping))
        {
            if (happened is ProviderEvent.Snapshot)
                table = fresh; // from the first snapshot on it knows everything
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
    {
        if (!ObjectName.TryParse(name, out var service) || await reading.Services.ReadAsync(service, stopping) is not { } found)
            return null;
        await reading.WaitAsync(context.Time, stopping);
        var nodes = new NodeTable();
        if (reading.Nodes is { } informer)
            nodes.Take(new(informer.Latest!, null));
        var slices = reading.Slices.Latest!.Objects.Values.Where(slice => SliceReading.ServiceOf(slice) == service);
        var publication = translation.Translate(found, slices, nodes, table.Publications.GetValueOrDefault(service));
        return publication is { Definition: null, Rejection: { } rejection }
            ? throw new ExtensionException(Reason.Invalid, $"{rejection.Subject} of {cluster.Server}: {rejection.Problem}")
            : publication?.Definition;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;
}
