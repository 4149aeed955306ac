using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>200 container starts, 16 at a time, five times: each must have its key in etcd, and none when all have ended.</summary>
internal sealed class EtcdBurst : IBenchmark
{
    private const int Starts = 200;
    private const int AtOnce = 16;
    private const int Rounds = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "docker-etcd-burst";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var docker = await DockerEngine.StartAsync();
        await using var site = await EtcdSite.StartAsync(docker);
        await site.StartEngineAsync(stopping);
        var (registered, left) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var names = Enumerable.Range(0, Starts).Select(i => $"burst-{round}-{i}").ToArray();
            Containers.Create(site.Docker, names, Containers.Published);
            await EachAsync(site, names, Containers.Start, stopping);
            registered += await SettleAsync(site, names, Starts, stopping);
            await EachAsync(site, names, Containers.Kill, stopping);
            left += await SettleAsync(site, names, 0, stopping);
        }
        const int All = Rounds * Starts;
        return
        [
            new Figure($"{Rounds} times {Starts} container starts, {AtOnce} at a time: keys in etcd", registered, "keys", $"= {All}", registered == All),
            new Figure("keys left after their ends", left, "keys", "= 0", left == 0),
        ];
    }

    private static async Task EachAsync(EtcdSite site, string[] names, Action<RawHttp, string> action, CancellationToken stopping) =>
        await Parallel.ForEachAsync(
            names.Chunk((Starts + AtOnce - 1) / AtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping },
            (mine, _) =>
            {
                using var daemon = Containers.Connect(site.Docker);
                foreach (var name in mine)
                    action(daemon, name);
                return ValueTask.CompletedTask;
            });

    private static async Task<int> SettleAsync(EtcdSite site, string[] names, int expected, CancellationToken stopping)
    {
        var watch = Stopwatch.StartNew();
        int found;
        while ((found = await site.CountAsync(names)) != expected && watch.Elapsed < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stopping);
        return found;
    }
}
