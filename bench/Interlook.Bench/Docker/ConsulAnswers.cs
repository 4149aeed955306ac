using System.Diagnostics;
using System.Net;
using Interlook.Bench.Engine;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Extensions.Consul;
using Interlook.Extensions.Docker;
using Interlook.Extensions.Ipalloc;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Docker;

/// <summary>
/// From Docker's event to Consul's answer, through the engine with durable entries and leases. The floor is the same with raw clients:
/// event, inspect, one registration. Containers of ours and of the floor start in turn, so that a noisy moment hits both and neither
/// waits for the other's commit in Consul.
/// </summary>
internal sealed class ConsulAnswers : IBenchmark
{
    private const int WarmUp = 40;
    private const int Samples = 200;
    private const double AllowedUsually = 2;
    private const double AllowedAtWorst = 5;
    private const string Address = "ipam.ipalloc";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(110);

    public string Name => "docker-consul";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var consul = new ConsulAgent();
        await consul.StartAsync();
        await using var docker = await DockerEngine.StartAsync();
        using var folder = new TemporaryFolder();
        var dns = new TimedProvisioner(BenchExtensions.Create<IProvisioner>(
            ExtensionCatalog.Empty.AddConsul(), ConsulExtensions.Dns, ("url", consul.Url.ToString()), ("domain", "example.org")));
        await using var store = BenchStore.Open(folder.File("entries.db"));
        await using var engine = new WorkflowEngine(new EngineOptions(), new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, DockerExtensions.Docker, [Address, ConsulExtensions.Dns])],
            Providers = new Dictionary<string, IProvider> { [DockerExtensions.Docker] = DefinitionTimes.CreateProvider(docker) },
            Provisioners = new Dictionary<string, IProvisioner>
            {
                [Address] = BenchExtensions.Create<IProvisioner>(
                    ExtensionCatalog.Empty.AddIpalloc(), Address, ("network_cidr", "10.0.0.0/16"), ("db_file", folder.File("leases.db"))),
                [ConsulExtensions.Dns] = dns,
            },
            Store = store,
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = NullLoggerFactory.Instance,
        });
        await engine.StartAsync(stopping);
        await Eventually.TrueAsync("the engine is ready", () => engine.IsReady);
        try
        {
            return await MeasureAsync(docker, consul, dns, stopping);
        }
        finally
        {
            await engine.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(
        DockerEngine docker, ConsulAgent consul, TimedProvisioner dns, CancellationToken stopping)
    {
        var names = Enumerable.Range(0, WarmUp + Samples).ToArray();
        Containers.Create(docker, names.Select(i => $"ours-{i}"), Containers.Published);
        Containers.Create(docker, names.Select(i => $"raw-{i}"), _ => "{}");
        using var catalog = new RawHttp(new IPEndPoint(IPAddress.Loopback, consul.Url.Port));
        using var raw = new RawReader(docker.SocketPath, name => Register(catalog, name));
        using var daemon = Containers.Connect(docker);
        var (floor, ours) = (new List<double>(), new List<double>());
        var watch = Stopwatch.StartNew();
        foreach (var i in names)
        {
            if (watch.Elapsed > Longest)
                break;
            Containers.Start(daemon, $"raw-{i}");
            var least = await raw.TookAsync($"raw-{i}").WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
            Containers.Start(daemon, $"ours-{i}");
            var deployed = await dns.DeployedAsync($"ours-{i}").WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
            await raw.TookAsync($"ours-{i}").WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
            if (i == names[0])
                await RequireAnswerAsync(consul, $"ours-{i}");
            if (i < WarmUp)
                continue;
            floor.Add(least);
            ours.Add((deployed - raw.Made($"ours-{i}")) / 1e6);
        }
        var (under, over) = (new Percentiles(floor), new Percentiles(ours));
        return
        [
            new Figure("Docker event to raw registration in Consul, p50", under[50], "ms"),
            new Figure("Docker event to raw registration in Consul, p99", under[99], "ms"),
            new Figure(
                $"Docker event to Consul's answer, p50 of {ours.Count} starts", over[50], "ms", $"<= floor + {AllowedUsually} ms",
                over[50] <= under[50] + AllowedUsually, under[50]),
            new Figure(
                $"Docker event to Consul's answer, p99 of {ours.Count} starts", over[99], "ms", $"<= floor + {AllowedAtWorst} ms",
                over[99] <= under[99] + AllowedAtWorst, under[99]),
        ];
    }

    /// <summary>What the raw client registers; a container of ours is left to us.</summary>
    private static void Register(RawHttp catalog, string name)
    {
        if (!name.StartsWith("raw-", StringComparison.Ordinal))
            return;
        catalog.Ask("PUT", "/v1/catalog/register", $$$"""
            {"Node":"raw","Address":"192.0.2.2","Service":{"ID":"{{{name}}}","Service":"{{{name}}}","Address":"10.1.0.1","Port":80},"Check":{"Node":"raw","CheckID":"{{{name}}}","ServiceID":"{{{name}}}","Name":"raw","Status":"passing"}}
            """);
    }

    private static async Task RequireAnswerAsync(ConsulAgent consul, string name)
    {
        if (await consul.ResolveAsync($"{name}.service.consul") is not ["10.0.0.1"])
            throw new InvalidOperationException($"{name} was acknowledged and Consul's DNS does not answer it with 10.0.0.1");
    }
}
