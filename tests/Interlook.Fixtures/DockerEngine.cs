using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Fixtures;

/// <summary>
/// A real Docker Engine of its own: a daemon started as a child process with its own folders and socket, and an image
/// <see cref="Image"/> that needs no registry. It uses the machine's default bridge, so only one runs at a time: a lock file makes a
/// second test process wait. Disposing removes containers, the swarm and the network state that the daemon made.
/// </summary>
public sealed class DockerEngine : IAsyncDisposable
{
    /// <summary>An image that holds busybox and nothing else: <c>httpd -f -p 80</c> is a web server, <c>sleep</c> waits.</summary>
    public const string Image = "busybox:1";

    private static readonly string[] Applets = ["sh", "sleep", "httpd", "nc", "wget", "true", "false", "cat", "echo", "test", "rm", "touch"];

    // dockerd loads what it needs of the image store and the network in about 10 s on a slow machine.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder folder;
    private readonly FileStream machineLock;
    private readonly string daemonProgram;
    private readonly string clientProgram;
    private readonly HashSet<string> linksBefore;
    private string[] forwardBefore = [];
    private ServerProcess? daemon;

    private DockerEngine(TemporaryFolder folder, FileStream machineLock, string daemonProgram, string clientProgram)
    {
        this.folder = folder;
        this.machineLock = machineLock;
        this.daemonProgram = daemonProgram;
        this.clientProgram = clientProgram;
        linksBefore = Links();
    }

    /// <summary>The daemon's unix socket.</summary>
    public string SocketPath => folder.File("docker.sock");

    /// <summary>The endpoint as the configuration writes it.</summary>
    public string Endpoint => $"unix://{SocketPath}";

    /// <summary>What the daemon wrote since its last start.</summary>
    public string Log => daemon?.Output ?? "";

    /// <summary>Starts a daemon, waits for another test's to end first, and imports <see cref="Image"/>. Skips the test where none can run.</summary>
    public static async Task<DockerEngine> StartAsync()
    {
        var daemonProgram = TestMachine.Require("dockerd");
        var clientProgram = TestMachine.Require("docker");
        TestMachine.Require("iptables");
        TestMachine.Require("busybox");
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            TestMachine.Absent("a Docker Engine can only be started by root on Linux");
        var machineLock = await LockMachineAsync();
        await ForgetDeadDaemonsAsync();
        var engine = new DockerEngine(new TemporaryFolder(), machineLock, daemonProgram, clientProgram);
        try
        {
            engine.forwardBefore = (await RunAsync(TestMachine.Require("iptables"), ["-S", "FORWARD"])).Split('\n')[0].Split(' ');
            await engine.StartDaemonAsync();
            await engine.ImportImageAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the docker command against this daemon.</summary>
    /// <returns>What it wrote to standard output, trimmed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public async Task<string> DockerAsync(params IEnumerable<string> arguments) =>
        await RunAsync(clientProgram, ["-H", Endpoint, .. arguments]);

    /// <summary>Starts a container in the background: a web server on port 80 unless a command is given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="options">More arguments of <c>docker run</c>, such as <c>-p 80</c>.</param>
    /// <param name="command">What it runs.</param>
    /// <returns>Its id.</returns>
    public Task<string> RunContainerAsync(
        string name, IEnumerable<(string Key, string Value)> labels, IEnumerable<string>? options = null, IEnumerable<string>? command = null) =>
        DockerAsync(
            [
                "run", "-d", "--name", name, .. labels.SelectMany(label => (string[])["-l", $"{label.Key}={label.Value}"]), .. options ?? [], Image,
                .. command ?? ["httpd", "-f", "-p", "80"],
            ]);

    /// <summary>Makes this daemon the only node and manager of a swarm, known to it as 127.0.0.1.</summary>
    public Task InitializeSwarmAsync() => DockerAsync("swarm", "init", "--advertise-addr", "127.0.0.1");

    /// <summary>Leaves the swarm, with all its services.</summary>
    public Task LeaveSwarmAsync() => DockerAsync("swarm", "leave", "--force");

    /// <summary>Removes every container.</summary>
    public async Task RemoveContainersAsync()
    {
        var ids = (await DockerAsync("ps", "-aq")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > 0)
            await DockerAsync(["rm", "-f", .. ids]);
    }

    /// <summary>Ends the daemon in good order; its containers are stopped and stay on disk.</summary>
    public async Task StopDaemonAsync()
    {
        if (daemon is not { } running)
            return;
        daemon = null;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        await running.SignalAsync("TERM");
        await running.WaitForExitAsync(patience.Token);
        await running.DisposeAsync();
    }

    /// <summary>Ends the daemon as the kernel would; its containers go on until it starts again.</summary>
    public async Task KillDaemonAsync()
    {
        if (daemon is not { } running)
            return;
        daemon = null;
        await running.SignalAsync("KILL");
        await running.WaitForExitAsync(CancellationToken.None);
        await running.DisposeAsync();
        await ForgetContainerdAsync();
    }

    // containerd dies with its dockerd. Where nobody reaps it, its process number stays taken, and a new dockerd would take it for alive.
    private async Task ForgetContainerdAsync()
    {
        var pidFile = folder.File("exec/containerd/containerd.pid");
        if (!File.Exists(pidFile))
            return;
        var stat = $"/proc/{(await File.ReadAllTextAsync(pidFile)).Trim()}/stat";
        await Eventually.TrueAsync("containerd has ended", () => !File.Exists(stat) || File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal));
        File.Delete(pidFile);
    }

    /// <summary>Sends the daemon a signal: <c>STOP</c> lets it hang, <c>CONT</c> go on. Nothing where none runs.</summary>
    public Task SignalAsync(string signal) => daemon?.SignalAsync(signal) ?? Task.CompletedTask;

    /// <summary>Starts the daemon, unless it runs, on the same socket with the same data, and waits until it answers.</summary>
    public async Task StartDaemonAsync()
    {
        if (daemon is { IsRunning: true })
            return;
        File.Delete(folder.File("pid"));
        daemon = ServerProcess.Start(
            daemonProgram,
            [
                $"--host={Endpoint}", $"--data-root={folder.File("data")}", $"--exec-root={folder.File("exec")}", $"--pidfile={folder.File("pid")}",
                "--shutdown-timeout=5", "--log-level=warn",
            ]);
        var started = daemon;
        await Eventually.TrueAsync(
            "dockerd answers",
            async () =>
            {
                if (!started.IsRunning)
                    TestMachine.Absent($"dockerd does not run here: {LastLines(started.Output)}");
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
                await socket.SendAsync("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"u8.ToArray());
                var answer = new byte[64];
                var length = await socket.ReceiveAsync(answer);
                return Encoding.ASCII.GetString(answer, 0, length).Contains(" 200 ", StringComparison.Ordinal);
            },
            StartPatience);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (daemon is { IsRunning: true })
            {
                await RemoveContainersAsync();
                await TryAsync(LeaveSwarmAsync);
            }
        }
        finally
        {
            await StopDaemonAsync();
            await RemoveNetworkStateAsync();
            folder.Dispose();
            await machineLock.DisposeAsync();
        }
    }

