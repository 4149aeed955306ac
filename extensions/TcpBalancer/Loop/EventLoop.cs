using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>
/// A thread with an epoll of its own that carries a share of the connections. Members are used on that thread, but for those that say
/// otherwise.
/// </summary>
internal sealed partial class EventLoop
{
    private const int BufferSize = 64 * 1024;
    private const int Batch = 256;
    private const ulong SignalToken = ulong.MaxValue;
    private const ulong ListenerBit = 1ul << 63;

    private readonly RelayLoops loops;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly long origin;
    private readonly int signal;
    private readonly ITimer timer;
    private readonly Happenings happenings = new(Batch);
    private readonly DeadlineWheel wheel = new();
    private readonly List<Relay> relays = [];
    private readonly Stack<Relay> free = new();
    private readonly ConcurrentQueue<Arrival> arrivals = new();
    private readonly ConcurrentQueue<Action> errands = new();
    private readonly Action<int> accept;
    private readonly Action<Arrival> begin;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Guards the signal's descriptor, whose number may be another's once it is closed.</summary>
    private readonly Lock gate = new();
    private List<Relay> later = [];
    private List<Relay> spare = [];
    private long armed = long.MaxValue;
    private int signalled;
    private int open;
    private bool isStopping;
    private bool isClosed;

    public EventLoop(RelayLoops loops, int number, TcpBalancerOptions options, TimeProvider time, ILogger logger)
    {
        (this.loops, this.time, this.logger) = (loops, time, logger);
        (accept, begin) = (number => loops.Find(number)?.Accept(this), Begin);
        (IdleTimeout, ConnectTimeout) = (options.IdleTimeout.Ticks, options.ConnectTimeout.Ticks);
        origin = time.GetTimestamp();
        Epoll = Libc.CreateEpoll();
        signal = Libc.CreateSignal();
        if (Epoll < 0 || signal < 0 || !Happenings.Add(Epoll, signal, Happenings.In, SignalToken))
        {
            throw new ExtensionException(
                Reason.Exhausted, $"lb.embedded cannot make its event loop: {Libc.Describe(Libc.LastError)}; look at the limit of open files");
        }
        timer = time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(Run) { IsBackground = true, Name = $"lb.embedded {number}" }.Start();
    }

    /// <summary>The epoll; epoll_ctl(2) may be called on any thread.</summary>
    public int Epoll { get; }

    /// <summary>When the present batch of events came, in ticks since the loop began.</summary>
    public long Now { get; private set; }

    /// <summary>How long a connection may be silent, in ticks.</summary>
    public long IdleTimeout { get; }

    /// <summary>How long a target may take to accept, in ticks.</summary>
    public long ConnectTimeout { get; }

    /// <summary>What bytes pass through.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    /// <summary>Connections it carries, those under way to it included. Read on any thread.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>The token of a listener.</summary>
    public static ulong TokenOf(ServiceListener listener) => ListenerBit | (uint)listener.Number;

    /// <summary>Takes a client over, here or on its own thread. Any thread.</summary>
    public void Adopt(Arrival arrival, bool isHere)
    {
        Interlocked.Increment(ref open);
        if (isHere)
        {
            Begin(arrival);
            return;
        }
        arrivals.Enqueue(arrival);
        Signal();
    }

    /// <summary>Does something with every relay in use, on the loop's thread. Any thread.</summary>
    /// <returns>Ends when it is done, at once when the loop has ended.</returns>
    public Task ForEachAsync(Action<Relay> act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (ended.Task.IsCompleted)
            return Task.CompletedTask;
        errands.Enqueue(() =>
        {
            try
            {
                foreach (var relay in relays)
                {
                    if (relay.State != RelayState.Free)
                        act(relay);
                }
            }
            finally
            {
                done.SetResult();
            }
        });
        Signal();
        return Task.WhenAny(done.Task, ended.Task);
    }

