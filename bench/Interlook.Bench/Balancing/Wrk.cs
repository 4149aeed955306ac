using System.Globalization;
using System.Text.RegularExpressions;
using Interlook.Fixtures;

namespace Interlook.Bench.Balancing;

/// <summary>One run of wrk.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P99">99th percentile of the latency, in milliseconds.</param>
/// <param name="Errors">What wrk said of errors; empty without.</param>
internal sealed partial record Wrk(double Rate, double P99, string Errors)
{
    private const int Connections = 64;

    /// <summary>Runs it for so many seconds with 64 connections.</summary>
    public static async Task<Wrk> RunAsync(string endpoint, string path, string header, int seconds, CancellationToken stopping)
    {
        await using var wrk = ServerProcess.Start(
            TestMachine.Require("wrk"), ["-t2", $"-c{Connections}", $"-d{seconds}s", "--latency", "-H", header, $"http://{endpoint}{path}"]);
        await wrk.WaitForExitAsync(stopping);
        var output = wrk.Output;
        var (rate, p99, errors) = (RatePattern().Match(output), P99Pattern().Match(output), ErrorPattern().Match(output));
        if (!rate.Success || !p99.Success)
            throw new InvalidDataException($"wrk at {endpoint}: {output}");
        return new Wrk(Number(rate.Groups[1].Value), Number(p99.Groups[1].Value) * Unit(p99.Groups[2].Value), errors.Value);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Unit(string unit) => unit switch
    {
        "us" => 0.001,
        "ms" => 1,
        _ => 1000,
    };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RatePattern();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P99Pattern();

    [GeneratedRegex(@"(?:Socket errors|Non-2xx).*")]
    private static partial Regex ErrorPattern();
}
