using Interlook.Bench.Docker;
using Interlook.Bench.Engine;
using Interlook.Engine;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Extensions.Ipalloc;
using Interlook.Extensions.Kubernetes;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Kubernetes;

/// <summary>Interlook in this process at an API server: <c>provider.kubernetes,ipam.ipalloc,status.kubernetes</c>, leases and entries durable.</summary>
internal sealed class ClusterSite : IAsyncDisposable
{
    private const string Address = "ipam.ipalloc";

    private readonly TemporaryFolder folder = new();
    private readonly IRecordStore<Entry> entries;
    private readonly IRecordStore<EntryHistory> histories;
    private readonly WorkflowEngine engine;

    private ClusterSite(ApiPlace place, (string Key, string Text)[] settings)
    {
        entries = BenchStore.Open(folder.File("entries.db"));
        histories = BenchStore.OpenHistories(folder.File("entries.db"));
        var (catalog, shared) = (ExtensionCatalog.Empty.AddKubernetes().AddIpalloc(), new SharedParts());
        engine = new WorkflowEngine(new EngineOptions(), new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, KubernetesExtensions.Provider, [Address, KubernetesExtensions.Status])],
            Providers = new Dictionary<string, IProvider>
            {
                [KubernetesExtensions.Provider] = BenchExtensions.Create<IProvider>(
                    catalog, shared, KubernetesExtensions.Provider, [.. Connection(place), .. settings]),
            },
            Provisioners = new Dictionary<string, IProvisioner>
            {
                [Address] = BenchExtensions.Create<IProvisioner>(catalog, Address, ("network_cidr", "10.0.0.0/16"), ("db_file", folder.File("leases.db"))),
                [KubernetesExtensions.Status] = BenchExtensions.Create<IProvisioner>(catalog, shared, KubernetesExtensions.Status),
            },
            Store = entries,
            Histories = histories,
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = NullLoggerFactory.Instance,
        });
    }

    /// <summary>Starts it and waits for its first snapshot.</summary>
    /// <param name="place">Where the cluster is.</param>
    /// <param name="settings">More settings of the provider.</param>
    public static async Task<ClusterSite> StartAsync(ApiPlace place, params (string Key, string Text)[] settings)
    {
        var site = new ClusterSite(place, settings);
        await site.engine.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("the engine is ready", () => site.engine.IsReady);
        return site;
    }

    /// <summary>How the provider is told where the server is. It is older than classes of load balancers: those without one are ours.</summary>
    public static (string Key, string Text)[] Connection(ApiPlace place) =>
        [("kubeconfig", place.Server.AdminKubeconfig), ("loadBalancerClass", "none"), ("hostTemplate", "{name}.{namespace}.example.org")];

    /// <summary>Waits until so many are deployed, and nothing is under way.</summary>
    public Task UntilDeployedAsync(int services) => Eventually.TrueAsync(
        $"{services} services are deployed",
        () => engine.Entries() is var all && all.Length == services && all.All(entry => entry is { State: Entry.Deployed, CloseTime: not null }),
        TimeSpan.FromSeconds(90));

    public async ValueTask DisposeAsync()
    {
        await engine.StopAsync(CancellationToken.None);
        await engine.DisposeAsync();
        await entries.DisposeAsync();
        await histories.DisposeAsync();
        folder.Dispose();
    }
}
