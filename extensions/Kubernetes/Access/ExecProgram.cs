using System.ComponentModel;
using System.Diagnostics;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Runs the program of a credential plugin once.</summary>
/// <param name="exec">What to run.</param>
/// <param name="folder">The folder of the kubeconfig, where a relative path begins.</param>
/// <param name="surroundings">The path that a bare name is looked for in.</param>
/// <param name="time">The clock of its time limit.</param>
internal sealed class ExecProgram(KubeconfigExec exec, string folder, Surroundings surroundings, TimeProvider time)
{
    /// <summary>The longest run: some ask their cloud, with retries of their own.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Far more than any credential.</summary>
    private const int LongestOutput = 1 << 20;

    /// <summary>Runs it.</summary>
    /// <param name="request">What it is told in KUBERNETES_EXEC_INFO.</param>
    /// <param name="attempt">The beginning of a message.</param>
    /// <param name="stopping">Ends it.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="ExtensionException">It is missing, failed, or took too long.</exception>
    internal async Task<string> RunAsync(string request, string attempt, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        using var process = Start(request, attempt);
        try
        {
            process.StandardInput.Close(); // nobody is there to answer a question
            var said = ReadAsync(process.StandardError, either.Token);
            var printed = await ReadAsync(process.StandardOutput, either.Token);
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode == 0)
                return printed;
            throw new ExtensionException(
                Reason.Unauthorized,
                $"{attempt}: it ended with {process.ExitCode}: {HttpFailure.Shorten(await said)}; run it by hand as the user that Interlook runs as");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new ExtensionException(
                Reason.Timeout,
                $"{attempt}: it did not end within {Patience.TotalSeconds:0} seconds; run it by hand: does it ask for something?");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(string request, string attempt)
    {
        var start = new ProcessStartInfo(Find() ?? throw Missing(attempt), exec.Args ?? [])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KUBERNETES_EXEC_INFO"] = request },
        };
        foreach (var variable in exec.Env ?? [])
            start.Environment[variable.Name ?? ""] = variable.Value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new ExtensionException(
                Reason.Invalid, $"{attempt}: it cannot be started: {failure.Message}; make '{start.FileName}' a program that Interlook may run",
                innerException: failure);
        }
    }

    /// <summary>A name with a slash is a path, any other is looked for in PATH; never in the folder that we happen to run in.</summary>
    private string? Find()
    {
        var command = exec.Command ?? "";
        if (command.Contains('/', StringComparison.Ordinal))
            return Path.GetFullPath(surroundings.Expand(command), folder) is var path && File.Exists(path) ? path : null;
        return (surroundings.Set("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Select(entry => Path.Combine(entry, command))
            .FirstOrDefault(File.Exists);
    }

    private ExtensionException Missing(string attempt)
    {
        var hint = exec.InstallHint is { Length: > 0 } text ? $": {HttpFailure.Shorten(text)}" : "";
        return new(Reason.Invalid, $"{attempt}: there is no such program; install it where Interlook runs{hint}");
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken stopping)
    {
        var buffer = new char[4096];
        var text = new System.Text.StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer, stopping)) > 0)
        {
            if (text.Length < LongestOutput)
                text.Append(buffer, 0, count);
        }
        return text.ToString();
    }
}
