using System.Net.Sockets;

namespace Interlook.Host.Quickstart;

/// <summary>Finds the Docker daemon of this machine.</summary>
internal static class DockerSocket
{
    private const string Scheme = "unix://";
    private const string Default = "/var/run/docker.sock";

    /// <summary>The socket's path that DOCKER_HOST names, else Docker's default.</summary>
    internal static string Path(Func<string, string?> variable) =>
        variable("DOCKER_HOST") is { } host && host.StartsWith(Scheme, StringComparison.Ordinal) ? host[Scheme.Length..] : Default;

    /// <summary>True when somebody answers there.</summary>
    internal static bool IsReachable(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
