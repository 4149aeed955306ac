namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>
/// A client's connection and the one to a target, and what goes between. Belongs to one loop and is used on its thread only; used again
/// for later clients, which <see cref="Generation"/> tells apart.
/// </summary>
internal sealed class Relay(EventLoop loop, int slot)
{
    // Enough that a bulk transfer is not slowed by taking turns, few enough that it does not hold up the others.
    private const int Rounds = 16;

    // As many as HAProxy's: a service of which most targets died at once must not keep a client for minutes.
    private const int MostRetries = 3;

    private const uint Everything = Happenings.In | Happenings.Out | Happenings.PeerEnded | Happenings.EdgeTriggered;

    private Flow up;
    private Flow down;
    private int client = -1;
    private int target = -1;
    private byte[]? peer;
    private long activity;
    private List<BalancedTarget>? tried;

    /// <summary>Its place in the loop.</summary>
    public int Slot => slot;

    /// <summary>Counts the clients that this relay served, so that a late event of an earlier one is known as such.</summary>
    public uint Generation { get; private set; }

    /// <summary>Where it stands.</summary>
    public RelayState State { get; private set; }

    /// <summary>Through which listener the client came.</summary>
    public ServiceListener? Listener { get; private set; }

    /// <summary>Where the client's bytes go.</summary>
    public BalancedTarget? Target { get; private set; }

    /// <summary>When it has been silent, or has waited, for too long; in ticks of the loop's clock.</summary>
    public long Deadline => activity + (State == RelayState.Open ? loop.IdleTimeout : loop.ConnectTimeout);

    /// <summary>The neighbours in the wheel's slot, and the slot; -1 while in none.</summary>
    internal Relay? Next { get; set; }

    internal Relay? Previous { get; set; }

    internal int WheelSlot { get; set; } = -1;

    /// <summary>Begins with a client that was accepted.</summary>
    public void Begin(ServiceListener listener, int socket, byte[]? peerAddress)
    {
        (Listener, client, peer) = (listener, socket, peerAddress);
        State = RelayState.Connecting;
        down.Writable = true;
        if (Happenings.Add(loop.Epoll, client, Everything, Token(ofTarget: false)))
            Connect();
        else
            End(isReset: true);
    }

    /// <summary>Something happened to one of the two sockets.</summary>
    public void Happened(bool ofTarget, uint flags)
    {
        if ((flags & Happenings.Out) != 0)
        {
            if (ofTarget)
                up.Writable = true;
            else
                down.Writable = true;
        }
        if ((flags & (Happenings.In | Happenings.PeerEnded | Happenings.HangUp | Happenings.Broken)) != 0)
            MayRead(ref ofTarget ? ref down : ref up, (flags & ~(Happenings.In | Happenings.Out)) != 0);
        if (State == RelayState.Connecting)
        {
            HappenedWhileConnecting(ofTarget, flags);
            return;
        }
        Move();
        // What could be delivered was; the rest has nowhere to come from, or to go.
        if ((flags & Happenings.Broken) != 0 && State == RelayState.Open)
            End(isReset: true);
    }

    /// <summary>Moves on, after others had their turn.</summary>
    public void Move()
    {
        var (sent, received) = (0L, 0L);
        var upwards = up.Move(client, target, loop.Buffer, Rounds, ref sent);
        var downwards = down.Move(target, client, loop.Buffer, Rounds, ref received);
        if (upwards == FlowResult.Broken && downwards == FlowResult.Waits)
        {
            // A target that answers and closes without reading on: its answer may still be here.
            down.Readable = true;
            downwards = down.Move(target, client, loop.Buffer, Rounds, ref received);
        }
        Target!.Carried(sent, received);
        activity = loop.Now;
        if (upwards == FlowResult.Broken || downwards == FlowResult.Broken)
            End(isReset: true);
        else if (up.IsDone && down.IsDone)
            End(isReset: false);
        else
        {
            PassEndOn(ref up, target);
            PassEndOn(ref down, client);
            if (upwards == FlowResult.Goes || downwards == FlowResult.Goes)
                loop.MoveLater(this);
        }
    }

