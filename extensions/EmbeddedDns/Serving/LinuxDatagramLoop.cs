using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>
/// Takes and answers datagrams in batches: one call to the kernel for all that wait, one for all their answers. An answer leaves from the address
/// that was asked, also where the socket listens on every address.
/// </summary>
internal sealed class LinuxDatagramLoop : IDatagramLoop
{
    private const int Batch = 32;

    // A query of more is refused as cut off. No power of two, so that the buffers' beginnings do not fall into the same lines of the cache.
    private const int RequestRoom = 4096 + 64;
    private const int ResponseRoom = Responder.LargestUdp + 48;

    private const int NameRoom = 32;

    /// <summary>Room for one IP_PKTINFO or IPV6_PKTINFO (ip(7), ipv6(7)): a header of 16 bytes, 12 or 20 bytes, padding.</summary>
    private const int ControlRoom = 64;

    private readonly Socket socket;
    private readonly Responder responder;
    private readonly Forwarder? forwarder;
    private readonly QueryCounts.Lane counts;
    private readonly bool isOfEveryAddress;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    /// <param name="socket">Bound; belongs to the loop from now on.</param>
    /// <param name="isOfEveryAddress">True when it listens on every address of the machine.</param>
    /// <param name="responder">Answers.</param>
    /// <param name="forwarder">Asks resolvers, if there are any.</param>
    /// <param name="counts">Counts.</param>
    internal LinuxDatagramLoop(Socket socket, bool isOfEveryAddress, Responder responder, Forwarder? forwarder, QueryCounts.Lane counts)
    {
        this.socket = socket;
        this.isOfEveryAddress = isOfEveryAddress;
        this.responder = responder;
        this.forwarder = forwarder;
        this.counts = counts;
    }

    /// <inheritdoc/>
    public Task Ended => ended.Task;

    /// <inheritdoc/>
    public void Start() => new Thread(Run, 256 << 10) { IsBackground = true, Name = "dns.embedded" }.Start();

    /// <inheritdoc/>
    public void Stop()
    {
        stopping = true;
        try
        {
            LinuxSockets.WakeUp(socket.SafeHandle);
        }
        catch (ObjectDisposedException)
        {
            // It has seen the flag already, or had ended before.
        }
    }

    private void Run()
    {
        try
        {
            using var buffers = new Buffers();
            while (!stopping)
                ServeBatch(buffers);
            socket.Dispose();
            ended.SetResult();
        }
        catch (Exception fault)
        {
            socket.Dispose();
            ended.SetException(fault);
        }
    }

    private unsafe void ServeBatch(Buffers buffers)
    {
        buffers.Reset(isOfEveryAddress);
        var received = LinuxSockets.Receive(socket.SafeHandle, buffers.Requests, Batch, LinuxSockets.WaitForOne, null);
        if (received < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (!stopping && LinuxSockets.IsLasting(error))
                throw new Win32Exception(error);
            return;
        }
        buffers.Used = received;
        var answers = 0;
        for (var i = 0; i < received && !stopping; i++)
            answers = Answer(buffers, i, answers);
        Send(buffers.Responses, answers);
    }

    private unsafe int Answer(Buffers buffers, int i, int answers)
    {
        ref var from = ref buffers.Requests[i];
        var request = new ReadOnlySpan<byte>(from.Header.Vectors->Start, (int)from.Length);
        ref var to = ref buffers.Responses[answers];
        var length = responder.Answer(request, new Span<byte>(to.Header.Vectors->Start, ResponseRoom), isStream: false, out var code);
        if (length == Responder.Drop)
            return answers;
        if (length == Responder.Forward)
        {
            _ = RelayAsync(request.ToArray(), Copy(from.Header.Name, from.Header.NameLength), Copy(from.Header.Control, from.Header.ControlLength));
            return answers;
        }
        counts.Count(code);
        to.Header.Name = from.Header.Name;
        to.Header.NameLength = from.Header.NameLength;
        to.Header.Control = from.Header.Control;
        to.Header.ControlLength = from.Header.ControlLength;
        to.Header.Vectors->Length = (nuint)length;
        // The answer leaves from the address that was asked, by whatever way the routes say.
        PacketInterface.Forget(from.Header.Control, from.Header.ControlLength);
        return answers + 1;
    }

