namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Numbers of rtnetlink(7), as include/uapi/linux/{netlink,rtnetlink,if_addr,if_link}.h have them.</summary>
internal static class Netlink
{
    internal const int RouteProtocol = 0; // NETLINK_ROUTE

    internal const int HeaderLength = 16; // nlmsghdr
    internal const int AddressLength = 8; // ifaddrmsg
    internal const int LinkLength = 16; // ifinfomsg
    internal const int AttributeLength = 4; // rtattr

    internal const ushort Error = 2; // NLMSG_ERROR, also the acknowledgement
    internal const ushort Done = 3; // NLMSG_DONE
    internal const ushort Overrun = 4; // NLMSG_OVERRUN

    internal const ushort NewLink = 16;
    internal const ushort DeleteLink = 17;
    internal const ushort GetLink = 18;
    internal const ushort SetLink = 19;
    internal const ushort NewAddress = 20;
    internal const ushort DeleteAddress = 21;
    internal const ushort GetAddress = 22;

    internal const ushort Request = 0x1;
    internal const ushort Acknowledge = 0x4;
    internal const ushort DumpInterrupted = 0x10; // what was listed changed meanwhile
    internal const ushort Replace = 0x100;
    internal const ushort Dump = 0x300; // NLM_F_ROOT | NLM_F_MATCH
    internal const ushort Exclusive = 0x200;
    internal const ushort Create = 0x400;

    internal const uint LinkGroup = 0x1; // RTMGRP_LINK
    internal const uint Ipv4AddressGroup = 0x10; // RTMGRP_IPV4_IFADDR
    internal const uint Ipv6AddressGroup = 0x100; // RTMGRP_IPV6_IFADDR

    internal const byte Ipv4 = 2; // AF_INET
    internal const byte Ipv6 = 10; // AF_INET6

    internal const ushort AddressOfPeer = 1; // IFA_ADDRESS: the same as IFA_LOCAL, unless the interface has a peer
    internal const ushort AddressLocal = 2; // IFA_LOCAL
    internal const ushort AddressTimes = 6; // IFA_CACHEINFO
    internal const ushort AddressFlags = 8; // IFA_FLAGS
    internal const ushort AddressProtocol = 11; // IFA_PROTO

    internal const uint Secondary = 0x01; // IFA_F_SECONDARY; of IPv6 it says "temporary"
    internal const uint NoDuplicateDetection = 0x02; // IFA_F_NODAD
    internal const uint DetectionFailed = 0x08; // IFA_F_DADFAILED
    internal const uint NoPrefixRoute = 0x200; // IFA_F_NOPREFIXROUTE

    internal const ushort LinkHardware = 1; // IFLA_ADDRESS
    internal const ushort LinkName = 3; // IFLA_IFNAME
    internal const ushort LinkFamilies = 26; // IFLA_AF_SPEC
    internal const ushort LinkSettings = 1; // IFLA_INET_CONF
    internal const ushort LinkExtended = 29; // IFLA_EXT_MASK
    internal const uint SkipStatistics = 0x8; // RTEXT_FILTER_SKIP_STATS
    internal const ushort Nested = 0x8000; // NLA_F_NESTED
    internal const ushort AttributeKind = 0x3FFF;

    /// <summary>IPV4_DEVCONF_PROMOTE_SECONDARIES of include/uapi/linux/ip.h: net.ipv4.conf.*.promote_secondaries.</summary>
    internal const int PromoteSecondaries = 20;

    internal const uint LinkUp = 0x1; // IFF_UP
    internal const uint LinkLoopback = 0x8; // IFF_LOOPBACK
    internal const uint LinkRunning = 0x40; // IFF_RUNNING
    internal const uint LinkNoArp = 0x80; // IFF_NOARP
    internal const ushort Ethernet = 1; // ARPHRD_ETHER

    internal const uint Forever = uint.MaxValue; // INFINITY_LIFE_TIME
}
