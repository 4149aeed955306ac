using System.Diagnostics;
using System.Globalization;
using Interlook.Fixtures;

namespace Interlook.EndToEnd.Tests;

/// <summary>What a client with the real <c>curl</c> gets at an address.</summary>
internal static class Curl
{
    /// <summary>Asks over a new connection each time.</summary>
    /// <param name="name">The host name, sent in the request.</param>
    /// <param name="address">Where to connect.</param>
    /// <param name="port">The port there.</param>
    /// <param name="times">How many requests.</param>
    /// <param name="tls">Speak TLS; the certificate is the test's own and not verified.</param>
    /// <returns>The answers, a line each.</returns>
    /// <exception cref="InvalidOperationException">A request failed; the message says how.</exception>
    internal static async Task<IReadOnlyList<string>> GetAsync(string name, string address, int port, int times, bool tls = false)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"{(tls ? "https" : "http")}://{name}:{port}/?[1-{times}]");
        var resolve = string.Create(CultureInfo.InvariantCulture, $"{name}:{port}:{address}");
        var start = new ProcessStartInfo(
            TestMachine.Require("curl"),
            ["-sS", "-k", "--fail", "--fail-early", "--max-time", "5", "--http1.1", "-H", "Connection: close", "--resolve", resolve, url])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var curl = Process.Start(start)!;
        var output = curl.StandardOutput.ReadToEndAsync();
        var error = curl.StandardError.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return curl.ExitCode == 0
            ? (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"curl {url} at {address} ended with {curl.ExitCode}: {(await error).Trim()}");
    }

    /// <summary>True when nobody takes connections there.</summary>
    internal static async Task<bool> IsRefusedAsync(string address, int port)
    {
        try
        {
            await GetAsync("nobody", address, port, 1);
            return false;
        }
        catch (InvalidOperationException failure)
        {
            return failure.Message.Contains("ended with 7:", StringComparison.Ordinal);
        }
    }
}
