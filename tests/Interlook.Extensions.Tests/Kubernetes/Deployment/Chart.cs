using System.Diagnostics;
using System.Security.Cryptography;
using Interlook.Fixtures;

namespace Interlook.Extensions.Tests.Kubernetes.Deployment;

/// <summary>The Helm chart under <c>deploy/</c>, rendered by <c>tests/chart/render.go</c> with Go's templates and the functions that Helm has.</summary>
internal static class Chart
{
    internal static string Folder { get; } = Repository.File("deploy", "helm", "interlook");

    /// <summary>Renders it as <c>helm template</c> would.</summary>
    /// <param name="release">The release's name.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="values">Values as YAML, beside those of the chart.</param>
    /// <returns>The objects as YAML documents.</returns>
    /// <exception cref="InvalidOperationException">It cannot be rendered; the message says why.</exception>
    internal static async Task<string> RenderAsync(string release, string ns, string values)
    {
        var source = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Repository.File("tests", "chart", "render.go"))));
        var program = Path.Combine(TestMachine.Cache, "chart", source[..16], "render-chart");
        if (!File.Exists(program))
            TestMachine.Absent("what renders the chart was not built: run tests/chart.sh");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("values.yaml"), values);
        var start = new ProcessStartInfo(program, [Folder, release, ns, folder.File("values.yaml")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var rendering = Process.Start(start)!;
        var error = rendering.StandardError.ReadToEndAsync();
        var output = await rendering.StandardOutput.ReadToEndAsync();
        await rendering.WaitForExitAsync();
        return rendering.ExitCode == 0 ? output : throw new InvalidOperationException(await error);
    }
}
