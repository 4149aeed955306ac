using System.Globalization;
using System.Net;

namespace Interlook.Fixtures;

/// <summary>A real dnsmasq that answers for one domain from its own configuration, on a free port of 127.0.0.1. It asks nobody.</summary>
public sealed class DnsmasqServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ServerProcess? process;

    private DnsmasqServer()
    {
    }

    /// <summary>Where it answers, UDP and TCP.</summary>
    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, TestMachine.FreePort());

    /// <summary>Its process.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Starts it and waits until it answers; without the program the test is skipped.</summary>
    /// <param name="domain">What it answers for.</param>
    /// <param name="hosts">Names and their addresses; at least one.</param>
    public static async Task<DnsmasqServer> StartAsync(string domain, IReadOnlyList<(string Name, string Address)> hosts)
    {
        var dnsmasq = TestMachine.Require("dnsmasq");
        var server = new DnsmasqServer();
        await File.WriteAllLinesAsync(
            server.folder.File("dnsmasq.conf"),
            [
                string.Create(CultureInfo.InvariantCulture, $"port={server.Endpoint.Port}"), "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts",
                "no-poll", "pid-file=", "cache-size=10000", "local-ttl=60", $"local=/{domain}/", .. hosts.Select(host => $"host-record={host.Name},{host.Address}"),
            ]);
        server.process = ServerProcess.Start(dnsmasq, ["-k", "-u", Environment.UserName, "-C", server.folder.File("dnsmasq.conf")], server.folder.Path);
        await Eventually.TrueAsync("dnsmasq answers", async () =>
        {
            if (!server.process.IsRunning)
                throw new InvalidOperationException($"dnsmasq ended: {server.process.Output}");
            return (await Dig.ShortAsync(server.Endpoint, hosts[0].Name, "A")).Contains(hosts[0].Address);
        });
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }
}
