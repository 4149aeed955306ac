using System.Diagnostics.Metrics;
using System.Net;
using Interlook.Api;
using Interlook.Engine;
using Interlook.Engine.Telemetry;
using Interlook.Entries;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Dashboard.Tests;

/// <summary>The real engine and the real API on a loopback port, over a platform and steps that a test directs.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Provider = "provider.docker";
    private readonly Meter meter;
    private ApiServer api;
    private int addresses;

    private Site(EngineOptions options)
    {
        Address.Deploy = (desired, _) => Task.FromResult(desired with { PublicIp = NextAddress() });
        Engine = new WorkflowEngine(options, new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, Provider, ["ipam.ipalloc", "dns.interlook", "lb.haproxy"])],
            Providers = new Dictionary<string, IProvider> { [Provider] = Platform },
            Provisioners = new Dictionary<string, IProvisioner> { ["ipam.ipalloc"] = Address, ["dns.interlook"] = Names, ["lb.haproxy"] = Balancer },
            Time = TimeProvider.System,
            Random = new Random(1),
            Loggers = NullLoggerFactory.Instance,
        });
        meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = Engine });
        meter.CreateObservableGauge("interlook.pool.addresses", Pool);
        api = Server(0);
    }

    public ScriptedPlatform Platform { get; } = new();

    public ScriptedStep Address { get; } = new();

    public ScriptedStep Names { get; } = new();

    public ScriptedStep Balancer { get; } = new();

    public int PoolSize { get; set; } = 254;

    public WorkflowEngine Engine { get; }

    public Uri Url => new($"http://127.0.0.1:{api.EndPoint.Port}/");

    /// <summary>Starts with the services that the platform has; returns when each of them was deployed.</summary>
    public static async Task<Site> StartAsync(IEnumerable<ServiceDefinition>? services = null, EngineOptions? options = null)
    {
        var site = new Site(options ?? new EngineOptions());
        var published = services?.ToList() ?? [];
        site.Platform.Say(new ProviderEvent.Snapshot([.. published]));
        await site.Engine.StartAsync(TestContext.Current.CancellationToken);
        await site.api.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("every service is deployed", () =>
        {
            var entries = site.Engine.Entries();
            return entries.Length == published.Count && entries.All(entry => entry.State == Entry.Deployed);
        });
        return site;
    }

    public static ServiceDefinition Service(string name, params ReadOnlySpan<Target> targets) => new()
    {
        Name = name,
        Provider = Provider,
        Targets = targets.Length > 0 ? [.. targets] : [new Target("10.20.0.7", 8080)],
        DnsNames = [$"{name}.example.org"],
    };

    public static ServiceKey Key(string name) => new(ServiceKey.DefaultWorkflow, name);

    /// <summary>Stops the API, lets something happen, and starts it on the same port.</summary>
    public async Task RestartApiAsync(Func<Task> meanwhile)
    {
        var port = api.EndPoint.Port;
        await api.StopAsync(TestContext.Current.CancellationToken);
        await api.DisposeAsync();
        await meanwhile();
        api = Server(port);
        await api.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await api.StopAsync(CancellationToken.None);
        await api.DisposeAsync();
        await Engine.StopAsync(CancellationToken.None);
        await Engine.DisposeAsync();
        meter.Dispose();
    }

    private ApiServer Server(int port) => new(
        new ApiOptions { ListenAddress = IPAddress.Loopback, ListenPort = port, Version = "0.2.0" }, Engine, TimeProvider.System, NullLoggerFactory.Instance);

    private IPAddress NextAddress()
    {
        var next = Interlocked.Increment(ref addresses);
        return new IPAddress([198, 51, (byte)(100 + (next >> 8)), (byte)next]);
    }

    private IEnumerable<Measurement<long>> Pool()
    {
        yield return new Measurement<long>(addresses, Tags("used"));
        yield return new Measurement<long>(PoolSize, Tags("size"));

        static KeyValuePair<string, object?>[] Tags(string state) =>
            [new("extension", "ipam.ipalloc"), new("network", "198.51.100.0/24"), new("state", state)];
    }
}
