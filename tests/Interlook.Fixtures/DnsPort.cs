using System.Net;
using System.Net.Sockets;

namespace Interlook.Fixtures;

/// <summary>
/// Ports for DNS servers: free for UDP and TCP at once, and below those that the kernel hands out to clients, of which tests of DNS have
/// thousands. No port is given twice by one process.
/// </summary>
public static class DnsPort
{
    private const int First = 15_000;
    private const int Count = 15_000;

    private static readonly int[] Last = [Random.Shared.Next(Count)];

    /// <summary>A port that was free a moment ago on every address.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref Last[0]) % Count);
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
