using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Sends frames on an interface. Its socket receives nothing. Safe for concurrent use.</summary>
internal sealed class FrameSender : IDisposable
{
    // A queue that does not drain must not hold up whoever has addresses to remove.
    private static readonly KernelCalls.TimeValue Patience = new() { Microseconds = 100_000 };

    private readonly SafeSocketHandle socket;

    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal FrameSender(OpenSocket open)
    {
        socket = open(KernelCalls.PacketFamily, KernelCalls.RawSocket, 0);
        KernelCalls.Require(socket, KernelCalls.SocketLevel, KernelCalls.SendTimeout, Patience, "a packet socket cannot be given a time limit");
    }

    /// <summary>Sends a frame.</summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal void Send(ReadOnlySpan<byte> frame, LinkState link)
    {
        var name = new KernelCalls.PacketName { Family = KernelCalls.PacketFamily, Index = link.Index };
        if (KernelCalls.Send(socket, frame, name) is not 0 and var error)
            throw KernelFault.Of(error, $"nothing can be sent on {link.Name}");
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
