using Interlook.Bench;
using Interlook.Bench.Addresses;
using Interlook.Bench.Dns;
using Interlook.Bench.Balancing;
using Interlook.Bench.Docker;
using Interlook.Bench.Engine;
using Interlook.Bench.ExternalIp;
using Interlook.Bench.Kubernetes;
using Interlook.Bench.Process;
using Spectre.Console;
using Xunit.Sdk;

await using var services = new ManyServices();
using var deployed = new DeployedServices();
IBenchmark[] all =
[
    new ColdStart(), new DurableColdStart(), new EventLatency(), new AddressLeases(),
    new DockerEvents(), new ContainerBurst(), new ConsulAnswers(), new EtcdRecords(), new EtcdColdStart(), new EtcdBurst(), new DnsAnswers(), new BalancerLoad(),
    new ServiceEvents(), new ServiceStatus(), new ServicesColdStart(services), new ServiceMemory(services),
    new ServicesResync(services, deployed), new ServicesRestart(services, deployed), // in this order: each finds the statuses that it expects
    new VipFailOver(),
    new Idle(), new Restart(), new Memory(),
];
var chosen = all.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)).ToList();
var figures = new List<Figure>();
foreach (var benchmark in chosen)
{
    AnsiConsole.MarkupLineInterpolated($"[grey]{benchmark.Name} ...[/]");
    try
    {
        figures.AddRange(await benchmark.RunAsync(CancellationToken.None));
    }
    catch (SkipException absent)
    {
        // The fixtures' word for a server that this machine does not have.
        AnsiConsole.MarkupLineInterpolated($"[yellow]{benchmark.Name} was not run: {absent.Message}[/]");
    }
}
Report.Show(figures);
Report.Save(figures, "artifacts/bench.json");
return figures.Any(figure => figure.Met == false) ? 1 : 0;
