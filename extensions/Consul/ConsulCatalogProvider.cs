using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Interlook.Providers;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Consul;

/// <summary>Publishes the services of one Consul datacenter that ask for it in their tags or meta.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of the connections.")]
internal sealed partial class ConsulCatalogProvider : IProvider
{
    private readonly ConsulCatalogOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly CatalogTranslation translation;
    private volatile CatalogTable table;
    private CatalogReader? reader;

    internal ConsulCatalogProvider(ConsulCatalogOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger<ConsulCatalogProvider>();
        translation = new(options);
        table = new(context.Name, ImmutableDictionary<string, ServiceReading>.Empty);
    }

    private CatalogReader Reader => reader ?? throw new InvalidOperationException("provider.consul is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        reader = new(options, context.Time);
        var services = await reader.ReadServicesAsync(0, TimeSpan.Zero, stopping);
        Log.Connected(logger, context.Name, options.Url, services.Value!.Count);
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Reader.ProbeAsync(stopping);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var fresh = new CatalogTable(context.Name, table.Readings);
        await foreach (var happened in new CatalogWatch(Reader, translation, options, fresh, context).RunAsync(stopping))
        {
            if (happened is ProviderEvent.Snapshot)
                table = fresh; // from the first snapshot on it knows everything
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping)
    {
        var known = table.Readings;
        var candidates = translation.Candidates((await Reader.ReadServicesAsync(0, TimeSpan.Zero, stopping)).Value!);
        var parts = new List<InstancePart>();
        foreach (var service in candidates.Keys.Where(service => MayGive(service, name, known)))
        {
            var answer = await Reader.ReadInstancesAsync(service, all: true, 0, TimeSpan.Zero, stopping);
            var reading = translation.Read(service, answer.Value!, known.GetValueOrDefault(service) ?? ServiceReading.Nothing);
            if (reading.IsEmpty)
            {
                throw new ExtensionException(
                    Reason.Unavailable,
                    $"Consul at {options.Url}: service '{service}' is listed and no instance of it is shown; if that stays so, give `token` node:read for all");
            }
            parts.AddRange(reading.Parts.Where(part => part.Service == name));
        }
        return parts.Count == 0 ? null : InstanceAssembly.Assemble(context.Name, parts, []);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken stopping)
    {
        reader?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>What the last watch has not read may give anything; of the rest only what gave to that name, and its namesake.</summary>
    private static bool MayGive(string service, string name, ImmutableDictionary<string, ServiceReading> known) =>
        service == name
        || known.GetValueOrDefault(service) is not { } reading || reading.Parts.Any(part => part.Service == name);
}
