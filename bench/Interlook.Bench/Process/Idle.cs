using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Bench.Process;

/// <summary>CPU of the executable with 10,000 deployed services and nothing to do, every interval at its default; beside one with one service.</summary>
internal sealed class Idle : IBenchmark
{
    private const int Services = 10_000;
    private const double Goal = 1;

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        using var few = new TemporaryFolder();
        using var many = new TemporaryFolder();
        await using var floor = await StartAsync(few, 1);
        await using var full = await StartAsync(many, Services);
        await Task.Delay(SettleTime, TimeProvider.System, stopping);
        var watch = Stopwatch.StartNew();
        var (least, used) = (floor.CpuTime, full.CpuTime);
        await Task.Delay(Window, TimeProvider.System, stopping);
        var elapsed = watch.Elapsed;
        (least, used) = (floor.CpuTime - least, full.CpuTime - used);
        var (under, over) = (100 * (least / elapsed), 100 * (used / elapsed));
        return
        [
            new Figure("idle with 1 service", under, "% of a core"),
            new Figure($"idle with {Services:N0} services", over, "% of a core", $"< {Goal} %", over < Goal, under),
            new Figure($"resident memory with {Services:N0} services", full.ResidentMegabytes, "MB", "", null, floor.ResidentMegabytes),
        ];
    }

    private static async Task<InterlookProcess> StartAsync(TemporaryFolder folder, int services)
    {
        var files = new ManyFiles(folder);
        files.Write(services);
        var process = await files.StartAsync();
        await process.UntilDeployedAsync(services);
        return process;
    }
}