    /// <summary>Sends; an answer that cannot be sent, to port 0 say, does not hold up the others.</summary>
    private unsafe void Send(LinuxSockets.Message* answers, int count)
    {
        var sent = 0;
        while (sent < count && !stopping)
        {
            var some = LinuxSockets.Send(socket.SafeHandle, answers + sent, (uint)(count - sent), 0);
            if (some > 0)
                sent += some;
            else if (Marshal.GetLastPInvokeError() != LinuxSockets.Interrupted)
                sent++;
        }
    }

    private async Task RelayAsync(byte[] request, byte[] to, byte[] control)
    {
        var (answer, code) = await forwarder!.AskAsync(request, isStream: false);
        counts.Count(code);
        if (!stopping)
            SendOne(answer, to, control);
    }

    private unsafe void SendOne(byte[] answer, byte[] to, byte[] control)
    {
        fixed (byte* content = answer, name = to, info = control)
        {
            PacketInterface.Forget(info, (nuint)control.Length);
            var part = new LinuxSockets.Vector { Start = content, Length = (nuint)answer.Length };
            var message = new LinuxSockets.Message
            {
                Header = new()
                {
                    Name = name,
                    NameLength = (uint)to.Length,
                    Vectors = &part,
                    VectorCount = 1,
                    Control = info,
                    ControlLength = (nuint)control.Length,
                },
            };
            try
            {
                _ = LinuxSockets.Send(socket.SafeHandle, &message, 1, 0);
            }
            catch (ObjectDisposedException)
            {
                // Stopped meanwhile.
            }
        }
    }

    private static unsafe byte[] Copy(void* start, nuint length) => new ReadOnlySpan<byte>(start, (int)length).ToArray();

    /// <summary>The memory of one loop, outside of the collector's, and the structures that lead to it.</summary>
    private sealed unsafe class Buffers : IDisposable
    {
        private readonly byte* memory;

        internal Buffers()
        {
            const int Vectors = 2 * Batch * 16;
            const int Messages = 2 * Batch * 64;
            var size = Messages + Vectors + (Batch * (NameRoom + ControlRoom + RequestRoom + ResponseRoom));
            memory = (byte*)NativeMemory.AlignedAlloc((nuint)size, 64);
            NativeMemory.Clear(memory, (nuint)size);
            Requests = (LinuxSockets.Message*)memory;
            Responses = Requests + Batch;
            var vectors = (LinuxSockets.Vector*)(memory + Messages);
            var names = (byte*)(vectors + (2 * Batch));
            var controls = names + (Batch * NameRoom);
            var requests = controls + (Batch * ControlRoom);
            var responses = requests + (Batch * RequestRoom);
            for (var i = 0; i < Batch; i++)
            {
                vectors[i] = new() { Start = requests + (i * RequestRoom), Length = RequestRoom };
                vectors[Batch + i] = new() { Start = responses + (i * ResponseRoom), Length = 0 };
                Requests[i].Header = new() { Name = names + (i * NameRoom), Vectors = vectors + i, VectorCount = 1, Control = controls + (i * ControlRoom) };
                Responses[i].Header = new() { Vectors = vectors + Batch + i, VectorCount = 1 };
            }
            Used = Batch;
        }

        internal LinuxSockets.Message* Requests { get; }

        internal LinuxSockets.Message* Responses { get; }

        /// <summary>How many requests the kernel has written to.</summary>
        internal int Used { get; set; }

        public void Dispose() => NativeMemory.AlignedFree(memory);

        /// <summary>Gives back the room that the kernel has shortened to what it wrote.</summary>
        internal void Reset(bool withControl)
        {
            for (var i = 0; i < Used; i++)
            {
                Requests[i].Header.NameLength = NameRoom;
                Requests[i].Header.ControlLength = withControl ? ControlRoom : 0u;
            }
            Used = 0;
        }
    }
}
