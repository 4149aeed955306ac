using System.Diagnostics;
using Interlook.Bench.Docker;
using Interlook.Bench.Engine;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Extensions.Kubernetes;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// From a Service's creation to the engine's first call for it. The floor is a bare reader of a watch of the same Services at the same time: the
/// moment at which it has the line.
/// </summary>
internal sealed class ServiceEvents : IBenchmark
{
    private const int WarmUp = 60;
    private const int Samples = 600;
    private const double Allowed = 2;
    private const string Space = "bench";
    private const string Step = "ipam.noop";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "kubernetes-events";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var place = await ApiPlace.StartAsync();
        await place.Server.CreateNamespaceAsync(Space);
        using var client = place.Connect();
        for (var i = 0; i < WarmUp + Samples; i++)
            ApiPlace.CreateSlice(client, Space, $"service-{i}", i);
        var step = new TimedProvisioner(new NoOpProvisioner(leases: true));
        await using var engine = Engine(place, step);
        await engine.StartAsync(stopping);
        await Eventually.TrueAsync("the engine is ready", () => engine.IsReady);
        using var raw = await place.WatchAsync();
        var (floor, ours) = (new List<double>(), new List<double>());
        var running = Stopwatch.StartNew();
        for (var i = 0; i < WarmUp + Samples && running.Elapsed < Longest; i++)
        {
            var begun = RawReader.Now;
            ApiPlace.CreateService(client, Space, $"service-{i}");
            var least = await raw.AddedAsync($"service-{i}").WaitAsync(Patience, TimeProvider.System, stopping);
            var called = await step.DeployedAsync($"{Space}/service-{i}").WaitAsync(Patience, TimeProvider.System, stopping);
            if (i < WarmUp)
                continue;
            floor.Add((least - begun) / 1e6);
            ours.Add((called - begun) / 1e6);
        }
        await engine.StopAsync(CancellationToken.None);
        var (under, over) = (new Percentiles(floor), new Percentiles(ours));
        var added = new Percentiles(ours.Zip(floor, (mine, least) => mine - least));
        return
        [
            new Figure($"Service created to the engine's first call, p50 of {ours.Count}", over[50], "ms", "", null, under[50]),
            new Figure(
                $"Service created to the engine's first call, p99 of {ours.Count}", over[99], "ms", $"<= floor + {Allowed} ms", over[99] <= under[99] + Allowed,
                under[99]),
            new Figure("the same, added to the bare reader Service by Service, p50", added[50], "ms"),
            new Figure("the same, added to the bare reader Service by Service, p99", added[99], "ms"),
        ];
    }

    private static WorkflowEngine Engine(ApiPlace place, IProvisioner step) => new(new EngineOptions(), new EngineParts
    {
        Workflows = [new Workflow(ServiceKey.DefaultWorkflow, KubernetesExtensions.Provider, [Step])],
        Providers = new Dictionary<string, IProvider>
        {
            [KubernetesExtensions.Provider] = BenchExtensions.Create<IProvider>(
                ExtensionCatalog.Empty.AddKubernetes(), KubernetesExtensions.Provider, ClusterSite.Connection(place)),
        },
        Provisioners = new Dictionary<string, IProvisioner> { [Step] = step },
        Time = TimeProvider.System,
        Random = Random.Shared,
        Loggers = NullLoggerFactory.Instance,
    });
}
