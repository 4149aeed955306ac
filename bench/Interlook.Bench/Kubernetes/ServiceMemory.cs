using Interlook.Fixtures;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// Live memory of a Service with its slice and its status, in everything that Interlook keeps: an engine with 5,000 against one with a single one.
/// And what the executable takes with 2,000.
/// </summary>
internal sealed class ServiceMemory(ManyServices services) : IBenchmark
{
    private const double Goal = 3 * 1024;

    public string Name => "kubernetes-memory";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var place = await services.StartAsync();
        await LiveAsync(place, 1, ("namespaces", ManyServices.One)); // so that what is made once is made
        var one = await LiveAsync(place, 1, ("namespaces", ManyServices.One));
        var all = await LiveAsync(place, ManyServices.Count);
        var each = (all - one) / (ManyServices.Count - 1);
        using var folder = new TemporaryFolder();
        await using var process = await DeployedServices.StartAsync(place, folder, place.Server.Endpoint, more: $"namespaces: [{ManyServices.Some}]");
        var floor = process.ResidentMegabytes;
        await process.UntilDeployedAsync(ManyServices.CountOfSome);
        return
        [
            new Figure("live memory of a Service with slice and status", each, "bytes", $"<= {Goal:N0}", each <= Goal),
            new Figure($"resident memory of the executable, {ManyServices.CountOfSome:N0} Services just deployed", process.ResidentMegabytes, "MB", "", null, floor),
        ];
    }

    private static async Task<double> LiveAsync(ApiPlace place, int services, params (string Key, string Text)[] settings)
    {
        await using var site = await ClusterSite.StartAsync(place, settings);
        await site.UntilDeployedAsync(services);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
