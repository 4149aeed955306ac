using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Interlook.Fixtures;

namespace Interlook.Bench.Dns;

/// <summary>One run of <c>dnsperf</c>: as many queries as a server answers, a bounded number of them under way.</summary>
/// <param name="QueriesPerSecond">Answers a second.</param>
/// <param name="Latency">The average time to an answer, in milliseconds.</param>
/// <param name="Lost">The share of queries without an answer.</param>
/// <param name="Cpu">Processor time of the server for a query, user and system, in microseconds.</param>
internal sealed partial record DnsLoad(double QueriesPerSecond, double Latency, double Lost, double Cpu)
{
    /// <summary>Runs it.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="process">The server's process.</param>
    /// <param name="queries">A file with a name and a type a line.</param>
    /// <param name="seconds">How long.</param>
    internal static async Task<DnsLoad> RunAsync(IPEndPoint server, int process, string queries, int seconds)
    {
        string[] arguments =
        [
            "-s", server.Address.ToString(), "-p", Text(server.Port), "-d", queries, "-l", Text(seconds), "-c", "16", "-T", "1", "-q", "200", "-O", "suppress=timeout,unexpected",
        ];
        var start = new ProcessStartInfo(TestMachine.Require("dnsperf"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var before = TimeOf(process);
        using var dnsperf = System.Diagnostics.Process.Start(start)!;
        var errors = dnsperf.StandardError.ReadToEndAsync();
        var output = await dnsperf.StandardOutput.ReadToEndAsync();
        await dnsperf.WaitForExitAsync();
        if (dnsperf.ExitCode != 0)
            throw new InvalidOperationException($"dnsperf ended with {dnsperf.ExitCode}: {await errors}");
        var used = (TimeOf(process) - before).TotalMicroseconds;
        return new(
            Number(Rate().Match(output)), Number(Average().Match(output)) * 1000, Number(LostShare().Match(output)) / 100,
            used / Number(Completed().Match(output)));
    }

    private static TimeSpan TimeOf(int process)
    {
        using var server = System.Diagnostics.Process.GetProcessById(process);
        return server.TotalProcessorTime;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(Match match) => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Queries per second:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Queries completed:\s+(\d+)")]
    private static partial Regex Completed();

    [GeneratedRegex(@"Average Latency \(s\):\s+([\d.]+)")]
    private static partial Regex Average();

    [GeneratedRegex(@"Queries lost:\s+\d+ \(([\d.]+)%\)")]
    private static partial Regex LostShare();
}
