using System.Diagnostics;
using Interlook.Bench.Docker;
using Interlook.Fixtures;
using Microsoft.Win32.SafeHandles;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// From a Service's creation to its status written, as somebody else's watch sees it, by the executable with durable leases and entries. The
/// floor, in turn with ours: a bare watch, one append and flush, one patch of the status by a bare client.
/// </summary>
internal sealed class ServiceStatus : IBenchmark
{
    private const int WarmUp = 100;
    private const int Samples = 4_000; // three in a hundred are late by what the server and etcd do besides; forty are beyond the p99
    private const int BytesOfEntry = 700;
    private const double Allowed = 1.3;
    private const string Space = "bench";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "kubernetes-status";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var place = await ApiPlace.StartAsync();
        await place.Server.CreateNamespaceAsync(Space);
        using var folder = new TemporaryFolder();
        using var lease = File.OpenHandle(folder.File("lease"), FileMode.CreateNew, FileAccess.Write);
        using var client = place.Connect();
        using var writing = place.Connect();
        for (var i = 0; i < WarmUp + Samples; i++)
        {
            foreach (var name in new[] { $"raw-{i}", $"ours-{i}" })
                ApiPlace.CreateSlice(client, Space, name, i);
        }
        using var data = new TemporaryFolder();
        await using var process = await DeployedServices.StartAsync(place, data, place.Server.Endpoint, more: $"namespaces: [{Space}]");
        await process.UntilDeployedAsync(0);
        long end = 0;
        using var raw = await place.WatchAsync(name =>
        {
            if (!name.StartsWith("raw-", StringComparison.Ordinal))
                return;
            Flush(lease, ref end);
            ApiPlace.WriteStatus(writing, Space, name);
        });
        using var eyes = await place.WatchAsync();
        var (floor, ours) = (new List<double>(), new List<double>());
        var running = Stopwatch.StartNew();
        for (var i = 0; i < WarmUp + Samples && running.Elapsed < Longest; i++)
        {
            // In turn, and each first as often, so that a noisy moment hits both.
            var (first, second) = i % 2 == 0 ? ("raw", "ours") : ("ours", "raw");
            var took = new Dictionary<string, double>
            {
                [first] = await OnceAsync(first, i),
                [second] = await OnceAsync(second, i),
            };
            if (i < WarmUp)
                continue;
            floor.Add(took["raw"]);
            ours.Add(took["ours"]);
        }
        var (under, over) = (new Percentiles(floor), new Percentiles(ours));
        return
        [
            new Figure($"Service created to its status written, p50 of {ours.Count}", over[50], "ms", "", null, under[50]),
            new Figure(
                $"Service created to its status written, p99 of {ours.Count}", over[99], "ms", $"<= floor x {Allowed}", over[99] <= under[99] * Allowed,
                under[99]),
        ];

        async Task<double> OnceAsync(string whose, int number)
        {
            var name = $"{whose}-{number}";
            var begun = RawReader.Now;
            ApiPlace.CreateService(client, Space, name, whose == "ours" ? "LoadBalancer" : "NodePort");
            var seen = await eyes.WrittenAsync(name).WaitAsync(Patience, TimeProvider.System, stopping);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, stopping); // the closing write, and the Event
            return (seen - begun) / 1e6;
        }
    }

    private static void Flush(SafeFileHandle file, ref long end)
    {
        Span<byte> bytes = stackalloc byte[BytesOfEntry];
        RandomAccess.Write(file, bytes, end);
        RandomAccess.FlushToDisk(file);
        end += bytes.Length;
    }
}
