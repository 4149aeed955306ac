using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>200 container starts, 16 at a time: all must be registered. The floor is when a raw reader has inspected them all.</summary>
internal sealed class ContainerBurst : IBenchmark
{
    private const int Starts = 200;
    private const int AtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "docker-burst";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var engine = await DockerEngine.StartAsync();
        var names = Enumerable.Range(0, Starts).Select(i => $"burst-{i}").ToArray();
        Containers.Create(engine, names, Containers.Published);
        using var raw = new RawReader(engine.SocketPath);
        await using var provider = await DefinitionTimes.StartAsync(engine, stopping);
        var begun = RawReader.Now;
        await Parallel.ForEachAsync(names.Chunk((Starts + AtOnce - 1) / AtOnce), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, (mine, _) =>
        {
            using var daemon = Containers.Connect(engine);
            foreach (var name in mine)
                Containers.Start(daemon, name);
            return ValueTask.CompletedTask;
        });
        var watch = Stopwatch.StartNew();
        while ((provider.Count < Starts || raw.Count < Starts) && watch.Elapsed < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, stopping);
        var (least, last) = (0.0, 0.0);
        foreach (var name in names)
        {
            if (raw.TookAsync(name) is { IsCompletedSuccessfully: true } took)
                least = Math.Max(least, (raw.Made(name) - begun) / 1e9 + await took / 1e3);
            if (provider.SeenAsync(name) is { IsCompletedSuccessfully: true } seen)
                last = Math.Max(last, (await seen - begun) / 1e9);
        }
        return
        [
            new Figure($"{Starts} container starts, {AtOnce} at a time: registered", provider.Count, "services", $"= {Starts}", provider.Count == Starts, raw.Count),
            new Figure("until the last of them is registered", last, "s", "", null, least),
        ];
    }
}
