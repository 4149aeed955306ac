using System.Buffers.Binary;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// Receives the frames of one protocol that come in on an interface. The kernel keeps them; nobody waits for one, so that whoever asks is never held up.
/// </summary>
internal sealed class FrameReceiver : IDisposable
{
    private const ushort AllMulticast = 2; // PACKET_MR_ALLMULTI

    private readonly LinkState link;
    private readonly Socket socket;

    /// <param name="link">The interface.</param>
    /// <param name="protocol">Of Ethernet: ARP; of IPv6 only neighbour discovery is received.</param>
    /// <param name="open">Opens the socket.</param>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal FrameReceiver(LinkState link, ushort protocol, OpenSocket open)
    {
        this.link = link;
        var handle = open(KernelCalls.PacketFamily, KernelCalls.RawSocket, 0); // with protocol 0 it receives nothing before it is bound
        try
        {
            if (protocol == Frames.Ipv6)
            {
                FilterDiscovery(handle);
                // Somebody else who looks for duplicates asks a group that we are not in.
                var membership = new KernelCalls.PacketMembership { Index = link.Index, Type = AllMulticast };
                KernelCalls.Require(
                    handle, KernelCalls.PacketLevel, KernelCalls.AddMembership, membership, $"multicast cannot be received on {link.Name}");
            }
            var name = new KernelCalls.PacketName
            {
                Family = KernelCalls.PacketFamily,
                Index = link.Index,
                Protocol = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(protocol) : protocol,
            };
            KernelCalls.Bind(handle, name, $"nothing can be received on {link.Name}");
            socket = new(handle) { Blocking = false };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes a frame that has come already.</summary>
    /// <returns>How many bytes of the buffer it takes; 0 when none has.</returns>
    /// <exception cref="ExtensionException">The interface went down, or away.</exception>
    internal int Take(Span<byte> buffer)
    {
        var length = socket.Receive(buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => length,
            SocketError.WouldBlock => 0,
            _ => throw new ExtensionException(Reason.Unreachable, $"nothing can be received on {link.Name}: {error}"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // All IPv6 comes by here; only neighbour solicitations and advertisements shall take room.
    private static unsafe void FilterDiscovery(SafeSocketHandle handle)
    {
        const ushort LoadByte = 0x30; // BPF_LD | BPF_B | BPF_ABS
        const ushort IfEqual = 0x15; // BPF_JMP | BPF_JEQ
        const ushort Return = 0x06; // BPF_RET
        ReadOnlySpan<KernelCalls.FilterInstruction> program =
        [
            new(LoadByte, 0, 0, Frames.EthernetLength + 6),
            new(IfEqual, 0, 4, Frames.Icmpv6),
            new(LoadByte, 0, 0, Frames.EthernetLength + Frames.Ipv6Length),
            new(IfEqual, 1, 0, Frames.Solicitation),
            new(IfEqual, 0, 1, Frames.Advertisement),
            new(Return, 0, 0, 0xFFFF),
            new(Return, 0, 0, 0),
        ];
        fixed (KernelCalls.FilterInstruction* instructions = program)
        {
            var filter = new KernelCalls.FilterProgram { Length = (ushort)program.Length, Instructions = instructions };
            KernelCalls.Require(handle, KernelCalls.SocketLevel, KernelCalls.AttachFilter, filter, "a packet filter cannot be set");
        }
    }
}
