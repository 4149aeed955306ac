using System.Buffers;
using Interlook.Fixtures;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// Live memory of a Service with its slice and its status, in everything that Interlook keeps, as soon as all are deployed: with its Event that awaits its turn.
/// An engine with 5,000 against one with 2,000, and without the arrays in the framework's shared pool: buffers that the HTTP client, TLS and the writers of
/// records keep for a while because 64 calls ran at once are no Service's. As one pays it, with all of these, an engine with 5,000 against one with a
/// single one. And what the executable takes with 2,000.
/// </summary>
internal sealed class ServiceMemory(ManyServices services) : IBenchmark
{
    private const double Goal = 3 * 1024;
    private const int AtOnce = 16;

    // What HTTP/2 and TLS ask the pool for, and how many of one size it keeps for each processor unless it is told otherwise.
    private const int SmallestPooled = 256;
    private const int LargestPooled = 64 * 1024;
    private const int MostPooled = 32;

    // Each thread keeps one of each size for itself, which a collection takes when it was not used since another, half a minute before.
    private static readonly TimeSpan UntilThreadsForget = TimeSpan.FromSeconds(31);

    public string Name => "kubernetes-memory";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var place = await services.StartAsync();
        await LiveAsync(place, 1, TimeSpan.Zero, ("namespaces", ManyServices.One)); // so that what is made once is made
        var one = await LiveAsync(place, 1, TimeSpan.Zero, ("namespaces", ManyServices.One));
        var some = await LiveAsync(place, ManyServices.CountOfSome, UntilThreadsForget, ("namespaces", ManyServices.Some));
        var all = await LiveAsync(place, ManyServices.Count, UntilThreadsForget);
        var each = (all.Kept - some.Kept) / (ManyServices.Count - ManyServices.CountOfSome);
        var paid = (all.Live - one.Live) / (ManyServices.Count - 1);
        using var folder = new TemporaryFolder();
        await using var process = await DeployedServices.StartAsync(place, folder, place.Server.Endpoint, more: $"namespaces: [{ManyServices.Some}]");
        var floor = process.ResidentMegabytes;
        await process.UntilDeployedAsync(ManyServices.CountOfSome);
        return
        [
            new Figure("live memory of a Service with slice and status", each, "bytes", $"<= {Goal:N0}", each <= Goal),
            new Figure($"the same with its share of the buffers that {ManyServices.Count:N0} at once leave behind", paid, "bytes"),
            new Figure($"resident memory of the executable, {ManyServices.CountOfSome:N0} Services just deployed", process.ResidentMegabytes, "MB", "", null, floor),
        ];
    }

    /// <returns>All that lives, and what is left of it after a rest, without the buffers of the shared pool.</returns>
    private static async Task<(double Live, double Kept)> LiveAsync(ApiPlace place, int services, TimeSpan rest, params (string Key, string Text)[] settings)
    {
        using (var clients = new RawClients(place, AtOnce))
            await ManyServices.ClearAsync(clients);
        await using var site = await ClusterSite.StartAsync(place, settings);
        await site.UntilDeployedAsync(services);
        var live = GC.GetTotalMemory(forceFullCollection: true);
        await Task.Delay(rest, TimeProvider.System);
        EmptyPool();
        return (live, GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>Takes the arrays that lie in the shared pool, so that they go. How many there are depends on the last minute, and after another they go by themselves.</summary>
    private static void EmptyPool()
    {
        for (var size = SmallestPooled; size <= LargestPooled; size *= 2)
        {
            for (var i = 0; i < MostPooled * Environment.ProcessorCount; i++)
                ArrayPool<byte>.Shared.Rent(size);
        }
    }
}
