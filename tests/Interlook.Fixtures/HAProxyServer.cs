using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Fixtures;

/// <summary>
/// A real HAProxy in master-worker mode, in a folder of its own: a configuration of somebody else's, and after it the file that Interlook
/// owns. It may be stopped, killed and started again; ended with the test.
/// </summary>
public sealed class HAProxyServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ServerProcess? process;

    private HAProxyServer(string binary) => Binary = binary;

    /// <summary>The program.</summary>
    public string Binary { get; }

    /// <summary>The file that Interlook owns; empty when HAProxy first starts.</summary>
    public string ConfigFile => folder.File("interlook.cfg");

    /// <summary>The configuration that is not Interlook's.</summary>
    public string ForeignConfigFile => folder.File("haproxy.cfg");

    /// <summary>The master's socket.</summary>
    public string MasterSocket => folder.File("master.sock");

    /// <summary>Where the foreign section <c>foreign</c> answers HTTP with 204: address and port.</summary>
    public (string Address, int Port) Foreign { get; } = ("127.99.0.1", TestMachine.FreePort());

    /// <summary>A port for services without TLS, free on every loopback address.</summary>
    public int HttpPort { get; } = TestMachine.FreePort();

    /// <summary>A port for services with TLS.</summary>
    public int HttpsPort { get; } = TestMachine.FreePort();

    /// <summary>What HAProxy logged since its last start.</summary>
    public string Output => process?.Output ?? "";

    /// <summary>Writes both files and starts HAProxy; without the program the test is skipped.</summary>
    public static async Task<HAProxyServer> StartNewAsync()
    {
        var server = new HAProxyServer(TestMachine.Require("haproxy"));
        await File.WriteAllTextAsync(server.ConfigFile, "");
        await server.WriteForeignAsync("");
        await server.StartAsync();
        return server;
    }

    /// <summary>Writes the foreign configuration: what is always in it, and more. Takes effect with the next reload or start.</summary>
    public Task WriteForeignAsync(string more) => File.WriteAllTextAsync(ForeignConfigFile, $"""
        global
            hard-stop-after 30s
        defaults
            mode http
            timeout connect 5s
            timeout client 5s
            timeout server 5s
        frontend foreign
            bind {Foreign.Address}:{Foreign.Port}
            http-request return status 204

        """ + more);

    /// <summary>Starts HAProxy and waits until it answers.</summary>
    public async Task StartAsync()
    {
        process = ServerProcess.Start(
            Binary, ["-W", "-S", MasterSocket + ",mode,600", "-f", ForeignConfigFile, "-f", ConfigFile], folder.Path);
        await Eventually.TrueAsync("HAProxy has a worker", async () => (await ProcessesAsync()).Workers.Count > 0);
    }

    /// <summary>Ends HAProxy as its supervisor would.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        process = null;
    }

    /// <summary>Kills the master and its workers at once, as the kernel would, also in the middle of a reload.</summary>
    public async Task KillAsync()
    {
        await process!.SignalAsync("STOP"); // a master that stands still makes no more workers
        var children = ChildrenOf(process.Id);
        await process.SignalAsync("KILL");
        await process.WaitForExitAsync(CancellationToken.None);
        foreach (var child in children)
            await SignalAsync(child, "KILL");
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Sends a signal to the master: <c>STOP</c>, <c>CONT</c>, <c>USR2</c>.</summary>
    public Task SignalAsync(string signal) => process!.SignalAsync(signal);

    /// <summary>Runs one command at the master's socket.</summary>
    public async Task<string> AskAsync(string command)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(MasterSocket));
        await socket.SendAsync(Encoding.ASCII.GetBytes(command + ";quit\n"));
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Reloads, and waits until the master has ended it.</summary>
    public async Task ReloadAsync()
    {
        // While the master reloads for somebody else it refuses connections.
        var before = int.MaxValue;
        await Eventually.TrueAsync("the master counts its reloads", async () => (before = (await ProcessesAsync()).Reloads) >= 0);
        await Eventually.TrueAsync("the master takes the order", async () => await AskAsync("reload") is not null);
        await Eventually.TrueAsync("HAProxy has reloaded", async () => (await ProcessesAsync()).Reloads > before);
    }

    /// <summary>What the master says of itself: reloads so far, failed ones since the last good one, and its current workers.</summary>
    public async Task<(int Reloads, int Failed, IReadOnlyList<int> Workers)> ProcessesAsync()
    {
        var (reloads, failed, workers, current) = (-1, 0, new List<int>(), false);
        foreach (var line in (await AskAsync("show proc")).Split('\n'))
        {
            if (line.StartsWith('#'))
                current = line.StartsWith("# workers", StringComparison.Ordinal);
            var words = line.Split([' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "master", var count, "failed:", var bad, ..])
                (reloads, failed) = (Number(count), Number(bad));
            else if (current && words is [var worker, "worker", ..])
                workers.Add(Number(worker));
        }
        return reloads < 0 ? throw new InvalidDataException("the master did not show its processes") : (reloads, failed, workers);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                // proc(5): pid (name) state parent …; the name may hold blanks and brackets.
                if (!int.TryParse(Path.GetFileName(folder), out var id))
                    continue;
                var stat = File.ReadAllText(folder + "/stat");
                if (stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == parent.ToString(CultureInfo.InvariantCulture))
                    children.Add(id);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
        return children;
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
