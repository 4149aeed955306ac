using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>
/// From Docker's event to the key in etcd, and from a container's end to its key gone, through the engine with durable entries. The floors are
/// the same with raw clients: event, inspect, one put; event, one delete. Somebody else's watch of etcd tells the time of both. Containers of ours
/// and of the floor start and end in turn, so that a noisy moment hits both.
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
        using var watch = new EtcdWatch(site.ConnectToEtcd());
        var (written, gone) = (new Comparison(), new Comparison());
        var running = Stopwatch.StartNew();
        foreach (var i in names.TakeWhile(_ => running.Elapsed < Longest))
        {
            var (least, leastGone) = await OnceAsync($"raw-{i}");
            var (took, tookGone) = await OnceAsync($"ours-{i}");
            if (i < WarmUp)
                continue;
            written.Add(least, took);
            gone.Add(leastGone, tookGone);
        }
        return [.. Show("start to the key in etcd", written), .. Show("end to the key gone", gone)];

        async Task<(double Written, double Gone)> OnceAsync(string name)
        {
            Containers.Start(daemon, name);
            var there = await Within(watch.WrittenAsync(name), stopping);
            await Within(starts.TookAsync(name), stopping);
            Containers.Kill(daemon, name);
            var left = await Within(watch.GoneAsync(name), stopping);
            await Within(ends.TookAsync(name), stopping);
            return ((there - starts.Made(name)) / 1e6, (left - ends.Made(name)) / 1e6);
        }
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
