using System.Diagnostics;
using Interlook.Fixtures;
using Interlook.Providers;

namespace Interlook.Bench.Engine;

/// <summary>From a provider's event to the end of the third step, with the durable store; the floor is the flushes that it needs.</summary>
internal sealed class EventLatency : IBenchmark
{
    private const int Samples = 2_000;
    private const int WarmUp = 1_000;
    private const int BytesOfEntry = 700;

    // Before each of three calls the intent is flushed.
    private const int Flushes = 3;

    public string Name => "event-latency";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        using var folder = new TemporaryFolder();
        await using var store = BenchStore.Open(folder.File("entries.db"));
        await using var histories = BenchStore.OpenHistories(folder.File("entries.db"));
        await using var bench = new BenchEngine(store, histories);
        await bench.StartAsync();
        bench.Provider.Say(new ProviderEvent.Snapshot([]));
        var floor = new List<double>();
        var engine = new List<double>();
        using var raw = File.OpenHandle(folder.File("raw"), FileMode.CreateNew, FileAccess.Write);
        long end = 0;
        for (var i = 0; i < WarmUp + Samples; i++)
        {
            // Floor and engine in turn, so that a noisy moment hits both.
            var flushes = TimeFlushes(raw, ref end);
            var took = await TimeEventAsync(bench, i, stopping);
            if (i < WarmUp)
                continue;
            floor.Add(flushes);
            engine.Add(took);
        }
        var (under, over) = (new Percentiles(floor), new Percentiles(engine));
        return
        [
            new Figure($"{Flushes} raw appends and flushes of an entry's bytes, p50", under[50], "ms"),
            new Figure($"{Flushes} raw appends and flushes of an entry's bytes, p99", under[99], "ms"),
            new Figure("event to third step, durable, p50", over[50], "ms", "", null, under[50]),
            new Figure("event to third step, durable, p99", over[99], "ms", "<= 1 ms + flushes' p99", over[99] <= 1 + under[99], under[99]),
        ];
    }

    private static double TimeFlushes(Microsoft.Win32.SafeHandles.SafeFileHandle raw, ref long end)
    {
        Span<byte> bytes = stackalloc byte[BytesOfEntry];
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Flushes; i++)
        {
            RandomAccess.Write(raw, bytes, end);
            RandomAccess.FlushToDisk(raw);
            end += bytes.Length;
        }
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> TimeEventAsync(BenchEngine bench, int number, CancellationToken stopping)
    {
        var ended = bench.Steps[^1].NextCallAsync();
        var definition = BenchEngine.Definition(number % 500, 1 + number / 500);
        var said = Stopwatch.GetTimestamp();
        bench.Provider.Say(new ProviderEvent.Published(definition));
        var called = await ended.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
        var took = Stopwatch.GetElapsedTime(said, called).TotalMilliseconds;
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, stopping); // the closing write
        return took;
    }
}
