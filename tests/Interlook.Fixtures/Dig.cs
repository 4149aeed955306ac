using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Interlook.Fixtures;

/// <summary>The real <c>dig</c>.</summary>
public static class Dig
{
    /// <summary>Asks a server and gives what was printed; without the program the test is skipped.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="arguments">Added to the server's address: <c>+short</c>, a name, a type.</param>
    public static async Task<string> AskAsync(IPEndPoint server, params IEnumerable<string> arguments)
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(TestMachine.Require("dig"), ["@" + server.Address, "-p", port, "+time=5", "+tries=2", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var dig = Process.Start(start)!;
        var output = await dig.StandardOutput.ReadToEndAsync();
        await dig.WaitForExitAsync();
        return dig.ExitCode == 0 ? output : throw new InvalidOperationException($"dig ended with {dig.ExitCode}: {output}");
    }

    /// <summary>The answers' data as <c>dig +short</c> prints them, sorted.</summary>
    public static async Task<IReadOnlyList<string>> ShortAsync(IPEndPoint server, string name, string type) =>
        [.. (await AskAsync(server, "+short", name, type)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
