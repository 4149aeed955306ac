using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>A listening socket of a service. Safe for concurrent use.</summary>
internal sealed class ServiceListener : IDisposable
{
    private const int Backlog = 4096; // net.core.somaxconn bounds it

    // A burst is shared out among the loops: each takes so many before it serves them.
    private const int AtOnce = 16;

    private static readonly TimeSpan ShortageTime = TimeSpan.FromMilliseconds(100);

    private readonly RelayLoops loops;
    private readonly ITimer resume;
    private readonly byte[]? destination;

    /// <summary>Guards the descriptor: no accept on a number that was closed and belongs to another by now.</summary>
    private readonly Lock gate = new();
    private int socket;
    private bool isWatched;

    private ServiceListener(BalancedService service, IPEndPoint endpoint, int socket, RelayLoops loops, TcpBalancerOptions options, TimeProvider time)
    {
        (Service, Endpoint, this.socket, this.loops) = (service, endpoint, socket, loops);
        UsesProxyHeader = options.ProxyProtocol;
        if (!endpoint.Address.Equals(IPAddress.Any) && !endpoint.Address.Equals(IPAddress.IPv6Any))
            destination = Libc.SocketAddressOf(endpoint);
        resume = time.CreateTimer(_ => Resume(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Number = loops.Register(this);
    }

    /// <summary>Its number among all listeners.</summary>
    public int Number { get; }

    /// <summary>Whose clients these are.</summary>
    public BalancedService Service { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>True when targets are told who the client is.</summary>
    public bool UsesProxyHeader { get; }

    /// <summary>Binds and listens; clients wait until <see cref="Resume"/>.</summary>
    /// <returns>The listener, or the error of the kernel.</returns>
    public static (ServiceListener? Listener, Libc.Error Error) Open(
        BalancedService service, IPEndPoint endpoint, RelayLoops loops, TcpBalancerOptions options, TimeProvider time)
    {
        if (!loops.HasRoomForListener)
            return (null, Libc.Error.FilesOfProcess);
        var socket = Libc.OpenSocket(endpoint.AddressFamily);
        if (socket < 0)
            return (null, Libc.LastError);
        // Only past connections of this address do not matter (TIME_WAIT, socket(7)); another listener still does.
        _ = Libc.SetOption(socket, Libc.SolSocket, Libc.SoReuseAddress, 1);
        if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
            _ = Libc.SetOption(socket, Libc.IpProtoIpV6, Libc.IpV6Only, 1);
        _ = Libc.SetOption(socket, Libc.IpProtoTcp, Libc.TcpNoDelay, 1); // what it accepts inherits it
        if (Libc.Bind(socket, Libc.SocketAddressOf(endpoint)) < 0 || Libc.Listen(socket, Backlog) < 0)
        {
            var error = Libc.LastError;
            _ = Libc.Close(socket);
            return (null, error);
        }
        return (new ServiceListener(service, endpoint, socket, loops, options, time), Libc.Error.None);
    }

    /// <summary>Takes some of the clients that wait. On the thread of a loop.</summary>
    public void Accept(EventLoop here)
    {
        for (var i = 0; i < AtOnce && TakeOne(here); i++)
        {
        }
    }

    /// <summary>Takes clients, for the first time or again.</summary>
    public void Resume()
    {
        lock (gate)
        {
            if (socket < 0 || isWatched)
                return;
            isWatched = true;
            loops.Watch(this, socket);
        }
    }

    /// <summary>The address that a client connected to.</summary>
    public byte[] DestinationOf(int client) => destination ?? Libc.LocalAddress(client);

    /// <summary>Closes it. Clients that the kernel has greeted already are still taken.</summary>
    public void Dispose()
    {
        Pause();
        for (var i = 0; i < Backlog && TakeOne(null); i++)
        {
        }
        loops.Forget(this);
        resume.Dispose();
        lock (gate)
        {
            if (socket >= 0)
                _ = Libc.Close(socket);
            socket = -1;
        }
    }

    /// <summary>Takes no clients for now: they wait in the kernel's queue, and then before it.</summary>
    private void Pause()
    {
        lock (gate)
        {
            if (socket < 0 || !isWatched)
                return;
            isWatched = false;
            loops.Unwatch(socket);
        }
    }

    private bool TakeOne(EventLoop? here)
    {
        if (!Service.TryEnter())
        {
            Pause();
            if (Service.HasRoom)
                Resume(); // one left in between, and found nothing to resume
            return false;
        }
        if (!loops.TryEnter())
        {
            Service.Leave();
            PauseForShortage(Libc.Error.FilesOfProcess);
            return false;
        }
        var (client, peer, error) = Accept();
        if (client >= 0)
        {
            loops.Adopt(new Arrival(this, client, peer), here);
            return true;
        }
        loops.Leave();
        Service.Leave();
        if (Libc.IsShortage(error))
            PauseForShortage(error);
        // Whatever else accept(2) says is of the client that has gone already; the next may be well.
        return !Libc.IsShortage(error) && error is not (Libc.Error.Again or Libc.Error.None);
    }

    private (int Client, byte[]? Peer, Libc.Error Error) Accept()
    {
        lock (gate)
        {
            if (socket < 0)
                return (-1, null, Libc.Error.None);
            byte[]? peer = null;
            var client = UsesProxyHeader ? Libc.Accept(socket, out peer) : Libc.Accept(socket);
            return (client, peer, client < 0 ? Libc.LastError : Libc.Error.None);
        }
    }

    private void PauseForShortage(Libc.Error error)
    {
        Service.RunShort(error);
        Pause();
        resume.Change(ShortageTime, Timeout.InfiniteTimeSpan);
    }
}
