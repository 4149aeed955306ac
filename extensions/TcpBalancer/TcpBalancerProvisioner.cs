using System.Net;
using Interlook.Collections;
using Interlook.Extensions.TcpBalancer.Loop;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer;

/// <summary><c>lb.embedded</c>: a TCP load balancer in this process, a listener for each service.</summary>
internal sealed partial class TcpBalancerProvisioner(TcpBalancerOptions options, ExtensionContext context) : IProvisioner, IConditionSource, IDisposable
{
    /// <summary>What connections get to end by themselves when Interlook stops; the engine waits not much longer for an extension.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLook = TimeSpan.FromMilliseconds(20);

    private readonly ILogger logger = context.Loggers.CreateLogger("Interlook." + context.Name);
    private readonly ConditionChanges changes = new();
    private readonly Dictionary<ServiceKey, BalancedService> services = [];
    private readonly Dictionary<IPEndPoint, ServiceKey> claims = [];

    /// <summary>Guards services and claims.</summary>
    private readonly Lock gate = new();
    private BalancerParts? parts;
    private BalancerInstruments? instruments;

    public Task StartAsync(CancellationToken stopping)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new ExtensionException(
                Reason.Invalid, "lb.embedded needs Linux: it uses epoll; take lb.haproxy or another load balancer on this system");
        }
        if (context.IsReadOnly)
            return Task.CompletedTask; // there is nothing outside to look at, and the addresses belong to the Interlook that runs
        var loops = new RelayLoops(options, context.Time, logger);
        parts = new BalancerParts(options, loops, changes, context.Time, context.Random, logger);
        instruments = new BalancerInstruments(context.Name, Snapshot);
        Log.Started(logger, options.HttpPort, options.HttpsPort, loops.MostConnections);
        return Task.CompletedTask;
    }

    public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask; // there is no outside system

    public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        foreach (var (key, definition) in applied)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                Deploy(key, definition);
            }
            catch (ExtensionException failure)
            {
                Log.NotResumed(logger, key.Path, failure.Message);
            }
        }
        return Task.CompletedTask;
    }

    public Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        Deploy(key, desired);
        return Task.FromResult(desired);
    }

    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        BalancedService? service;
        lock (gate)
            services.Remove(key, out service);
        var endpoint = service?.Endpoint;
        service?.Dispose();
        Release(endpoint, kept: null);
        return Task.CompletedTask;
    }

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        if (context.IsReadOnly)
            return Task.FromResult(Observation.InPlace);
        lock (gate)
        {
            var drifts = applied
                .OrderBy(service => service.Key.Path, StringComparer.Ordinal)
                .Select(service => Difference(service.Value, services.GetValueOrDefault(service.Key)) is { } difference ? new Drift(service.Key, difference) : null)
                .OfType<Drift>();
            var orphans = services.Values
                .Where(service => !applied.ContainsKey(service.Key))
                .Select(service => new Orphan($"listener on {service.Endpoint}", service.Key));
            return Task.FromResult(new Observation([.. drifts], [.. orphans]));
        }
    }

    public ServiceCondition? Find(ServiceKey key)
    {
        lock (gate)
            return services.GetValueOrDefault(key)?.Condition;
    }

    public IAsyncEnumerable<ServiceKey> WatchAsync(CancellationToken stopping) => changes.ReadAsync(stopping);

    public async Task StopAsync(CancellationToken stopping)
    {
        if (parts is not { } running)
            return;
        parts = null;
        foreach (var service in Snapshot())
            service.Dispose();
        lock (gate)
        {
            services.Clear();
            claims.Clear();
        }
        var begun = context.Time.GetTimestamp();
        while (running.Loops.Open > 0 && !stopping.IsCancellationRequested && context.Time.GetElapsedTime(begun) < StopGrace)
            await Task.Delay(StopLook, context.Time, CancellationToken.None);
        await running.Loops.StopAsync();
        Dispose();
    }

    public void Dispose() => instruments?.Dispose();

    private void Deploy(ServiceKey key, ServiceDefinition desired)
    {
        var endpoint = EndpointOf(key, desired);
        BalancedService service;
        lock (gate)
        {
            if (claims.TryGetValue(endpoint, out var holder) && holder != key)
                throw BindFailure.Taken(key, endpoint, holder);
            service = services.GetValueOrDefault(key) ?? new BalancedService(key, parts ?? throw Stopped(key));
            claims[endpoint] = key;
        }
        var former = service.Endpoint;
        try
        {
            service.Apply(desired, endpoint);
            lock (gate)
                services[key] = service;
        }
        finally
        {
            Release(endpoint, service.Endpoint);
            Release(former, service.Endpoint);
        }
    }

    /// <summary>Gives back what a service claimed, unless it listens there.</summary>
    private void Release(IPEndPoint? claimed, IPEndPoint? kept)
    {
        if (claimed is null || claimed.Equals(kept))
            return;
        lock (gate)
            claims.Remove(claimed);
    }

    private IPEndPoint EndpointOf(ServiceKey key, ServiceDefinition definition) => definition.PublicIp switch
    {
        null => throw new ExtensionException(
            Reason.Invalid, $"service {key} has no public address to listen on: put an address step (ipam.*) before lb.embedded, or give it one at its platform"),
        var address => new IPEndPoint(address, definition.Tls ? options.HttpsPort : options.HttpPort),
    };

    private string? Difference(ServiceDefinition definition, BalancedService? service)
    {
        if (service?.Endpoint is not { } endpoint)
            return "it has no listener";
        var wanted = definition.PublicIp is null ? null : new IPEndPoint(definition.PublicIp, definition.Tls ? options.HttpsPort : options.HttpPort);
        if (!endpoint.Equals(wanted))
            return $"it listens on {endpoint}";
        return service.Applied!.Targets == definition.Targets ? null : "its targets are not those that were acknowledged";
    }

    private List<BalancedService> Snapshot()
    {
        lock (gate)
            return [.. services.Values];
    }

    private static ExtensionException Stopped(ServiceKey key) =>
        new(Reason.Unavailable, $"lb.embedded has stopped and takes no service {key}: start Interlook again");
}
