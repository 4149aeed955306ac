namespace Interlook.Bench.Balancing;

/// <summary>
/// <c>lb.embedded</c> beside HAProxy in mode tcp: the same nginx behind both, wrk before, all on the same processors, in alternating rounds.
/// The ratios are medians over the rounds, each of runs that followed one another.
/// </summary>
internal sealed class BalancerLoad : IBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 4;
    private const int Idle = 5_000;
    private const double LeastRate = 0.9;
    private const double MostLatency = 1.2;

    private static readonly (string Name, string Path, string Header)[] Loads =
    [
        ("keep-alive", "/small", "X-Load: 1"),
        ("a new connection each", "/small", "Connection: close"),
        ("1 MiB each", "/large", "X-Load: 1"),
    ];

    public string Name => "balancer";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var backend = await BalancedBackend.StartAsync();
        var figures = await IdleAsync(backend);
        foreach (var (name, path, header) in Loads)
        {
            // What is compiled late is compiled before it counts.
            await Wrk.RunAsync(backend.ThroughEmbedded, path, header, Seconds, stopping);
            List<Wrk> direct = [], haproxy = [], embedded = [];
            for (var round = 0; round < Rounds; round++)
            {
                direct.Add(await Wrk.RunAsync(backend.Direct, path, header, Seconds, stopping));
                // Each goes first in turn: whoever goes second may find the machine busier, or warmer.
                var isFirst = round % 2 == 0;
                if (isFirst)
                    embedded.Add(await Wrk.RunAsync(backend.ThroughEmbedded, path, header, Seconds, stopping));
                haproxy.Add(await Wrk.RunAsync(backend.ThroughHAProxy, path, header, Seconds, stopping));
                if (!isFirst)
                    embedded.Add(await Wrk.RunAsync(backend.ThroughEmbedded, path, header, Seconds, stopping));
            }
            figures.AddRange(Compare(name, direct, haproxy, embedded));
        }
        return figures;
    }

    private static IEnumerable<Figure> Compare(string load, List<Wrk> direct, List<Wrk> haproxy, List<Wrk> embedded)
    {
        var rate = Median(embedded.Zip(haproxy, (ours, theirs) => ours.Rate / theirs.Rate));
        var latency = Median(embedded.Zip(haproxy, (ours, theirs) => ours.P99 / theirs.P99));
        var errors = embedded.Select(run => run.Errors).FirstOrDefault(text => text.Length > 0);
        return
        [
            new Figure($"{load}: direct", Median(direct.Select(run => run.Rate)), "answers/s"),
            new Figure($"{load}: HAProxy", Median(haproxy.Select(run => run.Rate)), "answers/s"),
            new Figure($"{load}: lb.embedded{(errors is null ? "" : $" ({errors})")}", Median(embedded.Select(run => run.Rate)), "answers/s"),
            new Figure($"{load}: p99 direct", Median(direct.Select(run => run.P99)), "ms"),
            new Figure($"{load}: p99 HAProxy", Median(haproxy.Select(run => run.P99)), "ms"),
            new Figure($"{load}: p99 lb.embedded", Median(embedded.Select(run => run.P99)), "ms"),
            new Figure($"{load}: rate, ours / HAProxy", rate, "", $">= {LeastRate}", rate >= LeastRate && errors is null),
            new Figure($"{load}: p99, ours / HAProxy", latency, "", $"<= {MostLatency}", latency <= MostLatency),
        ];
    }

    private static async Task<List<Figure>> IdleAsync(BalancedBackend backend)
    {
        var haproxy = await MemoryAsync(backend.ThroughHAProxy, () => backend.HAProxyMemory);
        var embedded = await MemoryAsync(backend.ThroughEmbedded, () => backend.EmbeddedMemory);
        return
        [
            new Figure("idle connection, resident: HAProxy", haproxy, "bytes"),
            new Figure("idle connection, resident: lb.embedded", embedded, "bytes", "<= HAProxy's", embedded <= haproxy, haproxy),
        ];
    }

    private static async Task<double> MemoryAsync(string endpoint, Func<double> read)
    {
        (await BalancedBackend.OpenIdleAsync(endpoint, 100)).ForEach(socket => socket.Dispose());
        var before = read();
        var sockets = await BalancedBackend.OpenIdleAsync(endpoint, Idle);
        var after = read();
        sockets.ForEach(socket => socket.Dispose());
        return (after - before) / Idle;
    }

    private static double Median(IEnumerable<double> values) => new Percentiles(values)[50];
}
