using System.Diagnostics;
using Interlook.Collections;
using Interlook.Fixtures;
using Interlook.Providers;

namespace Interlook.Bench.Engine;

/// <summary>100,000 services through three no-op provisioners, every intent and answer on disk before the next call.</summary>
internal sealed class DurableColdStart : IBenchmark
{
    private const int Services = 100_000;
    private const double Goal = 50_000;

    public string Name => "durable-cold-start";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await MeasureAsync(5_000, stopping);
        var (rate, bytes) = await MeasureAsync(Services, stopping);
        return
        [
            new Figure("cold start of 100,000 services, durable store", rate, "step calls/s", $">= {Goal:N0}", rate >= Goal),
            new Figure("journal and document after it", bytes / 1e6, "MB"),
        ];
    }

    private static async Task<(double Rate, double Bytes)> MeasureAsync(int services, CancellationToken stopping)
    {
        using var folder = new TemporaryFolder();
        await using var store = BenchStore.Open(folder.File("entries.db"));
        await using var histories = BenchStore.OpenHistories(folder.File("entries.db"));
        await using var bench = new BenchEngine(store, histories);
        await bench.StartAsync();
        var snapshot = new ProviderEvent.Snapshot(Enumerable.Range(0, services).Select(i => BenchEngine.Definition(i)).ToEquatableArray());
        var watch = Stopwatch.StartNew();
        bench.Provider.Say(snapshot);
        while (bench.Steps[^1].Calls < services)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stopping);
        var took = watch.Elapsed;
        return (3 * services / took.TotalSeconds, Directory.GetFiles(folder.Path).Sum(file => new FileInfo(file).Length));
    }
}
