using System.Diagnostics;
using Interlook.Collections;
using Interlook.Providers;

namespace Interlook.Bench.Engine;

/// <summary>100,000 services through three no-op provisioners, without a store.</summary>
internal sealed class ColdStart : IBenchmark
{
    private const int Services = 100_000;
    private const double Goal = 200_000;
    private const double MemoryGoal = 2048;

    public string Name => "cold-start";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await MeasureAsync(5_000, stopping);
        var (rate, memory) = await MeasureAsync(Services, stopping);
        return
        [
            new Figure("cold start of 100,000 services, no store", rate, "step calls/s", $">= {Goal:N0}", rate >= Goal),
            new Figure("memory of one service above an idle engine", memory, "bytes", $"<= {MemoryGoal:N0}", memory <= MemoryGoal),
        ];
    }

    private static async Task<(double Rate, double Memory)> MeasureAsync(int services, CancellationToken stopping)
    {
        await using var bench = new BenchEngine(store: null);
        await bench.StartAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var snapshot = new ProviderEvent.Snapshot(Enumerable.Range(0, services).Select(i => BenchEngine.Definition(i)).ToEquatableArray());
        var watch = Stopwatch.StartNew();
        bench.Provider.Say(snapshot);
        while (bench.Steps[^1].Calls < services)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stopping);
        var took = watch.Elapsed;
        while (bench.Engine.Entries().Any(entry => entry.CloseTime is null))
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stopping);
        snapshot = null;
        var memory = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / services;
        return (3 * services / took.TotalSeconds, memory);
    }
}