    /// <summary>Its deadline has come.</summary>
    public void Expire()
    {
        if (State == RelayState.Open)
            End(isReset: false);
        else
            ConnectFailed(Libc.Error.TimedOut);
    }

    /// <summary>Ends both connections.</summary>
    /// <param name="isReset">True to reset them, so that nobody takes the end for a proper one.</param>
    public void End(bool isReset)
    {
        Shut(ref client, isReset);
        Shut(ref target, isReset);
        up.Drop();
        down.Drop();
        Target?.Left();
        var listener = Listener!;
        (Listener, Target, tried, peer) = (null, null, null, null);
        State = RelayState.Free;
        Generation++;
        loop.Release(this);
        listener.Service.Leave();
    }

    private static void MayRead(ref Flow flow, bool toEnd)
    {
        flow.Readable = true;
        flow.ReadToEnd |= toEnd;
    }

    private static void PassEndOn(ref Flow flow, int to)
    {
        if (!flow.WantsClosing)
            return;
        flow.Closed = true;
        _ = Libc.Shutdown(to);
    }

    private static void Shut(ref int socket, bool isReset)
    {
        if (socket < 0)
            return;
        if (isReset)
            Libc.ResetOnClose(socket);
        _ = Libc.Close(socket);
        socket = -1;
    }

    private void HappenedWhileConnecting(bool ofTarget, uint flags)
    {
        // What the client sends waits in the kernel, so that another target can still have it.
        if (!ofTarget)
        {
            if ((flags & Happenings.Broken) != 0)
                End(isReset: true);
        }
        else if ((flags & (Happenings.Broken | Happenings.HangUp)) != 0 && Libc.TakeError(target) is not Libc.Error.None and var error)
            ConnectFailed(error);
        else if ((flags & Happenings.Out) != 0)
            Connected();
    }

    private void Connect()
    {
        while (tried is null || tried.Count <= MostRetries)
        {
            if (Listener!.Service.Choose(tried) is not { } chosen)
                break;
            Target = chosen;
            if (TryConnect(chosen.Address!))
                return;
            Failed(Libc.LastError);
        }
        Listener!.Service.Refuse();
        End(isReset: false);
    }

    private bool TryConnect(TargetAddress address)
    {
        target = Libc.OpenSocket(address.Family);
        if (target < 0)
            return false;
        _ = Libc.SetOption(target, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        if (Libc.Connect(target, address.Bytes) < 0 && Libc.LastError is not Libc.Error.InProgress)
            return false;
        if (!Happenings.Add(loop.Epoll, target, Everything, Token(ofTarget: true)))
            return false;
        activity = loop.Now;
        loop.Watch(this);
        return true;
    }

    private void ConnectFailed(Libc.Error error)
    {
        Failed(error);
        Connect();
    }

    private void Failed(Libc.Error error)
    {
        Shut(ref target, isReset: false);
        up.Writable = false;
        (down.Readable, down.ReadToEnd) = (false, false);
        (tried ??= []).Add(Target!);
        Listener!.Service.ConnectFailed(Target!, error);
        Target!.Left();
        Target = null;
    }

    private void Connected()
    {
        Target!.Connected();
        State = RelayState.Open;
        if (loop.IdleTimeout < loop.ConnectTimeout)
            loop.Watch(this); // it stands in a slot that comes too late
        if (Listener!.UsesProxyHeader)
        {
            // The first bytes on a new connection always find room.
            var header = ProxyHeader.Write(peer, Listener.DestinationOf(client));
            if (Libc.Send(target, header) != header.Length)
            {
                End(isReset: true);
                return;
            }
        }
        Move();
    }

    private ulong Token(bool ofTarget) => ((ulong)(Generation & 0x7fffffff) << 32) | ((uint)slot << 1) | (ofTarget ? 1u : 0u);
}
