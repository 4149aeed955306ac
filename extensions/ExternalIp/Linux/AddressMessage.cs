using System.Net;
using System.Runtime.InteropServices;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Messages about addresses: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR. Pure.</summary>
internal static class AddressMessage
{
    /// <summary>Reads what follows the header.</summary>
    /// <returns>The interface's number and the address; null when it is none of IPv4 or IPv6, or is not whole.</returns>
    internal static (int Index, PresentAddress Address)? Read(ReadOnlySpan<byte> content)
    {
        if (content.Length < Netlink.AddressLength || content[0] is not (Netlink.Ipv4 or Netlink.Ipv6))
            return null;
        var size = content[0] == Netlink.Ipv4 ? 4 : 16;
        var prefix = content[1];
        uint flags = content[2];
        var index = MemoryMarshal.Read<int>(content[4..]);
        IPAddress? local = null;
        IPAddress? peer = null;
        TimeSpan? lifetime = null;
        byte protocol = 0;
        var attributes = new NetlinkAttributes(content[Netlink.AddressLength..]);
        while (attributes.Read())
        {
            switch (attributes.Kind)
            {
                case Netlink.AddressLocal when attributes.Value.Length == size:
                    local = new(attributes.Value);
                    break;
                case Netlink.AddressOfPeer when attributes.Value.Length == size:
                    peer = new(attributes.Value);
                    break;
                case Netlink.AddressTimes when attributes.Value.Length >= 8:
                    var valid = MemoryMarshal.Read<uint>(attributes.Value[4..]);
                    lifetime = valid == Netlink.Forever ? null : TimeSpan.FromSeconds(valid);
                    break;
                case Netlink.AddressFlags when attributes.Value.Length >= 4: // wider than the field in the structure
                    flags = MemoryMarshal.Read<uint>(attributes.Value);
                    break;
                case Netlink.AddressProtocol when attributes.Value.Length >= 1:
                    protocol = attributes.Value[0];
                    break;
            }
        }
        if ((local ?? peer) is not { } address || prefix > size * 8)
            return null;
        var isIPv4 = size == 4;
        return (index, new(
            new(address, prefix), protocol, lifetime,
            IsSecondary: isIPv4 && (flags & Netlink.Secondary) != 0,
            IsRefused: !isIPv4 && (flags & Netlink.DetectionFailed) != 0));
    }

    /// <summary>Asks for all addresses.</summary>
    internal static void WriteList(NetlinkWriter writer) => writer.Begin(Netlink.GetAddress, Netlink.Dump, Netlink.AddressLength);

    /// <summary>Asks to add an address, or to let it live on.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="index">The interface.</param>
    /// <param name="address">The address.</param>
    /// <param name="lifetime">How long it lives.</param>
    /// <param name="protocol">The mark; 0 for none.</param>
    /// <param name="isNew">True when it must not be there yet.</param>
    /// <param name="makesRoute">IPv6: the route to its network is made and removed with it. To IPv4 the kernel attends by itself.</param>
    internal static void WriteAdd(NetlinkWriter writer, int index, LinkAddress address, TimeSpan lifetime, byte protocol, bool isNew, bool makesRoute)
    {
        var flags = (ushort)(Netlink.Acknowledge | Netlink.Create | (isNew ? Netlink.Exclusive : Netlink.Replace));
        Begin(writer, Netlink.NewAddress, flags, index, address);
        var valid = (uint)lifetime.TotalSeconds;
        // A deprecated address of IPv6 answers, and is not taken as the source of what the node itself sends (RFC 6724 section 5, rule 3).
        // IPv4 knows no such rule.
        writer.Add(Netlink.AddressTimes, new Times(address.IsIPv6 ? 0 : valid, valid, 0, 0));
        // We have probed ourselves: while the kernel looks for duplicates once more, for a second, the address would not answer.
        if (address.IsIPv6)
            writer.Add(Netlink.AddressFlags, Netlink.NoDuplicateDetection | (makesRoute ? 0 : Netlink.NoPrefixRoute));
        if (protocol != 0)
            writer.Add(Netlink.AddressProtocol, protocol);
    }

    /// <summary>Asks to remove an address.</summary>
    internal static void WriteRemove(NetlinkWriter writer, int index, LinkAddress address) =>
        Begin(writer, Netlink.DeleteAddress, Netlink.Acknowledge, index, address);

    private static void Begin(NetlinkWriter writer, ushort type, ushort flags, int index, LinkAddress address)
    {
        var header = writer.Begin(type, flags, Netlink.AddressLength);
        header[0] = address.IsIPv6 ? Netlink.Ipv6 : Netlink.Ipv4;
        header[1] = (byte)address.PrefixLength;
        NetlinkWriter.Write(header[4..], index);
        Span<byte> bytes = stackalloc byte[16];
        address.Address.TryWriteBytes(bytes, out var length);
        writer.Add(Netlink.AddressLocal, bytes[..length]);
        writer.Add(Netlink.AddressOfPeer, bytes[..length]);
    }

    /// <summary>ifa_cacheinfo.</summary>
    private readonly record struct Times(uint Preferred, uint Valid, uint Created, uint Changed);
}
