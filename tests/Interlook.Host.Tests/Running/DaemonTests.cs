using System.Text;
using System.Text.Json;
using Interlook.Configuration;
using Interlook.Extensions;
using Interlook.Fixtures;
using Interlook.Host.Commands;
using Interlook.Host.Configuration;
using Interlook.Host.Running;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Host.Tests.Running;

public sealed class DaemonTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = TestMachine.FreePort();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_runs_until_it_is_told_to_stop_and_then_stops_every_extension()
    {
        var extension = new ScriptedProvider();
        using var stopping = new CancellationTokenSource();

        var running = Daemon(extension).RunAsync(stopping.Token);
        await Eventually.TrueAsync("the service is deployed", () => Is(running, "deployed"));
        await stopping.CancelAsync();

        Assert.Equal(ExitCode.Success, await running);
        Assert.True(extension.HasStopped);
    }

    [Fact]
    public async Task What_it_has_done_is_known_after_a_restart()
    {
        var detected = new List<string>();

        for (var start = 0; start < 2; start++)
        {
            using var stopping = new CancellationTokenSource();
            var running = Daemon(new ScriptedProvider()).RunAsync(stopping.Token);
            await Eventually.TrueAsync("the service is deployed", () => Is(running, "deployed"));
            using var service = JsonDocument.Parse(await ReadAsync("/services/shop"));
            detected.Add(service.RootElement.Text("time_detected"));
            await stopping.CancelAsync();
            await running;
        }

        Assert.NotEmpty(detected[0]);
        Assert.Equal(detected[0], detected[1]);
    }

    [Fact]
    public async Task An_extension_that_cannot_start_is_named_with_its_reason_in_one_line()
    {
        var extension = new ScriptedProvider
        {
            Start = () => throw new ExtensionException(Reason.Unreachable, "nothing answers at tcp://10.0.0.1:2375"),
        };

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => Daemon(extension).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal("provider.sample cannot start: nothing answers at tcp://10.0.0.1:2375", failure.Message);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_found_before_anything_starts()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();
        var started = false;
        var extension = new ScriptedProvider
        {
            Start = () =>
            {
                started = true;
                return Task.CompletedTask;
            },
        };

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => Daemon(extension).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
        Assert.False(started);
    }

    [Fact]
    public async Task Damaged_entries_stop_the_start_with_the_name_of_the_file()
    {
        await File.WriteAllTextAsync(folder.File("entries.db"), "{\"entries\": ", TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => Daemon(new ScriptedProvider()).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains(folder.File("entries.db"), failure.Message, StringComparison.Ordinal);
    }

    private Daemon Daemon(ScriptedProvider extension)
    {
        var catalog = ExtensionCatalog.Empty.Add("provider.sample", SettingsSchema.For<SampleOptions>(), (_, _) => extension);
        var text = $"""
            core:
              workflow: provider.sample
              listenPort: {port}
              flowEntriesFile: {folder.File("entries.db")}
            provider:
              sample:
            """;
        var configuration = ConfigurationReader.Read("f", Encoding.UTF8.GetBytes(text), catalog, _ => null).Configuration!;
        return new Daemon(configuration, catalog, NullLoggerFactory.Instance, TimeProvider.System);
    }

    private async Task<bool> Is(Task running, string state)
    {
        if (running.IsCompleted)
            await running;
        var outcome = await ReadAsync("/services/shop");
        return outcome.Contains($"\"state\":\"{state}\"", StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(string path)
    {
        using var interlook = new RunningInterlook(new Uri($"http://127.0.0.1:{port}"), null);
        return await interlook.ReadAsync(path, TestContext.Current.CancellationToken);
    }
}
