using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Interlook.Fixtures.Networks;

/// <summary>
/// A client on the front that asks every ten milliseconds where each address is, and keeps who answers. An answer names its question, so two
/// answers to one question are two machines that have the address at the same time, however busy the machine is.
/// </summary>
public sealed class AnswerWatcher : IDisposable
{
    private const int MostAtOnce = 64; // of many addresses some at a time, so that asking is not what the machine does
    private const int PacketLevel = 263; // SOL_PACKET
    private const int IgnoreOutgoing = 23; // PACKET_IGNORE_OUTGOING

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<IPAddress, WatchedAddress> watched = new();
    private readonly PhysicalAddress hardware;
    private readonly Socket socket;
    private readonly Thread work;
    private readonly long begun = Stopwatch.GetTimestamp();
    private WatchedAddress[] asked = [];
    private volatile bool isOver;

    private AnswerWatcher(Socket socket, PhysicalAddress hardware)
    {
        this.socket = socket;
        this.hardware = hardware;
        // A thread of its own: those of the pool are busy with the test.
        work = new Thread(Work) { IsBackground = true, Name = "watcher", Priority = ThreadPriority.Highest };
        work.Start();
    }

    /// <summary>Time since its start.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(begun);

    /// <summary>All addresses that were ever watched.</summary>
    public IReadOnlyCollection<WatchedAddress> Addresses => [.. watched.Values];

    /// <summary>Every question that two have answered. Must be empty.</summary>
    public IReadOnlyList<SecondAnswer> Seconds => [.. watched.Values.SelectMany(address => address.Seconds)];

    /// <summary>Starts one on a machine.</summary>
    public static async Task<AnswerWatcher> StartAsync(LaboratoryMachine client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var hardware = PhysicalAddress.Parse(await client.HardwareOnAsync(LaboratoryNetwork.Front));
        var link = LaboratoryMachine.LinkOf(LaboratoryNetwork.Front);
        var index = int.Parse((await client.Namespace.ShowAsync($"-o link show dev {link}")).Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
        var socket = client.Namespace.Do(() => new Socket(AddressFamily.Packet, SocketType.Raw, 0)); // with protocol 0 it receives nothing before it is bound
        socket.Blocking = false;
        socket.ReceiveBufferSize = 1 << 20;
        socket.SetRawSocketOption(PacketLevel, IgnoreOutgoing, BitConverter.GetBytes(1));
        socket.Bind(new PacketEndPoint(index));
        return new(socket, hardware);
    }

    /// <summary>Watches an address from now on; one that is watched already is watched on.</summary>
    public WatchedAddress Watch(IPAddress address)
    {
        var one = watched.GetOrAdd(address, each => new(each, hardware));
        lock (watched)
            Volatile.Write(ref asked, [.. asked.Except([one]), one]);
        return one;
    }

    /// <summary>Asks for an address no longer; what was seen of it stays.</summary>
    public void Leave(IPAddress address)
    {
        lock (watched)
            Volatile.Write(ref asked, [.. asked.Where(each => !each.Address.Equals(address))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        work.Join();
        socket.Dispose();
    }

    private void Work()
    {
        var buffer = new byte[2000];
        var next = Now;
        var at = 0;
        while (!isOver)
        {
            if (Now >= next)
            {
                at = Ask(at);
                next = Now - next > Between ? Now + Between : next + Between;
            }
            var left = next - Now;
            if (socket.Poll(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1), SelectMode.SelectRead))
                Read(buffer);
        }
    }

    private int Ask(int at)
    {
        var all = Volatile.Read(ref asked);
        for (var i = Math.Min(all.Length, MostAtOnce); i > 0; i--)
        {
            at = at + 1 < all.Length ? at + 1 : 0;
            socket.Send(all[at].Ask(Now), SocketFlags.None, out _); // a queue that is full, a link that is down: no answer
        }
        return at;
    }

    private void Read(byte[] buffer)
    {
        while (socket.Receive(buffer, SocketFlags.None, out var error) is > 0 and var length && error == SocketError.Success)
        {
            if (NeighbourQuestion.Answer(buffer.AsSpan(0, length)) is { } answer && watched.TryGetValue(answer.Address, out var address))
                address.Answered(answer.Number, answer.Hardware);
        }
    }
}
