using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Interlook.Fixtures;
using Interlook.Host.Commands;
using Xunit;

namespace Interlook.Host.Tests.Commands;

public sealed class QuickstartCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_command_that_it_prints_works()
    {
        await using var interlook = Start();
        await GreetsAsync(interlook);

        var commands = interlook.Output.Split('\n')
            .Where(line => line.StartsWith("dig ", StringComparison.Ordinal) || line.StartsWith("curl ", StringComparison.Ordinal))
            .Select(line => line.Split("  ")[0].Split(' '))
            .ToArray();

        Assert.Equal(6, commands.Length);
        foreach (var command in commands)
            Assert.Matches(command[0] == "dig" ? @"^127\.77\.0\.[12]\n$" : @"^the (first|second) backend answers for 127\.77\.", await OutputAsync(command));
    }

    [Fact]
    public async Task A_service_added_to_its_folder_is_published()
    {
        await using var interlook = Start();
        await GreetsAsync(interlook);
        var services = interlook.Output.Split("The services stand in ")[1].Split(':')[0];

        await File.WriteAllTextAsync(
            Path.Combine(services, "blog.yml"),
            "name: blog\nhosts: [blog.example.org]\ntargets:\n  - host: 127.0.0.1\n    port: 9\n",
            TestContext.Current.CancellationToken);

        var dns = interlook.Output.Split(" -p ")[1].Split(' ')[0];
        await Eventually.TrueAsync("blog has a name", async () =>
            await OutputAsync("dig", "@127.0.0.1", "-p", dns, "blog.example.org", "+short") == "127.77.0.3\n");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")] // the terminal was closed
    public async Task A_signal_ends_it_and_leaves_nothing_behind(string signal)
    {
        await using var interlook = Start();
        await GreetsAsync(interlook);
        var services = interlook.Output.Split("The services stand in ")[1].Split(':')[0];
        Assert.True(Directory.Exists(services));

        await interlook.SignalAsync(signal);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);

        Assert.Equal(ExitCode.Success, await interlook.WaitForExitAsync(patience.Token));
        Assert.False(Directory.Exists(Path.GetDirectoryName(services)));
    }

    [Fact]
    public async Task Ports_that_are_taken_are_all_named_with_the_flag_that_changes_them()
    {
        using var page = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        page.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        page.Listen();
        using var dns = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        dns.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var outcome = await Executable.RunAsync(
            folder.Path, "quickstart", "--port", Port(page), "--dns-port", Port(dns), "--http-port", $"{TestMachine.FreePort()}");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.Contains($"port {Port(page)} on 127.0.0.1, for the page, is taken by another program: choose another with --port", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"port {Port(dns)} on 127.0.0.1, for DNS, is taken by another program: choose another with --dns-port", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Its_end_minds_no_folder_that_somebody_else_has_deleted()
    {
        await using var interlook = Start();
        await GreetsAsync(interlook);
        var services = interlook.Output.Split("The services stand in ")[1].Split(':')[0];

        Directory.Delete(Path.GetDirectoryName(services)!, recursive: true);
        await interlook.SignalAsync("TERM");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);

        Assert.Equal(ExitCode.Success, await interlook.WaitForExitAsync(patience.Token));
    }

    [Fact]
    public async Task The_port_in_SRV_answers_is_the_load_balancers()
    {
        await using var interlook = Start();
        await GreetsAsync(interlook);
        var dns = interlook.Output.Split(" -p ")[1].Split(' ')[0];
        var http = interlook.Output.Split("curl http://127.77.0.1:")[1].Split('/')[0];

        var answer = await OutputAsync("dig", "@127.0.0.1", "-p", dns, "_http._tcp.shop.example.org", "SRV", "+short");

        Assert.Equal($"0 0 {http} shop.example.org.\n", answer);
    }

    [Fact]
    public async Task One_port_for_the_page_and_DNS_is_refused()
    {
        var port = $"{TestMachine.FreePort()}";

        var outcome = await Executable.RunAsync(folder.Path, "quickstart", "--port", port, "--dns-port", port, "--http-port", $"{TestMachine.FreePort()}");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.Contains($"port {port} cannot be both the page's and DNS's", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_none_is_refused()
    {
        var outcome = await Executable.RunAsync(folder.Path, "quickstart", "--dns-port", "70000");

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("--dns-port must be a port, 1 to 65535.", outcome.Error, StringComparison.Ordinal);
    }

    private static string Port(Socket socket) => $"{((IPEndPoint)socket.LocalEndPoint!).Port}";

    private ServerProcess Start() => Executable.Start(
        folder.Path, "quickstart", "--port", $"{TestMachine.FreePort()}", "--dns-port", $"{TestMachine.FreePort()}", "--http-port", $"{TestMachine.FreePort()}");

    private static Task GreetsAsync(ServerProcess interlook) => Eventually.TrueAsync(
        "it says what to try", () => interlook.Output.Contains("Ctrl-C ends it", StringComparison.Ordinal));

    private static async Task<string> OutputAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(TestMachine.Require(command[0]), command[1..]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
