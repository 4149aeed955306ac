using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Ethernet frames of ARP (RFC 826) and of neighbour discovery (RFC 4861), written and read. Pure.</summary>
internal static class Frames
{
    internal const ushort Ipv4 = 0x0800;
    internal const ushort Arp = 0x0806;
    internal const ushort Ipv6 = 0x86DD;

    internal const int EthernetLength = 14;
    internal const int Ipv6Length = 40;

    /// <summary>The hop limit of neighbour discovery: what came over a router has less (RFC 4861 section 7.1).</summary>
    internal const byte HopLimit = 255;

    internal const byte Icmpv6 = 58;
    internal const byte Solicitation = 135;
    internal const byte Advertisement = 136;

    private const int ArpLength = 28;
    private const ushort ArpRequest = 1;
    private const ushort ArpReply = 2;
    private const byte Override = 0x20;
    private const byte TargetHardware = 2; // the option "target link-layer address"

    private static ReadOnlySpan<byte> Everybody => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    /// <summary>What tells the neighbours that an address is at a hardware address.</summary>
    internal static byte[][] Announcements(IPAddress address, PhysicalAddress hardware) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? [UnsolicitedAdvertisement(address, hardware)]
            : [GratuitousArp(address, hardware, ArpRequest), GratuitousArp(address, hardware, ArpReply)];

    /// <summary>What asks the neighbours who has an address.</summary>
    internal static byte[] Probe(IPAddress address, PhysicalAddress hardware) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? SolicitationForDetection(address, hardware) : ArpProbe(address, hardware);

    /// <summary>RFC 5227 section 2.1.1: the sender's address is zero, so that nobody's cache changes.</summary>
    private static byte[] ArpProbe(IPAddress address, PhysicalAddress hardware)
    {
        var frame = ArpFrame(hardware, ArpRequest);
        address.TryWriteBytes(frame.AsSpan(EthernetLength + 24), out _);
        return frame;
    }

    /// <summary>RFC 5944 section 4.6: sender and target are the same; a reply also names the hardware address as the target's.</summary>
    private static byte[] GratuitousArp(IPAddress address, PhysicalAddress hardware, ushort operation)
    {
        var frame = ArpFrame(hardware, operation);
        address.TryWriteBytes(frame.AsSpan(EthernetLength + 14), out _);
        address.TryWriteBytes(frame.AsSpan(EthernetLength + 24), out _);
        if (operation == ArpReply)
            hardware.GetAddressBytes().CopyTo(frame.AsSpan(EthernetLength + 18));
        return frame;
    }

    private static byte[] ArpFrame(PhysicalAddress hardware, ushort operation)
    {
        var frame = Begin(ArpLength, Everybody, hardware, Arp);
        var arp = frame.AsSpan(EthernetLength);
        BinaryPrimitives.WriteUInt16BigEndian(arp, Netlink.Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(arp[2..], Ipv4);
        arp[4] = 6;
        arp[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(arp[6..], operation);
        hardware.GetAddressBytes().CopyTo(arp[8..]);
        return frame;
    }

    private static byte[] UnsolicitedAdvertisement(IPAddress address, PhysicalAddress hardware)
    {
        var allNodes = IPAddress.Parse("ff02::1");
        var frame = BeginIcmpv6(24 + 8, Advertisement, address, allNodes, address, hardware);
        var icmp = frame.AsSpan(EthernetLength + Ipv6Length);
        icmp[4] = Override;
        icmp[24] = TargetHardware;
        icmp[25] = 1; // in units of eight bytes
        hardware.GetAddressBytes().CopyTo(icmp[26..]);
        return Seal(frame);
    }

    private static byte[] SolicitationForDetection(IPAddress address, PhysicalAddress hardware)
    {
        // The solicited-node address (RFC 4291 section 2.7.1): ff02::1:ff and the last 24 bits.
        Span<byte> group = stackalloc byte[16];
        address.TryWriteBytes(group, out _);
        ((ReadOnlySpan<byte>)[0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF]).CopyTo(group);
        return Seal(BeginIcmpv6(24, Solicitation, IPAddress.IPv6Any, new(group), address, hardware));
    }

    private static byte[] BeginIcmpv6(int length, byte type, IPAddress source, IPAddress group, IPAddress target, PhysicalAddress hardware)
    {
        Span<byte> destination = stackalloc byte[16];
        group.TryWriteBytes(destination, out _);
        // RFC 2464 section 7: 33:33 and the last four bytes of the group.
        var frame = Begin(Ipv6Length + length, [0x33, 0x33, .. destination[12..]], hardware, Ipv6);
        var header = frame.AsSpan(EthernetLength);
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)length);
        header[6] = Icmpv6;
        header[7] = HopLimit;
        source.TryWriteBytes(header[8..], out _);
        destination.CopyTo(header[24..]);
        header[Ipv6Length] = type;
        target.TryWriteBytes(header[(Ipv6Length + 8)..], out _);
        return frame;
    }

    private static byte[] Begin(int length, ReadOnlySpan<byte> destination, PhysicalAddress hardware, ushort type)
    {
        var frame = new byte[EthernetLength + length];
        destination.CopyTo(frame);
        hardware.GetAddressBytes().CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        return frame;
    }

    /// <summary>Writes the checksum over the addresses, the length, the next header and the message (RFC 8200 section 8.1).</summary>
    private static byte[] Seal(byte[] frame)
    {
        var message = frame.AsSpan(EthernetLength + Ipv6Length);
        var sum = (uint)message.Length + Icmpv6;
        for (var i = EthernetLength + 8; i < frame.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(i));
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)~sum);
        return frame;
    }
}
