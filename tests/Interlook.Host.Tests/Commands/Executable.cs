using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.Host.Tests.Commands;

/// <summary>The built executable, as a shell would run it.</summary>
internal static class Executable
{
    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "interlook.dll");

    internal static async Task<Outcome> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(TestMachine.Require("dotnet"), [Assembly, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_COLOR"] = "1" },
        };
        start.Environment.Remove("INTERLOOK_URL");
        start.Environment.Remove("INTERLOOK_TOKEN");
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new Outcome(process.ExitCode, await output, await error);
    }

    internal static ServerProcess Start(string folder, params string[] arguments) =>
        ServerProcess.Start(TestMachine.Require("dotnet"), [Assembly, .. arguments], folder);

    internal sealed record Outcome(int ExitCode, string Output, string Error);
}
