using Interlook.Fixtures;
using Xunit;

namespace Interlook.Host.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--bogus")]
    [InlineData("bogus")]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("run", "--conf")]
    [InlineData("services", "a", "b")]
    [InlineData("services", "--wacth")]
    [InlineData("services", "-o", "xml")]
    [InlineData("history")]
    [InlineData("history", "a", "b")]
    [InlineData("services", "--url", "nowhere")]
    public async Task A_command_line_that_cannot_be_understood_exits_with_2_and_says_why(params string[] arguments)
    {
        var outcome = await Executable.RunAsync(folder.Path, arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("interlook: ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("services", "--help")]
    [InlineData("version")]
    [InlineData("version", "-o", "json")]
    [InlineData("--version")]
    public async Task Help_and_version_are_answers_and_no_failures(params string[] arguments)
    {
        var outcome = await Executable.RunAsync(folder.Path, arguments);

        Assert.Equal(0, outcome.ExitCode);
        Assert.NotEmpty(outcome.Output);
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData("run", "--conf", "missing.yml")]
    [InlineData("run", "-conf", "missing.yml")]
    [InlineData("check", "-c", "missing.yml")]
    [InlineData("--conf", "missing.yml")]
    [InlineData("-conf", "missing.yml")]
    [InlineData("-conf=missing.yml")]
    public async Task Every_way_to_name_a_configuration_finds_it(params string[] arguments)
    {
        var outcome = await Executable.RunAsync(folder.Path, arguments);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("missing.yml: cannot be read: no such file\n", outcome.Error);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task A_check_says_everything_that_is_wrong_on_standard_error()
    {
        await File.WriteAllTextAsync(folder.File("bad.yml"), "core:\n  listenPort: 70000\n  logLevel: LOUD\n", TestContext.Current.CancellationToken);

        var outcome = await Executable.RunAsync(folder.Path, "check", "--conf", "bad.yml");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Equal(
            """
            bad.yml:1:1: core.workflow is required: name a provider and its steps there, or named workflows under workflows
            bad.yml:2:15: core.listenPort must be from 1 to 65535, not 70000
            bad.yml:3:13: core.logLevel must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF, not 'LOUD'

            """,
            outcome.Error);
    }

    [Fact]
    public async Task A_reading_command_says_so_when_nobody_answers()
    {
        var outcome = await Executable.RunAsync(folder.Path, "services", "--url", $"http://127.0.0.1:{TestMachine.FreePort()}");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.StartsWith("interlook: no Interlook answers at http://127.0.0.1:", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }
}
