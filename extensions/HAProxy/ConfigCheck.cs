using System.ComponentModel;
using System.Diagnostics;

namespace Interlook.Extensions.HAProxy;

/// <summary>Lets HAProxy itself judge a configuration: <c>haproxy -c</c>. It reads and resolves, and binds nothing.</summary>
internal sealed class ConfigCheck(string binary, IReadOnlyList<string> otherFiles, TimeSpan patience, TimeProvider time)
{
    private const int LongestComplaint = 1000;

    /// <summary>Validates a file together with HAProxy's others.</summary>
    /// <returns>Null when it is valid, else HAProxy's own alerts on one line.</returns>
    /// <exception cref="ExtensionException">The program cannot be run, or does not end.</exception>
    public async Task<string?> ComplaintAsync(string file, CancellationToken stopping)
    {
        var start = new ProcessStartInfo(binary) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        foreach (var name in otherFiles.Append(file))
        {
            start.ArgumentList.Add("-f");
            start.ArgumentList.Add(name);
        }
        using var process = Begin(start);
        using var deadline = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(both.Token);
            var output = await process.StandardOutput.ReadToEndAsync(both.Token);
            var complaint = await errors;
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0 ? null : Alerts(complaint, output, process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            stopping.ThrowIfCancellationRequested();
            throw new ExtensionException(
                Reason.Timeout,
                $"'{binary} -c' has not validated {file} within {patience.TotalSeconds:0.#} s; it resolves host names: look at the DNS of this host, or raise commandTimeout");
        }
    }

    private Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"the program '{binary}' cannot be run: {failure.Message}; install HAProxy on this host, or set lb.haproxy.binary to its path",
                innerException: failure);
        }
    }

    /// <summary>HAProxy's alert lines without their process ids, which would make every message differ.</summary>
    private static string Alerts(string errors, string output, int exitCode)
    {
        var alerts = errors.Split('\n')
            .Where(line => line.StartsWith("[ALERT]", StringComparison.Ordinal))
            .Select(line => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? line[(colon + 1)..].Trim() : line)
            .ToList();
        var text = alerts.Count > 0 ? string.Join("; ", alerts) : $"{errors} {output}".ReplaceLineEndings(" ").Trim();
        if (text.Length == 0)
            return $"exit code {exitCode} without a word";
        return text.Length <= LongestComplaint ? text : text[..LongestComplaint] + "…";
    }
}
