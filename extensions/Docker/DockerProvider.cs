using System.Runtime.CompilerServices;
using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

/// <summary>Publishes the containers of one Docker daemon that ask for it, by labels or by a variable.</summary>
internal sealed partial class DockerProvider : IProvider
{
    private readonly DockerOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly DockerClient client;
    private readonly PublicHostSearch search;
    private volatile ContainerTable table;
    private volatile PublicHost host = PublicHost.None;

    internal DockerProvider(DockerOptions options, ExtensionContext context, PublicHostSources? sources = null)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger(context.Name);
        client = new DockerClient(options, context.Time);
        search = new PublicHostSearch(options, sources ?? PublicHostSources.System, context.Time);
        table = new ContainerTable(context.Name, new(StringComparer.Ordinal));
    }

    public async Task StartAsync(CancellationToken stopping)
    {
        if (options.FindsByEnvironment)
        {
            host = await search.FindAsync(logger, stopping);
            Log.HostFound(logger, options.Called(context.Name), host.Address, host.Origin);
        }
        var version = await client.NegotiateAsync(stopping);
        await ContainerRequests.ListAsync(client, options, stopping); // also proves the right to list
        Log.Connected(logger, options.Called(context.Name), options.Endpoint.Text, version.ToString());
    }

    public Task CheckAsync(CancellationToken stopping) => client.NegotiateAsync(stopping);

    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        // A daemon that has just started lists nothing while it loads its containers: those known before are looked at one by one.
        var fresh = table.ForNextWatch();
        await foreach (var happened in new DockerWatch(client, options, fresh, host, context.Time).RunAsync(stopping))
        {
            if (happened is ProviderEvent.Snapshot)
                table = fresh; // from the first snapshot on it knows everything
            yield return happened;
        }
    }

    public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
    {
        var translation = new DockerTranslation(options, host);
        var parts = new List<ServicePart>();
        var refused = false;
        var ids = new HashSet<string>(table.ContainersOf(name), StringComparer.Ordinal); // a listing may leave out what runs
        ids.UnionWith((await ContainerRequests.ListAsync(client, options, stopping)).Where(container => MayBelong(container, name)).Select(container => container.Id));
        foreach (var id in ids)
        {
            if (await client.InspectContainerAsync(id, stopping) is not { } inspect)
                continue;
            var followed = DockerTranslation.FollowedContainer(inspect) is { } other ? await client.InspectContainerAsync(other, stopping) : null;
            var reading = translation.Read(inspect, followed);
            refused |= reading.Refusals.Count > 0;
            parts.AddRange(reading.Parts.Where(part => part.Service == name).Select(part => table.IsWithoutTarget(id, name) ? part with { Targets = [] } : part));
        }
        if (parts.Count > 0)
            return ServiceAssembly.Assemble(context.Name, parts, []);
        // Its containers run and cannot be reached now: the service stays, without targets, as the watch has it.
        return refused ? table.Find(name) : null;
    }

    public Task StopAsync(CancellationToken stopping)
    {
        client.Close();
        return Task.CompletedTask;
    }

    /// <summary>What labels say stands in the listing; for its environment a container must have been read.</summary>
    private bool MayBelong(ContainerSummary container, string service)
    {
        if (options.FindsByEnvironment && table.IsUnread(container.Id))
            return true;
        if (!options.FindsByLabels || !options.LabelSelector.Matches(container.Labels))
            return false;
        var name = DockerTranslation.PlainName(container.Names is [var first, ..] ? first : null, container.Id);
        return DockerTranslation.ServiceNameOf(container.Labels!, PublicationLabels.ServiceOf(container.Labels!), name) == service;
    }
}
