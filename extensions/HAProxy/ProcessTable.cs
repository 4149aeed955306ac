using System.Globalization;

namespace Interlook.Extensions.HAProxy;

/// <summary>What <c>show proc</c> of the master says (management guide 9.4.1).</summary>
/// <param name="Master">The master's process id; stays through reloads.</param>
/// <param name="Reloads">How often the master was reloaded, well or badly.</param>
/// <param name="Failed">Failed reloads since the last good one.</param>
/// <param name="Worker">The current worker's process id; null when it has none.</param>
/// <param name="Version">HAProxy's version.</param>
internal sealed record ProcessTable(int Master, int Reloads, int Failed, int? Worker, string Version)
{
    /// <summary>Reads an answer that ends with a complete table.</summary>
    /// <returns>Null when it does not: the answer was cut, or is another program's.</returns>
    public static ProcessTable? Parse(string answer)
    {
        var start = answer.LastIndexOf("#<PID>", StringComparison.Ordinal);
        if (start < 0 || !answer.AsSpan(start).Contains("# programs", StringComparison.Ordinal))
            return null;
        ProcessTable? table = null;
        var current = false;
        foreach (var line in answer[start..].Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                current = line.StartsWith("# workers", StringComparison.Ordinal);
                continue;
            }
            var words = line.Split([' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
            if (words is [var master, "master", var reloads, "failed:", var failed, _, var version])
                table = new ProcessTable(Number(master), Number(reloads), Number(failed), null, version);
            else if (current && words is [var worker, "worker", ..] && table is not null)
                table = table with { Worker = Number(worker) };
        }
        return table;
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
