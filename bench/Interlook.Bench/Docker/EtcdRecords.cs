using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>
/// From Docker's event to the key in etcd, and from a container's end to its key gone, through the engine with durable entries. The floors are
/// the same with raw clients: event, inspect, one put; event, one delete. Containers of ours and of the floor start and end in turn, so
/// that a noisy moment hits both.
/// </summary>
internal sealed class EtcdRecords : IBenchmark
{
    private const int WarmUp = 40;
    private const int Samples = 200;
    private const double AllowedUsually = 1.5;
    private const double AllowedAtWorst = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "docker-etcd";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var docker = await DockerEngine.StartAsync();
        await using var site = await EtcdSite.StartAsync(docker);
        await site.StartEngineAsync(stopping);
        var names = Enumerable.Range(0, WarmUp + Samples).ToArray();
        Containers.Create(site.Docker, names.Select(i => $"ours-{i}"), Containers.Published);
        Containers.Create(site.Docker, names.Select(i => $"raw-{i}"), _ => "{}");
        using var writing = site.ConnectToEtcd();
        using var removing = site.ConnectToEtcd();
        using var starts = new RawReader(site.Docker.SocketPath, name => OfTheFloor(name, () => EtcdSite.Put(writing, name)));
        using var ends = new RawReader(site.Docker.SocketPath, name => OfTheFloor(name, () => EtcdSite.Delete(removing, name)), isOfEnds: true);
        using var daemon = Containers.Connect(site.Docker);
        var (written, gone) = (new Comparison(), new Comparison());
        var watch = Stopwatch.StartNew();
        foreach (var i in names.TakeWhile(_ => watch.Elapsed < Longest))
        {
            Containers.Start(daemon, $"raw-{i}");
            var leastWritten = await Within(starts.TookAsync($"raw-{i}"), stopping);
            Containers.Start(daemon, $"ours-{i}");
            var deployed = await Within(site.Records.DeployedAsync($"ours-{i}"), stopping);
            await Within(starts.TookAsync($"ours-{i}"), stopping);
            Containers.Kill(daemon, $"raw-{i}");
            var leastGone = await Within(ends.TookAsync($"raw-{i}"), stopping);
            Containers.Kill(daemon, $"ours-{i}");
            var undeployed = await Within(site.Records.UndeployedAsync($"ours-{i}"), stopping);
            await Within(ends.TookAsync($"ours-{i}"), stopping);
            if (i < WarmUp)
                continue;
            written.Add(leastWritten, (deployed - starts.Made($"ours-{i}")) / 1e6);
            gone.Add(leastGone, (undeployed - ends.Made($"ours-{i}")) / 1e6);
        }
        return [.. Show("start to the key in etcd", written), .. Show("end to the key gone", gone)];
    }

    private static void OfTheFloor(string name, Action then)
    {
        if (name.StartsWith("raw-", StringComparison.Ordinal))
            then();
    }

    private static Task<T> Within<T>(Task<T> awaited, CancellationToken stopping) => awaited.WaitAsync(Patience, TimeProvider.System, stopping);

    private static IEnumerable<Figure> Show(string what, Comparison times)
    {
        var (under, over) = (new Percentiles(times.Floor), new Percentiles(times.Ours));
        foreach (var (percentile, allowed) in new[] { (50, AllowedUsually), (99, AllowedAtWorst) })
        {
            yield return new Figure(
                $"container's {what}, p{percentile} of {times.Ours.Count}", over[percentile], "ms", $"<= floor + {allowed} ms",
                over[percentile] <= under[percentile] + allowed, under[percentile]);
        }
    }

    /// <summary>Milliseconds of the floor and of ours, measured in turn.</summary>
    private sealed class Comparison
    {
        public List<double> Floor { get; } = [];

        public List<double> Ours { get; } = [];

        public void Add(double floor, double ours)
        {
            Floor.Add(floor);
            Ours.Add(ours);
        }
    }
}