    private static async Task<FileStream> LockMachineAsync()
    {
        FileStream? held = null;
        var path = Path.Combine(Path.GetTempPath(), "interlook-dockerd.lock");
        await Eventually.TrueAsync(
            "no other test process runs a Docker Engine",
            () =>
            {
                // The lock goes with the process that holds it; the file stays.
                held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return true;
            },
            TimeSpan.FromMinutes(10));
        return held!;
    }

    /// <summary>
    /// A daemon that was ended by force leaves the network namespaces of its containers, and on the bridge their ends answer for addresses that ours
    /// will have. While the machine's lock is ours no daemon of a test lives.
    /// </summary>
    private static async Task ForgetDeadDaemonsAsync()
    {
        var left = (await File.ReadAllLinesAsync("/proc/mounts"))
            .Select(line => line.Split(' ')[1])
            .Where(place => place.StartsWith(Path.Combine(Path.GetTempPath(), TemporaryFolder.Beginning), StringComparison.Ordinal)
                && place.Contains("/exec/netns/", StringComparison.Ordinal));
        foreach (var place in left)
            await RunAsync(TestMachine.Require("umount"), [place]);
    }

    private async Task ImportImageAsync()
    {
        var root = folder.File("image");
        var bin = Path.Combine(root, "bin");
        Directory.CreateDirectory(bin);
        Directory.CreateDirectory(Path.Combine(root, "tmp"));
        File.Copy(TestMachine.Require("busybox"), Path.Combine(bin, "busybox"));
        foreach (var applet in Applets)
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        var archive = folder.File("image.tar");
        await RunAsync(TestMachine.Require("tar"), ["-C", root, "-cf", archive, "."]);
        await DockerAsync("import", archive, Image);
        File.Delete(archive);
    }

    // dockerd leaves its bridges and packet filter chains behind; a bridge that was there before us stays.
    private async Task RemoveNetworkStateAsync()
    {
        foreach (var link in Links().Except(linksBefore).Where(link => link is "docker0" or "docker_gwbridge" || link.StartsWith("br-", StringComparison.Ordinal)))
            await TryAsync(() => RunAsync(TestMachine.Require("ip"), ["link", "delete", link]));
        foreach (var leftover in Mounts())
            await TryAsync(() => RunAsync(TestMachine.Require("umount"), ["-l", leftover]));
        if (linksBefore.Contains("docker0"))
            return;
        await TryAsync(() => RunAsync("/bin/sh", ["-c", RemoveChains]));
        if (forwardBefore is [_, _, var policy])
            await TryAsync(() => RunAsync(TestMachine.Require("iptables"), ["-P", "FORWARD", policy]));
    }

    private const string RemoveChains = """
        for table in filter nat; do
          iptables -t $table -S | grep -E -- '-A .*(DOCKER|docker0|docker_gwbridge)' | sed 's/^-A/-D/' | while read -r rule; do echo "$rule" | xargs iptables -t $table; done
          for chain in $(iptables -t $table -S | awk '$1 == "-N" && $2 ~ /^DOCKER/ { print $2 }'); do iptables -t $table -F $chain; done
          for chain in $(iptables -t $table -S | awk '$1 == "-N" && $2 ~ /^DOCKER/ { print $2 }'); do iptables -t $table -X $chain; done
        done
        """;

    private static HashSet<string> Links() => Directory.Exists("/sys/class/net")
        ? [.. Directory.EnumerateFileSystemEntries("/sys/class/net").Select(link => Path.GetFileName(link))]
        : [];

    private List<string> Mounts() => File.ReadLines("/proc/mounts")
        .Select(line => line.Split(' ')[1])
        .Where(path => path.StartsWith(folder.Path + "/", StringComparison.Ordinal))
        .OrderDescending(StringComparer.Ordinal)
        .ToList();

    private static async Task TryAsync(Func<Task> cleanUp)
    {
        try
        {
            await cleanUp();
        }
        catch (InvalidOperationException)
        {
            // what is not there needs no cleaning
        }
    }

    private static string LastLines(string output) => string.Join(" / ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3));

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} failed: {await error}");
    }
}
