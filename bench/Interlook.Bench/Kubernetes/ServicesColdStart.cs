using Interlook.Bench.Docker;
using Interlook.Engine;
using Interlook.Fixtures;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// 5,000 Services are there when the executable starts: from the start of the process until the last status is written, as somebody else's watch sees it. Two fresh
/// processes, and the floor, with the same Services, before and after them: bare lists of what is followed, and a bare patch of each status with as many connections as
/// the engine has calls under way.
/// </summary>
internal sealed class ServicesColdStart(ManyServices services) : IBenchmark
{
    private const double Allowed = 2;

    private static readonly int AtOnce = new EngineOptions().Concurrency;

    public string Name => "kubernetes-cold-start";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var place = await services.StartAsync();
        using var clients = new RawClients(place, AtOnce);
        await ManyServices.ClearAsync(clients);
        var (least, lists) = await LeastAsync(place, clients, stopping);
        await ManyServices.ClearAsync(clients);
        var first = await OursAsync(place, stopping);
        await ManyServices.ClearAsync(clients);
        var second = await OursAsync(place, stopping);
        await ManyServices.ClearAsync(clients);
        var (again, _) = await LeastAsync(place, clients, stopping);
        await ManyServices.ClearAsync(clients); // what a bare client wrote is its own: Interlook takes it from nobody
        var (floor, took) = ((least + again) / 2, (first + second) / 2);
        return
        [
            new Figure("bare lists of 5,000 Services, their slices and the nodes", lists, "s"),
            new Figure($"the same and 5,000 bare status patches, {AtOnce} at a time, before ours", least, "s"),
            new Figure("the same after ours", again, "s"),
            new Figure("5,000 Services: start of the executable to the last status, first process", first, "s", "", null, floor),
            new Figure("the same, second process", second, "s", "", null, floor),
            new Figure("the mean of the two", took, "s", $"<= {Allowed} x floor", took <= Allowed * floor, floor),
        ];
    }

    private static async Task<(double All, double Lists)> LeastAsync(ApiPlace place, RawClients clients, CancellationToken stopping)
    {
        using var eyes = await place.WatchAsync();
        var begun = RawReader.Now;
        await clients.RunAsync(1, (client, _) => ApiPlace.ListAll(client));
        var listed = RawReader.Now;
        await clients.RunAsync(ManyServices.Count, (client, number) =>
        {
            var (ns, name) = ManyServices.Service(number);
            ApiPlace.WriteStatus(client, ns, name);
        });
        await eyes.UntilWrittenAsync(ManyServices.Count, stopping);
        return ((eyes.LastWritten - begun) / 1e9, (listed - begun) / 1e9);
    }

    private static async Task<double> OursAsync(ApiPlace place, CancellationToken stopping)
    {
        using var folder = new TemporaryFolder();
        using var eyes = await place.WatchAsync();
        var begun = RawReader.Now;
        await using var process = await DeployedServices.StartAsync(place, folder, place.Server.Endpoint);
        await eyes.UntilWrittenAsync(ManyServices.Count, stopping);
        var took = (eyes.LastWritten - begun) / 1e9;
        await process.UntilDeployedAsync(ManyServices.Count);
        return took;
    }
}
