using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Process;

/// <summary>Restart with 10,000 deployed services: how many calls it makes, and how long until everything stands; beside a start with one.</summary>
internal sealed class Restart : IBenchmark
{
    private const int Services = 10_000;

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    public string Name => "restart";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var (_, least) = await MeasureAsync(1, TimeSpan.Zero, stopping);
        var (calls, took) = await MeasureAsync(Services, Watched, stopping);
        return
        [
            new Figure($"calls of provisioners after a restart with {Services:N0} services", calls, "calls", "= 0", calls.Equals(0)),
            new Figure("from its start until all are deployed and in step", took, "s", "", null, least),
        ];
    }

    private static async Task<(double Calls, double Seconds)> MeasureAsync(int services, TimeSpan watched, CancellationToken stopping)
    {
        using var folder = new TemporaryFolder();
        var files = new ManyFiles(folder);
        files.Write(services);
        await using (var first = await files.StartAsync())
            await first.UntilDeployedAsync(services);
        var watch = Stopwatch.StartNew();
        await using var second = await files.StartAsync();
        await second.UntilDeployedAsync(services);
        var took = watch.Elapsed.TotalSeconds;
        await Task.Delay(watched, TimeProvider.System, stopping); // the safety net and a few looks at the files
        return (await second.CallsAsync(), took);
    }
}
