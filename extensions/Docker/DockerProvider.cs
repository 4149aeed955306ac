using System.Runtime.CompilerServices;
using Interlook.Providers;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

/// <summary>Publishes the labelled containers of one Docker daemon.</summary>
internal sealed partial class DockerProvider : IProvider
{
    private readonly DockerOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly DockerClient client;
    private volatile ContainerTable table;

    internal DockerProvider(DockerOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger(context.Name);
        client = new DockerClient(options, context.Time);
        table = new ContainerTable(context.Name);
    }

    public async Task StartAsync(CancellationToken stopping)
    {
        var version = await client.NegotiateAsync(stopping);
        await DockerWatch.ListLabelledAsync(client, options.LabelSelector, stopping); // also proves the right to list
        Log.Connected(logger, options.Called(context.Name), options.Endpoint.Text, version.ToString());
    }

    public Task CheckAsync(CancellationToken stopping) => client.NegotiateAsync(stopping);

    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        // A daemon that has just started lists nothing while it loads its containers: those known before are looked at one by one.
        var fresh = table.ForNextWatch();
        await foreach (var happened in new DockerWatch(client, options, fresh, context.Time).RunAsync(stopping))
        {
            if (happened is ProviderEvent.Snapshot)
                table = fresh; // from the first snapshot on it knows everything
            yield return happened;
        }
    }

    public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
    {
        var translation = new DockerTranslation(options);
        var parts = new List<ServicePart>();
        var refused = false;
        var ids = new HashSet<string>(table.ContainersOf(name), StringComparer.Ordinal); // a listing may leave out what runs
        foreach (var container in await DockerWatch.ListLabelledAsync(client, options.LabelSelector, stopping))
        {
            var containerName = DockerTranslation.PlainName(container.Names is [var first, ..] ? first : null, container.Id);
            var labelled = PublicationLabels.ServiceOf(container.Labels!);
            if (DockerTranslation.ServiceNameOf(container.Labels!, labelled, containerName) == name)
                ids.Add(container.Id);
        }
        foreach (var id in ids)
        {
            if (await client.InspectContainerAsync(id, stopping) is not { } inspect)
                continue;
            var followed = DockerTranslation.FollowedContainer(inspect) is { } other ? await client.InspectContainerAsync(other, stopping) : null;
            var reading = translation.Read(inspect, followed);
            refused |= reading is ContainerReading.Rejected;
            if (reading is ContainerReading.Publishes publishes && publishes.Part.Service == name)
                parts.Add(publishes.Part);
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
}
