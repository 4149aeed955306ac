using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>
/// The sockets of all addresses that are listened on. From <see cref="Open"/> on they are ours and clients wait in them; from <see cref="Serve"/>
/// on they are answered.
/// </summary>
internal sealed class Listeners : IAsyncDisposable
{
    private const string Setting = "dns.embedded.listen";

    /// <summary>More threads than this at one address gain nothing that was measured.</summary>
    private const int MostLoops = 16;

    /// <summary>What the kernel may keep of a burst for each socket, in bytes; it grants what net.core.rmem_max allows.</summary>
    private const int Burst = 4 << 20;

    private const int Attempts = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly List<IDatagramLoop> loops = [];
    private readonly List<StreamListener> streams = [];
    private readonly List<IPEndPoint> endpoints = [];
    private bool serving;

    private Listeners()
    {
    }

    /// <summary>Where queries are taken; with the port that was given where 0 was asked for.</summary>
    internal IReadOnlyList<IPEndPoint> Endpoints => endpoints;

    /// <summary>What ended a listener although nobody stopped it; null while all is well.</summary>
    internal Exception? Fault =>
        loops.Select(loop => loop.Ended).Concat(streams.Select(stream => stream.Ended))
            .Where(ended => ended.IsFaulted)
            .Select(ended => (Exception?)ended.Exception)
            .FirstOrDefault();

    /// <summary>Opens every socket, or none. An address that is taken is tried again for a moment: a server before us may be on its way out.</summary>
    /// <exception cref="ExtensionException">An address cannot be listened on: which, why, and what to do.</exception>
    internal static async Task<Listeners> OpenAsync(
        IReadOnlyList<IPEndPoint> listen, Responder responder, Forwarder? forwarder, QueryCounts counts, TimeProvider time, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            var listeners = new Listeners();
            try
            {
                foreach (var endpoint in listen)
                    listeners.Open(endpoint, responder, forwarder, counts, time);
                return listeners;
            }
            catch (ExtensionException failure)
            {
                await listeners.DisposeAsync();
                if (failure.Reason != Reason.Conflict || attempt == Attempts)
                    throw;
            }
            await Task.Delay(Pause, time, stopping);
        }
    }

    /// <summary>Begins to answer; a second time does nothing.</summary>
    internal void Serve()
    {
        if (serving)
            return;
        serving = true;
        foreach (var loop in loops)
            loop.Start();
        foreach (var stream in streams)
            stream.Start();
    }

    /// <summary>Ends all, and gives the addresses back.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var loop in loops)
        {
            if (!serving)
                loop.Start(); // a loop closes its socket when it ends
            loop.Stop();
        }
        foreach (var loop in loops)
            await loop.Ended.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        foreach (var stream in streams)
            await stream.DisposeAsync();
        loops.Clear();
        streams.Clear();
    }

    private void Open(IPEndPoint wanted, Responder responder, Forwarder? forwarder, QueryCounts counts, TimeProvider time)
    {
        var stream = Bind(wanted, SocketType.Stream, alone: true);
        streams.Add(new(stream, responder, forwarder, counts.NewLane(QueryCounts.Tcp), time));
        var endpoint = (IPEndPoint)stream.LocalEndPoint!;
        endpoints.Add(endpoint);
        var everywhere = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
        if (!LinuxSockets.AreHere)
        {
            loops.Add(new PortableDatagramLoop(
                Bind(endpoint, SocketType.Dgram, alone: true), responder, forwarder, counts.NewLane(QueryCounts.Udp)));
            return;
        }
        for (var i = 0; i < Math.Min(MostLoops, Environment.ProcessorCount); i++)
        {
            var socket = Bind(endpoint, SocketType.Dgram, alone: i == 0);
            if (everywhere && endpoint.AddressFamily == AddressFamily.InterNetwork)
                Set(socket, LinuxSockets.IpLevel, LinuxSockets.IpPacketInfo);
            else if (everywhere)
                Set(socket, LinuxSockets.Ipv6Level, LinuxSockets.Ipv6ReceivePacketInfo);
            loops.Add(new LinuxDatagramLoop(socket, everywhere, responder, forwarder, counts.NewLane(QueryCounts.Udp)));
        }
    }

    /// <summary>
    /// Binds a socket. Several at one port share its datagrams; the first binds without that, so that a program that has the port already, another
    /// Interlook too, is found and not joined.
    /// </summary>
    private static Socket Bind(IPEndPoint endpoint, SocketType kind, bool alone)
    {
        var isDatagram = kind == SocketType.Dgram;
        Socket? socket = null;
        try
        {
            socket = new Socket(endpoint.AddressFamily, kind, isDatagram ? ProtocolType.Udp : ProtocolType.Tcp);
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            if (!alone)
                Set(socket, LinuxSockets.SocketLevel, LinuxSockets.ReusePort);
            socket.Bind(endpoint);
            if (isDatagram && alone && LinuxSockets.AreHere)
                Set(socket, LinuxSockets.SocketLevel, LinuxSockets.ReusePort);
            if (isDatagram)
                socket.ReceiveBufferSize = Burst;
            else
                socket.Listen(StreamListener.MostConnections);
            return socket;
        }
        catch (SocketException fault)
        {
            socket?.Dispose();
            throw Explain(endpoint, isDatagram ? "UDP" : "TCP", fault);
        }
    }

    private static void Set(Socket socket, int level, int option) => socket.SetRawSocketOption(level, option, [1, 0, 0, 0]);

    private static ExtensionException Explain(IPEndPoint endpoint, string transport, SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new(
            Reason.Conflict,
            $"{Setting}: {endpoint} is taken by another program ({transport}): stop it, or listen on another address or port", innerException: fault),
        SocketError.AddressNotAvailable => new(
            Reason.Invalid, $"{Setting}: {endpoint.Address} is no address of this machine: list one of its own", innerException: fault),
        SocketError.AccessDenied => new(
            Reason.Unauthorized,
            $"{Setting}: this user may not listen on {endpoint} ({transport}): allow it (CAP_NET_BIND_SERVICE), or take a port above 1023",
            innerException: fault),
        SocketError.AddressFamilyNotSupported => new(
            Reason.Invalid, $"{Setting}: this machine has no {(endpoint.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6")}, which {endpoint} needs: remove it",
            innerException: fault),
        _ => new(
            Reason.Unavailable, $"{Setting}: {endpoint} cannot be listened on ({transport}): {fault.Message}", innerException: fault),
    };
}
