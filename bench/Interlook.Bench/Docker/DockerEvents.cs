using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>
/// From Docker's event to the definition out of provider.docker. The floor is a raw reader of the same events that inspects the same
/// containers at the same time; for the second half it opens its stream after the provider's, so that each half favours another.
/// </summary>
internal sealed class DockerEvents : IBenchmark
{
    private const int WarmUp = 20;
    private const int Samples = 200;
    private const double Allowed = 2;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(80);

    public string Name => "docker-event";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var engine = await DockerEngine.StartAsync();
        var names = Enumerable.Range(0, WarmUp + Samples).Select(i => $"bench-{i}").ToArray();
        Containers.Create(engine, names, Containers.Published);
        var (floor, ours) = (new List<double>(), new List<double>());
        var watch = Stopwatch.StartNew();
        using (var raw = new RawReader(engine.SocketPath))
        {
            await using var provider = await DefinitionTimes.StartAsync(engine, stopping);
            await MeasureAsync(engine, names[..WarmUp], raw, provider, [], [], watch, stopping);
            await MeasureAsync(engine, names[WarmUp..(WarmUp + Samples / 2)], raw, provider, floor, ours, watch, stopping);
        }
        await using (var provider = await DefinitionTimes.StartAsync(engine, stopping))
        {
            using var raw = new RawReader(engine.SocketPath);
            await MeasureAsync(engine, names[(WarmUp + Samples / 2)..], raw, provider, floor, ours, watch, stopping);
        }
        var (under, over) = (new Percentiles(floor), new Percentiles(ours));
        var added = new Percentiles(ours.Zip(floor, (mine, least) => mine - least));
        return
        [
            new Figure("Docker event to raw inspect, p50", under[50], "ms"),
            new Figure("Docker event to raw inspect, p99", under[99], "ms"),
            new Figure($"Docker event to definition, p50 of {ours.Count} starts", over[50], "ms", "", null, under[50]),
            new Figure($"Docker event to definition, p99 of {ours.Count} starts", over[99], "ms", $"<= floor + {Allowed} ms", over[99] <= under[99] + Allowed, under[99]),
            new Figure("the same, added to the raw reader start by start, p99", added[99], "ms"),
        ];
    }

    private static async Task MeasureAsync(
        DockerEngine engine, string[] names, RawReader raw, DefinitionTimes provider, List<double> floor, List<double> ours, Stopwatch watch,
        CancellationToken stopping)
    {
        using var daemon = Containers.Connect(engine);
        foreach (var name in names)
        {
            if (watch.Elapsed > Longest)
                return;
            Containers.Start(daemon, name);
            var least = await raw.TookAsync(name).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
            var seen = await provider.SeenAsync(name).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
            floor.Add(least);
            ours.Add((seen - raw.Made(name)) / 1e6);
        }
    }
}
