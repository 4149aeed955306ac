using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Interlook.Fixtures;

/// <summary>What the machine under the tests offers.</summary>
public static class TestMachine
{
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

    /// <summary>A TCP port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
