using System.Diagnostics;
using Interlook.Extensions.Ipalloc;
using Interlook.Services;

namespace Interlook.Bench.Addresses;

/// <summary>The pool of ipam.ipalloc in memory: a whole /16, and the cost of a lease among many of a /64.</summary>
internal sealed class AddressLeases : IBenchmark
{
    private const int FlatFrom = 1_000;
    private const int FlatTo = 1_000_000;
    private const double FlatGoal = 2;

    public string Name => "addresses";

    public Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        Fill("10.0.0.0/16", 65_534);
        var whole = Fill("10.0.0.0/16", 65_534).TotalMilliseconds;
        var few = CostAmong(FlatFrom);
        var many = CostAmong(FlatTo);
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new Figure("all 65,534 addresses of a /16", whole, "ms", "<= 100 ms", whole <= 100),
            new Figure("one lease among 1,000 of a /64", few, "ns"),
            new Figure("one lease among 1,000,000 of a /64", many, "ns", $"flat: <= {FlatGoal} x", many <= FlatGoal * few, few),
        ]);
    }

    private static TimeSpan Fill(string network, int count)
    {
        var names = Enumerable.Range(0, count).Select(i => Service($"service-{i}")).ToArray();
        var pool = Pool(network);
        var watch = Stopwatch.StartNew();
        foreach (var name in names)
        {
            if (pool.TakeLowest(name) is null)
                throw new InvalidOperationException($"{network} gave out before {count}");
        }
        return watch.Elapsed;
    }

    /// <summary>Nanoseconds of the next lease while so many are held; the median of many short windows, so that a noisy moment does not count.</summary>
    private static double CostAmong(int leases)
    {
        const int Window = 500;
        const int Windows = 200;
        var pool = Pool("fd00::/64");
        for (var i = 0; i < leases; i++)
            pool.TakeLowest(Service($"service-{i}"));
        var costs = new List<double>();
        var names = Enumerable.Range(0, Window).Select(i => Service($"other-{i}")).ToArray();
        var taken = new UInt128[Window];
        for (var window = 0; window < Windows; window++)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Window; i++)
                taken[i] = pool.TakeLowest(names[i])!.Value;
            costs.Add(watch.Elapsed.TotalNanoseconds / Window);
            for (var i = 0; i < Window; i++)
                pool.Return(taken[i], names[i]);
        }
        return new Percentiles(costs)[50];
    }

    private static ServiceKey Service(string name) => new(ServiceKey.DefaultWorkflow, name);

    private static AddressPool Pool(string network)
    {
        var parsed = Network.Parse(network);
        return new AddressPool(parsed.Family, parsed.Usable, []);
    }
}