    /// <summary>Ends every connection, and the thread. Any thread.</summary>
    public async Task StopAsync()
    {
        await ForEachAsync(relay => relay.End(isReset: false));
        errands.Enqueue(() => isStopping = true);
        Signal();
        await ended.Task;
        await timer.DisposeAsync();
        lock (gate)
        {
            isClosed = true;
            _ = Libc.Close(signal);
            _ = Libc.Close(Epoll);
        }
    }

    /// <summary>Looks at a relay when its deadline has come.</summary>
    public void Watch(Relay relay)
    {
        wheel.Add(relay, Now);
        Arm();
    }

    /// <summary>Lets a relay go on after the others.</summary>
    public void MoveLater(Relay relay) => later.Add(relay);

    /// <summary>A relay has ended.</summary>
    public void Release(Relay relay)
    {
        wheel.Remove(relay);
        free.Push(relay);
        Interlocked.Decrement(ref open);
        loops.Leave();
    }

    private void Run()
    {
        while (!isStopping)
        {
            try
            {
                Turn();
            }
            catch (Exception fault)
            {
                // An exception at the end of a thread would end the process.
                Log.Failed(logger, fault);
            }
        }
        ended.SetResult();
    }

    private void Turn()
    {
        var count = happenings.Wait(Epoll, later.Count > 0 ? 0 : -1);
        Now = time.GetElapsedTime(origin).Ticks;
        for (var i = 0; i < count; i++)
            Handle(happenings[i]);
        GoOn();
        wheel.Advance(Now);
        Arm();
    }

    private void Handle((uint Flags, ulong Token) happening)
    {
        var (flags, token) = happening;
        if (token == SignalToken)
            Answer();
        else if ((token & ListenerBit) != 0)
            Try(accept, (int)(uint)token);
        else
        {
            var relay = relays[(int)((uint)token >> 1)];
            // An event of a connection that ended earlier in this batch.
            if ((uint)(token >> 32) != (relay.Generation & 0x7fffffff) || relay.State == RelayState.Free)
                return;
            try
            {
                relay.Happened((token & 1) != 0, flags);
            }
            catch (Exception fault)
            {
                Abandon(relay, fault);
            }
        }
    }

    /// <summary>A fault of ours must cost no other connection than the one it met.</summary>
    private void Abandon(Relay relay, Exception fault)
    {
        Log.Failed(logger, fault);
        if (relay.State != RelayState.Free)
            relay.End(isReset: true);
    }

    private void GoOn()
    {
        if (later.Count == 0)
            return;
        (later, spare) = (spare, later);
        foreach (var relay in spare)
        {
            if (relay.State == RelayState.Open)
                relay.Move();
        }
        spare.Clear();
    }

    private void Answer()
    {
        Libc.Lower(signal);
        Volatile.Write(ref signalled, 0);
        Interlocked.MemoryBarrier();
        while (arrivals.TryDequeue(out var arrival))
            Try(begin, arrival);
        while (errands.TryDequeue(out var errand))
            Try(static errand => errand(), errand);
    }

    /// <summary>A fault of ours must not cost the other events of its batch, which come only once.</summary>
    private void Try<T>(Action<T> act, T with)
    {
        try
        {
            act(with);
        }
        catch (Exception fault)
        {
            Log.Failed(logger, fault);
        }
    }

    private void Begin(Arrival arrival)
    {
        if (!free.TryPop(out var relay))
        {
            relay = new Relay(this, relays.Count);
            relays.Add(relay);
        }
        relay.Begin(arrival.Listener, arrival.Socket, arrival.Peer);
    }

    private void Due()
    {
        Volatile.Write(ref armed, long.MaxValue);
        Signal();
    }

    /// <summary>Has the timer wake the loop for the next deadline, unless it will be awake by then.</summary>
    private void Arm()
    {
        if (wheel.NextDue >= Volatile.Read(ref armed))
            return;
        Volatile.Write(ref armed, wheel.NextDue);
        timer.Change(TimeSpan.FromTicks(Math.Max(0, wheel.NextDue - Now)), Timeout.InfiniteTimeSpan);
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref signalled, 1) != 0)
            return;
        lock (gate)
        {
            if (!isClosed)
                Libc.Raise(signal);
        }
    }
}
