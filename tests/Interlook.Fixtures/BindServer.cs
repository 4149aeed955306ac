using System.Globalization;
using System.Net;

namespace Interlook.Fixtures;

/// <summary>A real BIND 9 that serves zone files with authority, on a free port of 127.0.0.1. It recurses for nobody.</summary>
public sealed class BindServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ServerProcess? process;

    private BindServer()
    {
    }

    /// <summary>Where it answers, UDP and TCP.</summary>
    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, TestMachine.FreePort());

    /// <summary>Its process.</summary>
    public int ProcessId => process!.Id;

    /// <summary>What it logged.</summary>
    public string Output => process?.Output ?? "";

    /// <summary>Starts it and waits until it answers; without the program the test is skipped.</summary>
    /// <param name="zones">Each zone's name and the text of its file.</param>
    /// <param name="threads">How many processors it uses; all when not given.</param>
    public static async Task<BindServer> StartAsync(IReadOnlyDictionary<string, string> zones, int? threads = null)
    {
        var named = TestMachine.Require("named");
        var server = new BindServer();
        var statements = new List<string>();
        foreach (var (zone, text) in zones)
        {
            await File.WriteAllTextAsync(server.folder.File(zone + ".zone"), text);
            statements.Add($"zone \"{zone}\" {{ type primary; file \"{zone}.zone\"; }};");
        }
        await File.WriteAllTextAsync(server.folder.File("named.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            options {
                directory "{{server.folder.Path}}";
                pid-file none;
                session-keyfile "{{server.folder.File("session.key")}}";
                listen-on port {{server.Endpoint.Port}} { 127.0.0.1; };
                listen-on-v6 { none; };
                recursion no;
                empty-zones-enable no;
                allow-transfer { none; };
                notify no;
                minimal-responses no-auth;
                zero-no-soa-ttl no;
            };
            controls { };
            {{string.Join('\n', statements)}}
            """));
        var processors = threads is { } count ? (IEnumerable<string>)["-n", count.ToString(CultureInfo.InvariantCulture)] : [];
        server.process = ServerProcess.Start(named, ["-g", "-c", server.folder.File("named.conf"), .. processors], server.folder.Path);
        await Eventually.TrueAsync("BIND serves its zones", async () =>
        {
            if (!server.process.IsRunning)
                throw new InvalidOperationException($"named ended: {server.process.Output}");
            return (await Dig.AskAsync(server.Endpoint, "+noall", "+comments", zones.Keys.First(), "SOA")).Contains("NOERROR", StringComparison.Ordinal);
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
