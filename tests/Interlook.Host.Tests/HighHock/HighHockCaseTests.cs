using System.Text;
using Interlook.Fixtures;
using Interlook.Host.Configuration;
using Interlook.Host.Tests.Commands;
using Xunit;

namespace Interlook.Host.Tests.HighHock;

/// <summary>
/// <c>interlook highhock</c>, a folder a case: <c>arguments.txt</c>, an argument a line; <c>highhock.json</c> where the case has a file; and in
/// <c>expected.txt</c> the exit code, what goes to standard error and what goes to standard output. Where the name begins with a number, it is
/// that of the fault of the earlier program that the case shows mended. With INTERLOOK_ACCEPT=FOLDER the answers are written there as the
/// expected ones, to be read before they are kept.
/// </summary>
public sealed class HighHockCaseTests : IDisposable
{
    private static readonly string Cases = Path.Combine(AppContext.BaseDirectory, "HighHock", "Cases");

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. Directory.GetDirectories(Cases).Select(name => Path.GetFileName(name)).Order(StringComparer.Ordinal)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_command_line_and_a_file_become_a_configuration_or_a_refusal(string name)
    {
        var arguments = await File.ReadAllLinesAsync(Path.Combine(Cases, name, "arguments.txt"), TestContext.Current.CancellationToken);
        if (File.Exists(Path.Combine(Cases, name, "highhock.json")))
            File.Copy(Path.Combine(Cases, name, "highhock.json"), folder.File("highhock.json"));

        var outcome = await Executable.RunAsync(folder.Path, ["highhock", .. arguments]);

        var said = $"exit {outcome.ExitCode}\n{Marked("2> ", outcome.Error)}{Marked("", outcome.Output)}";
        if (Environment.GetEnvironmentVariable("INTERLOOK_ACCEPT") is { Length: > 0 } accepted)
            await File.WriteAllTextAsync(Path.Combine(accepted, name, "expected.txt"), said, TestContext.Current.CancellationToken);
        else
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Cases, name, "expected.txt"), TestContext.Current.CancellationToken), said);
        if (outcome.Output.StartsWith("core:", StringComparison.Ordinal))
            Assert.Empty(ConfigurationReader.Read("interlook.yml", Encoding.UTF8.GetBytes(outcome.Output), BuiltInExtensions.Catalog, _ => null).Problems);
    }

    private static string Marked(string mark, string text) =>
        string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{mark}{line}\n"));
}
