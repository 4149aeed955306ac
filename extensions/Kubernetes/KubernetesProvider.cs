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
    private readonly KubernetesOptions options;
    private readonly Func<(ICluster Cluster, IAsyncDisposable Hold)> open;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly ServiceTranslation translation;
    private volatile PublicationTable table;
    private ClusterReading? reading;
    private IAsyncDisposable? hold;

    /// <param name="options">What is published.</param>
    /// <param name="open">Opens the cluster, and says what is to be let go of at the end. Called at the start.</param>
    /// <param name="context">Clock and logger.</param>
    internal KubernetesProvider(KubernetesOptions options, Func<(ICluster Cluster, IAsyncDisposable Hold)> open, ExtensionContext context)
    {
        this.options = options;
        this.open = open;
        this.context = context;
        logger = context.Loggers.CreateLogger(context.Name);
        translation = new(context.Name, options.Rules);
        table = new(translation, ImmutableDictionary<ObjectName, Publication>.Empty);
    }

    private ClusterReading Reading => reading ?? throw new InvalidOperationException($"{context.Name} is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        if (reading is null)
        {
            (var cluster, hold) = open();
            reading = new(cluster, translation.NeedsNodes);
        }
        await reading.WaitAsync(context.Time, stopping);
        Log.Connected(logger, context.Name, reading.Server, reading.Services.Latest!.Objects.Count);
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Reading.CheckAsync(stopping);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var fresh = new PublicationTable(translation, table.Publications);
        await foreach (var happened in new KubernetesWatch(Reading, fresh, options.ResyncInterval, context.Time).RunAsync(stopping))
        {
            if (happened is ProviderEvent.Snapshot)
                table = fresh; // from the first snapshot on it knows everything
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
    {
        if (!ObjectName.TryParse(name, out var service) || !IsWatched(service) || await Reading.Services.ReadAsync(service, stopping) is not { } found)
            return null;
        await Reading.WaitAsync(context.Time, stopping);
        if (options.LabelSelector.Count > 0 && Reading.Services.Latest!.Find(service) is null)
            return null; // it is there and was not selected: the server selects lists, and not what is read by name
        var nodes = new NodeTable();
        if (Reading.Nodes is { } informer)
            nodes.Take(new(informer.Latest!, null));
        var slices = Reading.Slices.Latest!.Objects.Values.Where(slice => SliceReading.ServiceOf(slice) == service);
        var publication = translation.Translate(found, slices, nodes, table.Publications.GetValueOrDefault(service));
        return publication is { Definition: null, Rejection: { } rejection }
            ? throw new ExtensionException(Reason.Invalid, $"{rejection.Subject} of {Reading.Server}: {rejection.Problem}")
            : publication?.Definition;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken stopping)
    {
        if (hold is not null)
            await hold.DisposeAsync();
    }

    private bool IsWatched(ObjectName service) => options.Namespaces.Count == 0 || options.Namespaces.Contains(service.Namespace, StringComparer.Ordinal);
}
