using System.Globalization;
using System.Net;

namespace Interlook.Fixtures;

/// <summary>A real Knot DNS that serves one zone file with authority, on a free port of 127.0.0.1.</summary>
public sealed class KnotServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ServerProcess? process;

    private KnotServer()
    {
    }

    /// <summary>Where it answers, UDP and TCP.</summary>
    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, TestMachine.FreePort());

    /// <summary>Its process.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Starts it and waits until it answers; without the program the test is skipped.</summary>
    /// <param name="zone">The zone's name.</param>
    /// <param name="text">The zone file.</param>
    /// <param name="threads">How many threads serve UDP.</param>
    public static async Task<KnotServer> StartAsync(string zone, string text, int threads)
    {
        var knotd = TestMachine.Require("knotd");
        var server = new KnotServer();
        await File.WriteAllTextAsync(server.folder.File("zone"), text);
        await File.WriteAllTextAsync(server.folder.File("knot.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            server:
                rundir: {server.folder.Path}
                listen: 127.0.0.1@{server.Endpoint.Port}
                udp-workers: {threads}
                tcp-workers: 1
                background-workers: 1
            control:
                listen: {server.folder.File("knot.sock")}
            database:
                storage: {server.folder.Path}
            log:
              - target: stderr
                any: error
            zone:
              - domain: {zone}
                file: {server.folder.File("zone")}
                zonefile-sync: -1
            """));
        server.process = ServerProcess.Start(knotd, ["-c", server.folder.File("knot.conf")], server.folder.Path);
        await Eventually.TrueAsync("Knot serves its zone", async () =>
        {
            if (!server.process.IsRunning)
                throw new InvalidOperationException($"knotd ended: {server.process.Output}");
            return (await Dig.AskAsync(server.Endpoint, "+noall", "+comments", zone, "SOA")).Contains("NOERROR", StringComparison.Ordinal);
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
