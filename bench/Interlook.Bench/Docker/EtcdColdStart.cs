using Interlook.Bench.Process;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>
/// 100 containers run when the executable starts: from its first request for a list to the last key in etcd, as somebody else's watch of etcd
/// sees it; a new process each time. The floor asks for the list, inspects each container and puts each key with one connection, one after the
/// other.
/// </summary>
internal sealed class EtcdColdStart : IBenchmark
{
    private const int Count = 100;
    private const int Rounds = 5;
    private const double Allowed = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "docker-etcd-cold-start";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var (floor, ours) = (new List<double>(), new List<double>());
        await using var docker = await DockerEngine.StartAsync();
        var names = Enumerable.Range(0, Count).Select(i => $"cold-{i}").ToArray();
        Containers.Create(docker, names, Containers.Published);
        using (var daemon = Containers.Connect(docker))
        {
            foreach (var name in names)
                Containers.Start(daemon, name);
        }
        for (var round = 0; round < Rounds; round++)
        {
            await using var etcd = new EtcdServer();
            await etcd.StartAsync();
            floor.Add(Least(docker, etcd, names));
            ours.Add(await OursAsync(docker, etcd, names, stopping));
        }
        var (median, worst) = (new Percentiles(ours)[50], ours.Max());
        return
        [
            new Figure($"first list to the last of {Count} keys, median of {Rounds} processes", median, "ms", $"<= {Allowed} ms", median <= Allowed, new Percentiles(floor)[50]),
            new Figure("the slowest of them", worst, "ms", $"<= {Allowed} ms", worst <= Allowed, floor.Max()),
        ];
    }

    private static async Task<double> OursAsync(DockerEngine docker, EtcdServer etcd, string[] names, CancellationToken stopping)
    {
        using var folder = new TemporaryFolder();
        using var relay = new ListRelay(new Uri(docker.Endpoint).AbsolutePath);
        using var watch = new EtcdWatch(EtcdSite.Connect(etcd));
        await using var interlook = await InterlookProcess.StartAsync(folder.Path, "provider.docker,dns.skydns", $"""
            provider:
              docker:
                endpoint: {relay.Endpoint}
                targetNetwork: bridge
            dns:
              skydns:
                endpoints: [{etcd.Url}]
                hostname: bench
            """);
        var begun = await relay.Asked.WaitAsync(Patience, TimeProvider.System, stopping);
        var written = await Task.WhenAll(names.Select(watch.WrittenAsync)).WaitAsync(Patience, TimeProvider.System, stopping);
        return (written.Max() - begun) / 1e6;
    }

    private static double Least(DockerEngine docker, EtcdServer server, IEnumerable<string> names)
    {
        using var daemon = Containers.Connect(docker);
        using var etcd = EtcdSite.Connect(server);
        var begun = RawReader.Now;
        daemon.Ask("GET", "/containers/json");
        foreach (var name in names)
        {
            daemon.Ask("GET", $"/containers/{name}/json");
            EtcdSite.Put(etcd, name);
        }
        return (RawReader.Now - begun) / 1e6;
    }
}
