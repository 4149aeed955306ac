using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Asks the kernel, and waits for its answer. Not safe for concurrent use.</summary>
internal sealed class NetlinkSocket : IDisposable
{
    /// <summary>
    /// How many changes go in one message: their answers must fit into the socket's buffer, of which each takes far more than its length.
    /// </summary>
    internal const int Batch = 64;

    private const int ReceiveBuffer = 4 << 20;

    // The kernel answers at once, but for its lock over all interfaces, which somebody may hold for long.
    private static readonly KernelCalls.TimeValue Patience = new() { Seconds = 5 };

    private readonly SafeSocketHandle socket;
    private readonly byte[] buffer = new byte[64 * 1024]; // the kernel makes no answer longer than 32 KiB
    private uint sequence = 1;

    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal NetlinkSocket(OpenSocket open)
    {
        socket = open(KernelCalls.NetlinkFamily, KernelCalls.RawSocket, Netlink.RouteProtocol);
        KernelCalls.Require(socket, KernelCalls.SocketLevel, KernelCalls.ReceiveTimeout, Patience, "a netlink socket cannot be given a time limit");
        // Without the right to it the usual buffer has to do, and does for one batch.
        KernelCalls.Set(socket, KernelCalls.SocketLevel, KernelCalls.ReceiveBufferForce, ReceiveBuffer);
    }

    /// <summary>Takes a message of an answer.</summary>
    internal delegate void TakeMessage(NetlinkMessages message);

    /// <summary>Begins a request.</summary>
    internal NetlinkWriter Begin() => new(sequence);

    /// <summary>Sends a request for one thing or a list, and hands over what comes.</summary>
    /// <returns>0, or the number of the error.</returns>
    /// <exception cref="ExtensionException">The kernel could not be asked.</exception>
    internal int Ask(NetlinkWriter request, TakeMessage take)
    {
        var asked = Send(request);
        while (true)
        {
            var messages = Receive();
            while (messages.Read())
            {
                if (messages.Sequence != asked)
                    continue; // of an earlier request that was given up
                if (messages.Type is Netlink.Error or Netlink.Done)
                    return messages.Type == Netlink.Error || messages.Content.Length >= 4 ? messages.ErrorOf() : 0;
                take(messages);
            }
        }
    }

    /// <summary>Sends requests that are only acknowledged.</summary>
    /// <returns>For each 0, or the number of the error.</returns>
    /// <exception cref="ExtensionException">The kernel could not be asked.</exception>
    internal int[] Change(NetlinkWriter requests)
    {
        var first = Send(requests);
        var errors = new int[requests.Next - first];
        var open = errors.Length;
        while (open > 0)
        {
            var messages = Receive();
            while (messages.Read())
            {
                if (messages.Type != Netlink.Error || messages.Sequence - first >= (uint)errors.Length)
                    continue;
                errors[messages.Sequence - first] = messages.ErrorOf();
                open--;
            }
        }
        return errors;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private uint Send(NetlinkWriter request)
    {
        var first = sequence;
        sequence = request.Next;
        var kernel = new KernelCalls.NetlinkName { Family = KernelCalls.NetlinkFamily };
        if (KernelCalls.Send(socket, request.Bytes, kernel) is not 0 and var error)
            throw KernelFault.Of(error, "the kernel cannot be asked by netlink");
        return first;
    }

    private NetlinkMessages Receive()
    {
        var length = KernelCalls.Receive(socket, buffer);
        return length switch
        {
            < 0 => throw KernelFault.Of(-length, "the kernel did not answer by netlink"),
            _ when length > buffer.Length => throw new ExtensionException(Reason.Malformed, "an answer of the kernel is longer than it may be"),
            _ => new(buffer.AsSpan(0, length)),
        };
    }
}
