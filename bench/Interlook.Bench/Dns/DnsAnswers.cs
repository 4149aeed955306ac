using System.Diagnostics;
using System.Globalization;
using System.Net;
using Interlook.Bench.Docker;
using Interlook.Extensions;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Bench.Dns;

/// <summary>
/// Queries answered a second: dns.embedded beside BIND 9, Knot and dnsmasq with the same 10,000 names, on the same processors in the same run.
/// <c>dnsperf</c> asks each in turn, in another order each round; the medians count.
/// </summary>
internal sealed class DnsAnswers : IBenchmark
{
    private const int Names = 10_000;
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const double MostLost = 0.001;
    private const string Zone = "bench.example";
    private const string Ours = "dns.embedded";

    public string Name => "dns";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping)
    {
        var hosts = Enumerable.Range(0, Names)
            .Select(i => (Name: $"service-{i}.{Zone}", Address: string.Create(CultureInfo.InvariantCulture, $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}")))
            .ToList();
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(folder.File("queries"), Shuffled(hosts).Select(host => $"{host.Name} A"), stopping);
        var zone = $"$TTL 60\n$ORIGIN {Zone}.\n@ SOA ns hostmaster 1 3600 600 1209600 60\n@ NS ns\nns A 127.0.0.1\n"
            + string.Concat(hosts.Select(host => $"{host.Name}. A {host.Address}\n"));
        await using var bind = await BindServer.StartAsync(new Dictionary<string, string> { [Zone] = zone }, Environment.ProcessorCount);
        await using var knot = await KnotServer.StartAsync(Zone, zone, Environment.ProcessorCount);
        await using var dnsmasq = await DnsmasqServer.StartAsync(Zone, hosts);
        var endpoint = new IPEndPoint(IPAddress.Loopback, TestMachine.FreePort());
        var provisioner = BenchExtensions.Create<IProvisioner>(
            ExtensionCatalog.Empty.AddEmbeddedDns(), EmbeddedDnsExtensions.Dns, ("listen", endpoint.ToString()), ("zones", Zone));
        await provisioner.StartAsync(stopping);
        try
        {
            var (before, watch) = (GC.GetTotalMemory(forceFullCollection: true), Stopwatch.StartNew());
            await Task.WhenAll(hosts.Select(host => DeployAsync(provisioner, host.Name, host.Address, stopping)));
            var deployed = watch.Elapsed;
            var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
            return
            [
                new Figure($"{Ours}, {Names:N0} services deployed", deployed.TotalMilliseconds, "ms"),
                new Figure($"{Ours}, memory of a service", memory / (double)Names / 1024, "KiB"),
                .. await MeasureAsync(
                    [
                        (Ours, endpoint, Environment.ProcessId), ("BIND 9", bind.Endpoint, bind.ProcessId), ("Knot", knot.Endpoint, knot.ProcessId),
                        ("dnsmasq", dnsmasq.Endpoint, dnsmasq.ProcessId),
                    ],
                    folder.File("queries")),
            ];
        }
        finally
        {
            await provisioner.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(IReadOnlyList<(string Name, IPEndPoint Endpoint, int Process)> servers, string queries)
    {
        var runs = servers.ToDictionary(server => server.Name, _ => new List<DnsLoad>());
        foreach (var server in servers)
            await DnsLoad.RunAsync(server.Endpoint, server.Process, queries, 2); // warms up, and our code is compiled for good
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < servers.Count; i++)
            {
                var (name, endpoint, process) = servers[(round + i) % servers.Count];
                runs[name].Add(await DnsLoad.RunAsync(endpoint, process, queries, Seconds));
            }
        }
        var rates = runs.ToDictionary(server => server.Key, server => new Percentiles(server.Value.Select(run => run.QueriesPerSecond))[50]);
        var figures = servers.Select(server => new Figure($"{server.Name}, {Names:N0} names over UDP", rates[server.Name], "queries/s")).ToList();
        figures.AddRange(servers.Skip(1).Select(server => new Figure(
            $"{Ours} beside {server.Name}", rates[Ours], "queries/s", server.Name == "Knot" ? "" : $">= 1.0 x {server.Name}",
            server.Name == "Knot" ? null : rates[Ours] >= rates[server.Name], rates[server.Name])));
        figures.AddRange(servers.Select(server =>
            new Figure($"{server.Name}, average latency", new Percentiles(runs[server.Name].Select(run => run.Latency))[50], "ms")));
        figures.AddRange(servers.Select(server =>
            new Figure($"{server.Name}, processor time of a query", new Percentiles(runs[server.Name].Select(run => run.Cpu))[50], "µs")));
        var lost = runs[Ours].Max(run => run.Lost);
        figures.Add(new Figure($"{Ours}, queries without an answer", lost * 100, "%", $"<= {MostLost * 100} %", lost <= MostLost));
        return figures;
    }

    private static Task<ServiceDefinition> DeployAsync(IProvisioner provisioner, string name, string address, CancellationToken stopping) =>
        provisioner.DeployAsync(
            new ServiceKey(ServiceKey.DefaultWorkflow, name),
            new ServiceDefinition { Name = name, Provider = "provider.bench", DnsNames = [name], PublicIp = IPAddress.Parse(address) },
            [],
            stopping);

    private static List<T> Shuffled<T>(IEnumerable<T> items)
    {
        var list = items.ToArray();
        new Random(1).Shuffle(list);
        return [.. list];
    }
}
