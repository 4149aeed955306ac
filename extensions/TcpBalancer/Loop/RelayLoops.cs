using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>The loops of a balancer, and the listeners they share. Safe for concurrent use.</summary>
internal sealed class RelayLoops
{
    // What the rest of Interlook may need: files, connections to platforms, the API, health checks.
    private const int FilesLeftToOthers = 512;

    // What listeners leave to connections, so that many services on a small limit still carry some.
    private const int FilesLeftToConnections = 512;

    // A client is moved to another thread only when that has clearly less to do: a move costs a wake-up.
    private const int Slack = 4;

    private readonly ConcurrentDictionary<int, ServiceListener> listeners = new();
    private readonly EventLoop[] loops;
    private readonly long files;
    private int lastNumber;
    private int listening;
    private int open;

    public RelayLoops(TcpBalancerOptions options, TimeProvider time, ILogger logger)
    {
        var all = Libc.LargestFileCount();
        files = all - Math.Min(FilesLeftToOthers, all / 2);
        loops = new EventLoop[options.Threads == 0 ? Environment.ProcessorCount : options.Threads];
        for (var i = 0; i < loops.Length; i++)
            loops[i] = new EventLoop(this, i, options, time, logger);
    }

    /// <summary>Connections of all services.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>The most connections that the limit of open files allows beside the listeners there are: each has two sockets.</summary>
    public long MostConnections => Math.Max(16, (files - Volatile.Read(ref listening)) / 2);

    /// <summary>True while the limit of open files allows another listener.</summary>
    public bool HasRoomForListener => Volatile.Read(ref listening) < files - Math.Min(FilesLeftToConnections, files / 4);

    /// <summary>Finds a listener that has not closed.</summary>
    public ServiceListener? Find(int number) => listeners.GetValueOrDefault(number);

    /// <summary>Gives a listener its number, which no other gets.</summary>
    public int Register(ServiceListener listener)
    {
        Interlocked.Increment(ref listening);
        var number = Interlocked.Increment(ref lastNumber);
        listeners[number] = listener;
        return number;
    }

    /// <summary>Forgets a listener.</summary>
    public void Forget(ServiceListener listener)
    {
        if (listeners.TryRemove(listener.Number, out _))
            Interlocked.Decrement(ref listening);
    }

    /// <summary>Has all loops watch a listener; a client wakes one of them.</summary>
    public void Watch(ServiceListener listener, int socket)
    {
        foreach (var loop in loops)
            Happenings.Add(loop.Epoll, socket, Happenings.In | Happenings.Exclusive, EventLoop.TokenOf(listener));
    }

    /// <summary>Has no loop watch a listener.</summary>
    public void Unwatch(int socket)
    {
        foreach (var loop in loops)
            Happenings.Remove(loop.Epoll, socket);
    }

    /// <summary>Asks for room for one more connection.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref open) <= MostConnections)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives the room back.</summary>
    public void Leave() => Interlocked.Decrement(ref open);

    /// <summary>Gives a client to the loop that has the least to do.</summary>
    /// <param name="arrival">The client.</param>
    /// <param name="here">The loop on whose thread this is; null on another thread.</param>
    public void Adopt(Arrival arrival, EventLoop? here)
    {
        var chosen = here ?? loops[0];
        var least = here is null ? chosen.Open : chosen.Open - Slack;
        foreach (var loop in loops)
        {
            if (loop.Open < least)
                (chosen, least) = (loop, loop.Open);
        }
        chosen.Adopt(arrival, isHere: chosen == here);
    }

    /// <summary>Ends the connections that are meant, without a reset.</summary>
    public Task EndAsync(Predicate<Relay> which) => Task.WhenAll(loops.Select(loop => loop.ForEachAsync(relay =>
    {
        if (which(relay))
            relay.End(isReset: false);
    })));

    /// <summary>Ends every connection and the threads.</summary>
    public Task StopAsync() => Task.WhenAll(loops.Select(loop => loop.StopAsync()));
}
