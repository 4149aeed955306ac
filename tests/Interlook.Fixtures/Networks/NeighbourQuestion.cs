using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Interlook.Fixtures.Networks;

/// <summary>
/// What a client asks to learn where an address is: an ARP request (RFC 826) or a neighbour solicitation (RFC 4861 section 4.3). Each is asked
/// from one of <see cref="Numbers"/> addresses that nobody has, so that an answer says which question it answers. Written without the code
/// that the tests are of. Pure.
/// </summary>
internal static class NeighbourQuestion
{
    /// <summary>So many questions can be told apart.</summary>
    internal const int Numbers = 50;

    private const int FirstNumber = 200; // 10.99.0.200 and fd99::ee:200; machines and their addresses have lower ones
    private const int Ethernet = 14;
    private const int Ipv6 = 40;
    private const ushort ArpType = 0x0806;
    private const ushort Ipv6Type = 0x86DD;
    private const byte Icmpv6 = 58;

    /// <summary>A question.</summary>
    /// <param name="address">Where is it?</param>
    /// <param name="hardware">Who asks.</param>
    /// <param name="number">The number of the question.</param>
    internal static byte[] Of(IPAddress address, PhysicalAddress hardware, int number) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? Solicitation(address, hardware, number) : Request(address, hardware, number);

    /// <summary>Reads an answer to one.</summary>
    /// <returns>The address, the number of the question, and who answers; null for any other frame.</returns>
    internal static (IPAddress Address, int Number, PhysicalAddress Hardware)? Answer(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Ethernet + 28)
            return null;
        var content = frame[Ethernet..];
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case ArpType when content[7] == 2 && content[24..27].SequenceEqual((ReadOnlySpan<byte>)[10, 99, 0]):
                return Of(new(content[14..18]), content[27], content[8..14]);
            case Ipv6Type when content.Length >= Ipv6 + 24 && content[6] == Icmpv6 && content[Ipv6] == 136 && content[24..38].SequenceEqual(Source(0).AsSpan(..14)):
                return Of(new(content[(Ipv6 + 8)..(Ipv6 + 24)]), content[39], frame[6..12]);
            default:
                return null;
        }

        static (IPAddress, int, PhysicalAddress)? Of(IPAddress address, int number, ReadOnlySpan<byte> hardware) =>
            number is >= FirstNumber and < FirstNumber + Numbers ? (address, number - FirstNumber, new(hardware.ToArray())) : null;
    }

    private static byte[] Request(IPAddress address, PhysicalAddress hardware, int number) =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. hardware.GetAddressBytes(), ArpType >> 8, ArpType & 0xFF,
        0, 1, 8, 0, 6, 4, 0, 1, // Ethernet, IPv4, their lengths, request
        .. hardware.GetAddressBytes(), 10, 99, 0, (byte)(FirstNumber + number), 0, 0, 0, 0, 0, 0, .. address.GetAddressBytes(),
    ];

    private static byte[] Solicitation(IPAddress address, PhysicalAddress hardware, int number)
    {
        var target = address.GetAddressBytes();
        byte[] group = [0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, .. target[13..]]; // RFC 4291 section 2.7.1
        byte[] message = [135, 0, 0, 0, 0, 0, 0, 0, .. target, 1, 1, .. hardware.GetAddressBytes()];
        byte[] addresses = [.. Source(number), .. group];
        // RFC 8200 section 8.1: over the addresses, the length, the next header and the message.
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum([.. addresses, 0, (byte)message.Length, 0, Icmpv6, .. message]));
        return
        [
            0x33, 0x33, .. group[12..], .. hardware.GetAddressBytes(), Ipv6Type >> 8, Ipv6Type & 0xFF,
            0x60, 0, 0, 0, 0, (byte)message.Length, Icmpv6, 255, .. addresses, .. message,
        ];
    }

    private static byte[] Source(int number) => [0xFD, 0x99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xEE, 0, (byte)(FirstNumber + number)];

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var at = 0; at < bytes.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
