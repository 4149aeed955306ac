using Interlook.Fixtures.Kubernetes;

namespace Interlook.Bench.Kubernetes;

/// <summary>The executable lists and compares 5,000 deployed Services again and again, with nothing to do: what it writes, and what that costs.</summary>
internal sealed class ServicesResync(ManyServices services, DeployedServices deployed) : IBenchmark
{
    private const string Interval = "10s"; // the shortest that it takes

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(35);

    public string Name => "kubernetes-resync";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var place = await services.StartAsync();
        await deployed.DeployAsync(place);
        await using var proxy = await KubernetesProxy.StartAsync(place.Server);
        await using var process = await deployed.StartAsync(place, proxy.Endpoint, Interval);
        await process.UntilDeployedAsync(ManyServices.Count);
        proxy.ForgetCalls();
        var (cpu, (count, seconds)) = (process.CpuTime, await process.ComparisonsAsync());
        await Task.Delay(Window, TimeProvider.System, stopping);
        var (countNow, secondsNow) = await process.ComparisonsAsync();
        cpu = process.CpuTime - cpu;
        var lists = proxy.Calls.Count(call => call is { Verb: "list", Resource: "services" });
        var writes = proxy.Calls.Count(call => call.IsWrite);
        return
        [
            new Figure("full lists of 5,000 Services meanwhile", lists, "lists", ">= 3", lists >= 3),
            new Figure("writes meanwhile", writes, "calls", "= 0", writes == 0),
            new Figure("one comparison of 5,000 with one outside system", (secondsNow - seconds) / (countNow - count), "s"),
            new Figure("processor time of a full list and comparison", cpu.TotalSeconds / lists, "s"),
        ];
    }
}
