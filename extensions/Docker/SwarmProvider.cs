using Interlook.Providers;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

/// <summary>Publishes the labelled services of one swarm, read from one of its managers.</summary>
internal sealed partial class SwarmProvider : IProvider
{
    private readonly SwarmOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly DockerClient client;
    private readonly SwarmReader reader;

    internal SwarmProvider(SwarmOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger(context.Name);
        client = new DockerClient(options, context.Time);
        reader = new SwarmReader(context.Name, client, options.LabelSelector);
    }

    public async Task StartAsync(CancellationToken stopping)
    {
        var version = await client.NegotiateAsync(stopping);
        await reader.CheckAsync(stopping);
        Log.Connected(logger, options.Called(context.Name), options.Endpoint.Text, version.ToString());
    }

    public async Task CheckAsync(CancellationToken stopping)
    {
        await client.NegotiateAsync(stopping);
        await reader.CheckAsync(stopping);
    }

    public IAsyncEnumerable<ProviderEvent> WatchAsync(CancellationToken stopping) =>
        new SwarmWatch(reader, client, options, context.Time).RunAsync(stopping);

    public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
    {
        var reading = await reader.ReadOneAsync(name, stopping);
        foreach (var service in reading.Services)
        {
            if (service.Name == name)
                return service;
        }
        return null;
    }

    public Task StopAsync(CancellationToken stopping)
    {
        client.Close();
        return Task.CompletedTask;
    }
}
