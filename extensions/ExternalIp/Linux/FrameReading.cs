using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Reads from a frame who says to have, or to want, which address. Pure; for anything else, and what is not whole, null.</summary>
internal static class FrameReading
{
    private const int ArpSenderHardware = 8;
    private const int ArpSender = 14;
    private const int ArpTarget = 24;
    private const int ArpLength = 28;

    /// <summary>Who claims an address by a frame.</summary>
    /// <returns>The address, and the hardware address of who claims it.</returns>
    internal static (IPAddress Address, PhysicalAddress Hardware)? Claim(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Frames.EthernetLength)
            return null;
        var content = frame[Frames.EthernetLength..];
        return BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
        {
            Frames.Arp => ClaimByArp(content),
            Frames.Ipv6 => ClaimByAdvertisement(frame[6..12], content),
            _ => null,
        };
    }

    /// <summary>
    /// RFC 5227 section 2.1.1: any packet whose sender has the address; also a probe of somebody else who is about to take it.
    /// </summary>
    private static (IPAddress Address, PhysicalAddress Hardware)? ClaimByArp(ReadOnlySpan<byte> arp)
    {
        if (arp.Length < ArpLength
            || BinaryPrimitives.ReadUInt16BigEndian(arp) != Netlink.Ethernet || BinaryPrimitives.ReadUInt16BigEndian(arp[2..]) != Frames.Ipv4
            || arp[4] != 6 || arp[5] != 4)
        {
            return null;
        }
        var hardware = new PhysicalAddress(arp[ArpSenderHardware..ArpSender].ToArray());
        var sender = new IPAddress(arp[ArpSender..(ArpSender + 4)]);
        return (sender.Equals(IPAddress.Any) ? new IPAddress(arp[ArpTarget..ArpLength]) : sender, hardware);
    }

    /// <summary>
    /// RFC 4862 section 5.4: an advertisement of the address, or a solicitation of somebody else who looks whether he may take it.
    /// </summary>
    private static (IPAddress Address, PhysicalAddress Hardware)? ClaimByAdvertisement(ReadOnlySpan<byte> source, ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Frames.Ipv6Length + 24 || packet[6] != Frames.Icmpv6 || packet[7] != Frames.HopLimit)
            return null;
        var icmp = packet[Frames.Ipv6Length..];
        var isDetection = icmp[0] == Frames.Solicitation && packet[8..24].IndexOfAnyExcept((byte)0) < 0;
        return icmp[0] == Frames.Advertisement || isDetection ? (new IPAddress(icmp[8..24]), new PhysicalAddress(source.ToArray())) : null;
    }
}
