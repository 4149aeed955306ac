using Interlook.Fixtures;
using Interlook.Host.Commands;
using Xunit;

namespace Interlook.Host.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder folder = new();
    private readonly int port = TestMachine.FreePort();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("TERM", "run", "--conf")]
    [InlineData("INT", "--conf")]
    [InlineData("TERM", "-conf")]
    public async Task A_signal_stops_it_cleanly_within_ten_seconds(string signal, params string[] command)
    {
        await using var docker = await EmptyDocker.StartAsync();
        await using var interlook = Executable.Start(folder.Path, [.. command, Configuration(docker.Endpoint)]);
        await RunsAsync(interlook);

        await interlook.SignalAsync(signal);

        Assert.Equal(ExitCode.Success, await ExitAsync(interlook));
        await Eventually.TrueAsync("the last line is logged", () => interlook.Output.TrimEnd().EndsWith("interlook: stopped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_does_not_delay_the_end_beyond_ten_seconds()
    {
        await using var docker = await EmptyDocker.StartAsync(hangsOnListing: true);
        await using var interlook = Executable.Start(folder.Path, "run", "--conf", Configuration(docker.Endpoint));
        await ListensAsync(interlook);

        await interlook.SignalAsync("TERM");

        Assert.Equal(ExitCode.Success, await ExitAsync(interlook));
    }

    [Fact]
    public async Task An_extension_that_cannot_start_ends_it_with_one_line_that_says_which_and_why()
    {
        var outcome = await Executable.RunAsync(folder.Path, "run", "--conf", Configuration($"tcp://127.0.0.1:{TestMachine.FreePort()}"));

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith("interlook: provider.docker cannot start: ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_log_file_that_cannot_be_opened_is_named()
    {
        var outcome = await Executable.RunAsync(folder.Path, "run", "--conf", Configuration("tcp://127.0.0.1:1", "logFile: /"));

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith("interlook: core.logFile / cannot be opened: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services", "{}")]
    [InlineData("workflow", "provider.docker")]
    [InlineData("extensions", "provider.docker")]
    [InlineData("providers", "provider.docker")]
    public async Task Reading_commands_show_what_the_running_one_answers(string command, string content)
    {
        await using var docker = await EmptyDocker.StartAsync();
        await using var interlook = Executable.Start(folder.Path, "run", "--conf", Configuration(docker.Endpoint));
        await RunsAsync(interlook);

        var json = await Executable.RunAsync(folder.Path, command, "--url", $"http://127.0.0.1:{port}", "-o", "json");
        var table = await Executable.RunAsync(folder.Path, command, "--url", $"http://127.0.0.1:{port}");

        Assert.Equal((ExitCode.Success, ExitCode.Success), (json.ExitCode, table.ExitCode));
        Assert.Contains(content, json.Output, StringComparison.Ordinal);
        Assert.NotEmpty(table.Output);
        Assert.DoesNotContain('\e', table.Output);
        Assert.Empty(json.Error + table.Error);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_failure_and_not_an_empty_answer()
    {
        await using var docker = await EmptyDocker.StartAsync();
        await using var interlook = Executable.Start(folder.Path, "run", "--conf", Configuration(docker.Endpoint));
        await RunsAsync(interlook);

        var outcome = await Executable.RunAsync(folder.Path, "services", "no/such <one>", "--url", $"http://127.0.0.1:{port}");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains("no/such <one>", outcome.Error, StringComparison.Ordinal);
    }

    private string Configuration(string endpoint, string core = "logLevel: INFO")
    {
        File.WriteAllText(folder.File("interlook.yml"), $"""
            core:
              {core}
              workflow: provider.docker
              listenPort: {port}
            provider:
              docker:
                endpoint: {endpoint}
            """);
        return folder.File("interlook.yml");
    }

    private static Task RunsAsync(ServerProcess interlook) =>
        Eventually.TrueAsync($"it runs: {interlook.Output}", () => interlook.Output.Contains("workflow default runs", StringComparison.Ordinal));

    private static Task ListensAsync(ServerProcess interlook) =>
        Eventually.TrueAsync("the API listens", () => interlook.Output.Contains("API listens", StringComparison.Ordinal));

    private static async Task<int> ExitAsync(ServerProcess interlook)
    {
        using var patience = new CancellationTokenSource(Ten, TimeProvider.System);
        return await interlook.WaitForExitAsync(patience.Token);
    }
}
