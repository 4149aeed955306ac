using Interlook.Bench;
using Interlook.Bench.Addresses;
using Interlook.Bench.Engine;
using Spectre.Console;

IBenchmark[] all = [new ColdStart(), new DurableColdStart(), new EventLatency(), new AddressLeases()];
var chosen = all.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)).ToList();
var figures = new List<Figure>();
foreach (var benchmark in chosen)
{
    AnsiConsole.MarkupLineInterpolated($"[grey]{benchmark.Name} ...[/]");
    figures.AddRange(await benchmark.RunAsync(CancellationToken.None));
}
Report.Show(figures);
Report.Save(figures, "artifacts/bench.json");
return figures.Any(figure => figure.Met == false) ? 1 : 0;
