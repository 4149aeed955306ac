using System.Net;
using System.Text;
using Interlook.Bench.Engine;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Extensions.Docker;
using Interlook.Extensions.Etcd;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Docker;

/// <summary>A real Docker Engine, a real etcd, and Interlook between them: <c>provider.docker,dns.skydns</c> with durable entries.</summary>
internal sealed class EtcdSite : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DockerEngine docker;
    private readonly EtcdServer etcd;
    private WorkflowEngine? engine;
    private IAsyncDisposable? store;

    private EtcdSite(DockerEngine docker, EtcdServer etcd)
    {
        this.docker = docker;
        this.etcd = etcd;
        Containers = new TimedProvider(DefinitionTimes.CreateProvider(docker));
        Records = new TimedProvisioner(BenchExtensions.Create<IProvisioner>(
            ExtensionCatalog.Empty.AddEtcd(), EtcdExtensions.SkyDns, ("endpoints", etcd.Url.ToString()), ("hostname", "bench")));
    }

    public DockerEngine Docker => docker;

    /// <summary>provider.docker, and when it began.</summary>
    public TimedProvider Containers { get; }

    /// <summary>dns.skydns, and when it was done with each service.</summary>
    public TimedProvisioner Records { get; }

    /// <summary>Starts an etcd beside a Docker Engine, which stays its owner's; Interlook follows with <see cref="StartEngineAsync"/>.</summary>
    public static async Task<EtcdSite> StartAsync(DockerEngine docker)
    {
        var etcd = new EtcdServer();
        await etcd.StartAsync();
        return new EtcdSite(docker, etcd);
    }

    /// <summary>Starts Interlook and waits until it knows what runs.</summary>
    public async Task StartEngineAsync(CancellationToken stopping)
    {
        var entries = BenchStore.Open(folder.File("entries.db"));
        store = entries;
        engine = new WorkflowEngine(new EngineOptions(), new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, DockerExtensions.Docker, [EtcdExtensions.SkyDns])],
            Providers = new Dictionary<string, IProvider> { [DockerExtensions.Docker] = Containers },
            Provisioners = new Dictionary<string, IProvisioner> { [EtcdExtensions.SkyDns] = Records },
            Store = entries,
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = NullLoggerFactory.Instance,
        });
        await engine.StartAsync(stopping);
        await Eventually.TrueAsync("the engine is ready", () => engine.IsReady);
    }

    /// <summary>A connection of the floor's to etcd.</summary>
    public RawHttp ConnectToEtcd() => Connect(etcd);

    /// <summary>A connection of the floor's to an etcd.</summary>
    public static RawHttp Connect(EtcdServer etcd) => new(new IPEndPoint(IPAddress.Loopback, etcd.Url.Port));

    /// <summary>What the floor writes for a container: one record, nothing compared, no lease.</summary>
    public static void Put(RawHttp raw, string name) => raw.Ask("POST", "/v3/kv/put", $$"""
        {"key":"{{Encoded($"/skydns/raw/{name}/bench")}}","value":"{{Encoded("""{"host":"172.17.0.2","port":80,"priority":10,"weight":20,"ttl":60}""")}}"}
        """);

    /// <summary>Removes it.</summary>
    public static void Delete(RawHttp raw, string name) =>
        raw.Ask("POST", "/v3/kv/deleterange", $$"""{"key":"{{Encoded($"/skydns/raw/{name}/bench")}}"}""");

    /// <summary>How many of these services have their key in etcd.</summary>
    public async Task<int> CountAsync(IEnumerable<string> services)
    {
        var found = (await etcd.ReadAsync()).Select(record => record.Key.Split('/')).Where(key => key.Length > 2).Select(key => key[^2]).ToHashSet();
        return services.Count(found.Contains);
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
            await engine.StopAsync(CancellationToken.None);
        if (store is not null)
            await store.DisposeAsync();
        await etcd.DisposeAsync();
        folder.Dispose();
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
