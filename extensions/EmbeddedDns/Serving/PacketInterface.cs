namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>
/// The control message that says which address a datagram came to (IP_PKTINFO, IPV6_PKTINFO). Given back with the answer it says which address that
/// leaves from; the interface in it would force its way too, so it is taken out.
/// </summary>
internal static unsafe class PacketInterface
{
    private const int ControlHeader = 16;

    // struct in_pktinfo { int ifindex; in_addr spec_dst; in_addr addr; }, struct in6_pktinfo { in6_addr addr; int ifindex; }
    private const int InterfaceInIpv4 = 0;
    private const int InterfaceInIpv6 = 16;

    /// <summary>Takes the interface out of what the kernel wrote; no control message is fine.</summary>
    internal static void Forget(void* control, nuint length)
    {
        if (length < ControlHeader + 12)
            return;
        var level = *((int*)control + 2);
        var content = (byte*)control + ControlHeader;
        if (level == LinuxSockets.IpLevel)
            *(int*)(content + InterfaceInIpv4) = 0;
        // An address of one link alone means nothing without its interface (RFC 4007 section 6).
        else if (level == LinuxSockets.Ipv6Level && length >= ControlHeader + 20 && !(content[0] == 0xFE && (content[1] & 0xC0) == 0x80))
            *(int*)(content + InterfaceInIpv6) = 0;
    }
}
