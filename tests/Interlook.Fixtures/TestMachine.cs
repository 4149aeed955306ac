using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Interlook.Fixtures;

/// <summary>What the machine under the tests offers.</summary>
public static class TestMachine
{
    private const int FirstPort = 15_000;
    private const int Ports = 15_000;

    private static readonly int[] LastPort = [Random.Shared.Next(Ports)];

    /// <summary>Where <c>tests/install.sh</c> puts programs that are not installed as packages.</summary>
    public static string Cache { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "interlook");

    /// <summary>Finds a program on the path or in the cache; without it the test is skipped, and in CI it fails.</summary>
    /// <param name="program">The file's name, <c>haproxy</c>.</param>
    /// <returns>Its full path.</returns>
    public static string Require(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/usr/local/sbin", "/sbin", Path.Combine(Cache, "bin")]);
        var found = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is not null)
            return found;
        Absent($"{program} is not installed: run tests/install.sh");
        return "";
    }

    /// <summary>Skips the test because something is missing here; in CI (<c>CI=true</c>) fails it.</summary>
    public static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>
    /// A port that was free a moment ago on every address, for UDP and TCP at once. No port is given twice by one process, and all are below those that
    /// the kernel gives to clients (<c>ip_local_port_range</c>), of which tests have thousands: none of them takes it before its server does.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref LastPort[0]) % Ports);
            if (IsFree(port, SocketType.Dgram, ProtocolType.Udp) && IsFree(port, SocketType.Stream, ProtocolType.Tcp))
                return port;
        }
    }

    private static bool IsFree(int port, SocketType kind, ProtocolType protocol)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, kind, protocol) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
