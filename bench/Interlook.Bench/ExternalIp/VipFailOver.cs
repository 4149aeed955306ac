using System.Globalization;
using System.Net;
using Interlook.Bench.Process;
using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Spectre.Console;

namespace Interlook.Bench.ExternalIp;

/// <summary>
/// How long clients are without an answer: three nodes in network namespaces, two schedulers, a real API server, and a client that asks every ten
/// milliseconds. A failure is everything that the laboratory knows; each comes when all is well again.
/// </summary>
internal sealed class VipFailOver : IBenchmark
{
    private const int Seed = 7;
    private const int Failures = 100;
    private const int SlowFailures = 22;
    private const int Moves = 20;
    private const int Created = 100;

    private static readonly IPAddress[] Addresses =
        [.. Enumerable.Range(1, 6).SelectMany(number => new[] { NetworkLaboratory.FreeAddress(number), NetworkLaboratory.FreeIpv6Address(number) })];

    private static readonly FailureKind[] Unplanned = [.. Enum.GetValues<FailureKind>().Except([FailureKind.Terminated])];

    public string Name => "external-ip";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        await using var laboratory = new VipLaboratory(new KubernetesClaims(), InterlookProcess.Executable(), new Dictionary<string, string>());
        List<Figure> figures =
        [
            .. await FailAsync(laboratory, "--hb 500ms --monitor 1s", Failures, VipLaboratory.ShortTimes, rest: TimeSpan.FromSeconds(3), allowed: 2200),
            await MoveAsync(laboratory),
            await CreateAsync(laboratory, stopping),
            await ManyAsync(laboratory),
            .. await FailAsync(laboratory, "defaults", SlowFailures, [], rest: TimeSpan.FromSeconds(11), allowed: 6000),
        ];
        var seconds = laboratory.Watched.Sum(each => each.Seconds.Count);
        figures.Add(new("questions that two nodes answered, in all of it", seconds, "", "0", seconds == 0));
        return figures;
    }

    private static async Task<IEnumerable<Figure>> FailAsync(
        VipLaboratory laboratory, string flags, int count, IReadOnlyList<string> times, TimeSpan rest, double allowed)
    {
        await laboratory.ReadyAsync(times);
        await laboratory.AskAsync("shop", Addresses);
        var failures = await new FailureSequence(laboratory, new Random(Seed), rest).RunAsync(Unplanned, count, Addresses);
        foreach (var failure in failures)
            AnsiConsole.MarkupLineInterpolated($"[grey]  {failure}[/]");
        var worst = failures.Max(failure => failure.Gap).TotalMilliseconds;
        return
        [
            new($"longest without an answer, {count} failures, {flags}", worst, "ms", $"<= {allowed} ms", worst <= allowed),
            .. failures.GroupBy(failure => failure.Kind).OrderBy(same => same.Key)
                .Select(same => new Figure($"  of them {same.Key}, {same.Count()} times", same.Max(failure => failure.Gap).TotalMilliseconds, "ms")),
        ];
    }

    private static async Task<Figure> MoveAsync(VipLaboratory laboratory)
    {
        await laboratory.ReadyAsync(VipLaboratory.ShortTimes);
        await laboratory.AskAsync("shop", Addresses);
        var moves = await new FailureSequence(laboratory, new Random(Seed), TimeSpan.FromSeconds(3)).RunAsync([FailureKind.Terminated], Moves, Addresses);
        var worst = moves.Max(move => move.Gap).TotalMilliseconds;
        return new($"planned move, longest without an answer, {Moves} moves by SIGTERM", worst, "ms", "<= 100 ms", worst <= 100);
    }

    private static async Task<Figure> CreateAsync(VipLaboratory laboratory, CancellationToken stopping)
    {
        await laboratory.ReadyAsync(VipLaboratory.ShortTimes);
        var took = new List<double>();
        for (var number = 0; number < Created; number++)
        {
            var address = number % 2 == 0 ? new IPAddress([10, 99, 3, (byte)(1 + number)]) : IPAddress.Parse($"fd99::3:{number:x}");
            var watched = laboratory.Watcher.Watch(address);
            var begun = laboratory.Watcher.Now;
            await laboratory.Place.AskAsync($"created-{number}", address);
            await Eventually.TrueAsync($"{address} answers", () => watched.Turns.Count > 0);
            took.Add((watched.Turns[0].Since - begun).TotalMilliseconds);
            laboratory.Watcher.Leave(address);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stopping);
        }
        var p99 = new Percentiles(took)[99];
        return new($"Service created to its address answering, p99 of {Created}", p99, "ms", "<= 350 ms", p99 <= 350);
    }

    /// <summary>From the scheduler's first write to the last address answering; of so many each is asked for every 80 ms.</summary>
    private static async Task<Figure> ManyAsync(VipLaboratory laboratory)
    {
        await laboratory.ReadyAsync(VipLaboratory.ShortTimes);
        var addresses = await laboratory.AskManyAsync(services: 50, addressesOfEach: 10);
        var node = laboratory.Nodes[1];
        var hardware = await node.HardwareAsync();
        List<WatchedAddress> moving = [.. addresses.Where(each => each.Turns[^1].Hardware.Equals(hardware))];
        var (begun, at) = (laboratory.Watcher.Now, TimeProvider.System.GetUtcNow());
        await node.KillAsync();
        await Eventually.TrueAsync("others answer for all", () => moving.All(each => !each.Turns[^1].Hardware.Equals(hardware)), TimeSpan.FromMinutes(1));
        var detected = begun + (laboratory.Schedulers.SelectMany(each => each.Output.Split('\n')).Select(Written).Where(written => written > at).Min() - at)!.Value;
        var took = (moving.Max(each => each.Turns[^1].Since) - detected).TotalMilliseconds;
        return new($"{moving.Count} of {addresses.Count} addresses of a dead node, detection to the last one answering", took, "ms", "<= 1000 ms", took <= 1000);
    }

    /// <summary>When the scheduler wrote a claim, by its log; null for other lines.</summary>
    private static DateTimeOffset? Written(string line) =>
        line.Contains("SchedulerLoop: Claim", StringComparison.Ordinal)
            ? DateTimeOffset.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)
            : null;
}
