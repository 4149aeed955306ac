using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>
/// 100 containers run when Interlook starts: from just before its first list to the last key in etcd. The floor asks for the list,
/// inspects each container and puts each key with one connection, one after the other.
/// </summary>
internal sealed class EtcdColdStart : IBenchmark
{
    private const int Count = 100;
    private const int Rounds = 5;
    private const double Allowed = 100;

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
            await using var site = await EtcdSite.StartAsync(docker);
            floor.Add(Least(site, names));
            await site.StartEngineAsync(stopping);
            var last = 0L;
            foreach (var name in names)
                last = Math.Max(last, await site.Records.DeployedAsync(name).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping));
            ours.Add((last - site.Containers.Begun) / 1e6);
            if (await site.CountAsync(names) != Count)
                throw new InvalidOperationException($"not all of {Count} services have their key in etcd");
        }
        // The first round compiles the code; the others show what a start costs. Both are told.
        return
        [
            new Figure($"{Count} containers at the start to their keys in etcd, the first time", ours[0], "ms", "", null, floor[0]),
            new Figure(
                $"{Count} containers at the start to their keys in etcd, median of {Rounds - 1} more", new Percentiles(ours.Skip(1))[50], "ms",
                $"<= {Allowed} ms", new Percentiles(ours.Skip(1))[50] <= Allowed, new Percentiles(floor.Skip(1))[50]),
        ];
    }

    private static double Least(EtcdSite site, IEnumerable<string> names)
    {
        using var daemon = Containers.Connect(site.Docker);
        using var etcd = site.ConnectToEtcd();
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
