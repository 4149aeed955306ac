using Interlook.Bench.Docker;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// A restart of the executable with 5,000 deployed Services, while one more came: how long that one waits for its status, counted from the moment the first list is
/// asked for, and what else is written.
/// </summary>
internal sealed class ServicesRestart(ManyServices services, DeployedServices deployed) : IBenchmark
{
    private const double Goal = 1;
    private const string Pending = "pending";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    public string Name => "kubernetes-restart";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var place = await services.StartAsync();
        await deployed.DeployAsync(place);
        using var client = place.Connect();
        ApiPlace.CreateSlice(client, ManyServices.One, Pending, ManyServices.Count);
        ApiPlace.CreateService(client, ManyServices.One, Pending);
        await using var proxy = await KubernetesProxy.StartAsync(place.Server);
        using var eyes = await place.WatchAsync();
        var begun = RawReader.Now;
        await using var process = await deployed.StartAsync(place, proxy.Endpoint);
        var seen = await eyes.WrittenAsync(Pending).WaitAsync(Patience, TimeProvider.System, stopping);
        await process.UntilDeployedAsync(ManyServices.Count + 1);
        await Task.Delay(Watched, TimeProvider.System, stopping);
        var asked = proxy.Calls.First(call => call is { Verb: "list", Resource: "services" }).At;
        var waited = (seen - (asked - DateTimeOffset.UnixEpoch).Ticks * 100) / 1e9;
        var others = proxy.Calls.Count(call => call.IsWrite && !IsOfPending(call));
        return
        [
            new Figure("restart with 5,000 Services: first list asked for to the pending one's status", waited, "s", $"<= {Goal} s", waited <= Goal),
            new Figure("the same from the start of the process", (seen - begun) / 1e9, "s"),
            new Figure("writes of anything else", others, "calls", "= 0", others == 0),
        ];
    }

    /// <summary>Its status, and the Event that says so.</summary>
    private static bool IsOfPending(ApiCall call) =>
        call is { Resource: "services/status", Name: Pending }
        || (call is { Resource: "events", Verb: "create" } && call.Body.Contains($"\"name\":\"{Pending}\"", StringComparison.Ordinal));
}
