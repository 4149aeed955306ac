using System.Globalization;
using System.Net;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>The main job with nothing but Interlook: its own DNS server and load balancer.</summary>
public sealed class EmbeddedTests(Servers servers) : SiteTests(servers)
{
    private const string Shop = "shop.example.org";

    private readonly IPEndPoint dns = new(IPAddress.Loopback, TestMachine.FreePort());
    private readonly int page = TestMachine.FreePort();
    private readonly int http = TestMachine.FreePort();

    [Fact]
    public async Task The_quickstart_publishes_the_labelled_containers_of_this_machine()
    {
        string[] arguments = ["quickstart", "--docker", "--port", Text(page), "--dns-port", Text(dns.Port), "--http-port", Text(http)];
        await using var interlook = ServerProcess.Start(
            InterlookDaemon.Program,
            arguments,
            environment: new Dictionary<string, string>(InterlookDaemon.Variables) { ["DOCKER_HOST"] = Docker.Endpoint });
        await Eventually.TrueAsync("it says what to try", () => interlook.Output.Contains("Ctrl-C ends it", StringComparison.Ordinal));

        await Site.RunAsync("shop", Shop);
        var address = await AddressAsync();
        await AnswersAsync(address, "shop");
        await Docker.DockerAsync("rm", "-f", "shop");

        await Eventually.TrueAsync("the name is gone", async () => (await Dig.ShortAsync(dns, Shop, "A")).Count == 0);
        await Eventually.TrueAsync("nobody listens there any more", () => Curl.IsRefusedAsync(address, http));
    }

    [Fact]
    public async Task After_a_kill_the_old_answers_come_back_though_the_platform_is_silent()
    {
        await Site.RunAsync("shop", Shop);
        var folder = Directory.CreateDirectory(Path.Combine(Site.ServicesFolder, "embedded")).FullName;
        var configuration = Path.Combine(folder, "interlook.yml");
        await File.WriteAllTextAsync(configuration, Configuration(folder), TestContext.Current.CancellationToken);
        string address;
        await using (var first = InterlookDaemon.Start(configuration, page, folder))
        {
            await first.ReadyAsync();
            address = await AddressAsync();
            await AnswersAsync(address, "shop");
            await first.KillAsync();
        }

        await Docker.SignalAsync("STOP");
        try
        {
            await using var second = InterlookDaemon.Start(configuration, page, folder);
            Assert.Equal(address, await AddressAsync());
            await AnswersAsync(address, "shop");
        }
        finally
        {
            await Docker.SignalAsync("CONT");
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private string Configuration(string folder) => $"""
        core:
          workflow: provider.docker,ipam.ipalloc,dns.embedded,lb.embedded
          listenPort: {page}
          flowEntriesFile: {folder}/entries.db
        provider:
          docker:
            endpoint: {Docker.Endpoint}
        ipam:
          ipalloc:
            network_cidr: 127.92.0.0/24
            db_file: {folder}/leases.db
        dns:
          embedded:
            listen: {dns}
            zones: [example.org]
        lb:
          embedded:
            httpPort: {http}
        """;

    private async Task<string> AddressAsync()
    {
        IReadOnlyList<string> found = [];
        await Eventually.TrueAsync("the name has an address", async () =>
        {
            try
            {
                return (found = await Dig.ShortAsync(dns, Shop, "A")).Count == 1;
            }
            catch (InvalidOperationException)
            {
                return false; // it does not listen yet
            }
        });
        return found[0];
    }

    private Task AnswersAsync(string address, string identity) => Eventually.TrueAsync($"{identity} answers at {address}", async () =>
    {
        try
        {
            return await Curl.GetAsync(Shop, address, http, 1) is [var only] && only == identity;
        }
        catch (InvalidOperationException)
        {
            return false; // not yet
        }
    });
}
