using System.Net;
using System.Net.Sockets;

namespace Interlook.Fixtures.Networks;

/// <summary>Everything that comes in on an interface (sockaddr_ll, packet(7)).</summary>
/// <param name="index">The number of the interface.</param>
internal sealed class PacketEndPoint(int index) : EndPoint
{
    private const int Length = 20;
    private const int EveryProtocol = 0x0003; // ETH_P_ALL

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        var name = new SocketAddress(AddressFamily.Packet, Length);
        name[2] = EveryProtocol >> 8; // in network order
        name[3] = EveryProtocol & 0xFF;
        BitConverter.GetBytes(index).CopyTo(name.Buffer.Span[4..]);
        return name;
    }
}
