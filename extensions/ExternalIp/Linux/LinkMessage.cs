using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Messages about interfaces: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK. Pure.</summary>
internal static class LinkMessage
{
    private const int LongestName = 15; // IFNAMSIZ without its zero

    /// <summary>Reads what follows the header.</summary>
    /// <returns>The interface; null when the message is not whole.</returns>
    internal static LinkState? Read(ReadOnlySpan<byte> content)
    {
        if (content.Length < Netlink.LinkLength)
            return null;
        var kind = MemoryMarshal.Read<ushort>(content[2..]);
        var index = MemoryMarshal.Read<int>(content[4..]);
        var flags = MemoryMarshal.Read<uint>(content[8..]);
        var name = "";
        var hardware = PhysicalAddress.None;
        var promotes = false;
        var attributes = new NetlinkAttributes(content[Netlink.LinkLength..]);
        while (attributes.Read())
        {
            switch (attributes.Kind)
            {
                case Netlink.LinkName:
                    name = Encoding.UTF8.GetString(attributes.Value.TrimEnd((byte)0));
                    break;
                case Netlink.LinkHardware:
                    hardware = new(attributes.Value.ToArray());
                    break;
                case Netlink.LinkFamilies:
                    promotes = Promotes(attributes.Value);
                    break;
            }
        }
        const uint Running = Netlink.LinkUp | Netlink.LinkRunning;
        const uint Silent = Netlink.LinkLoopback | Netlink.LinkNoArp;
        return name == ""
            ? null
            : new(
                index, name, (flags & Netlink.LinkUp) != 0, (flags & Running) == Running,
                kind == Netlink.Ethernet && (flags & Silent) == 0 && hardware.GetAddressBytes().Length == 6, hardware, promotes);
    }

    /// <summary>Asks for an interface.</summary>
    /// <exception cref="ExtensionException">No interface can have that name.</exception>
    internal static void WriteGet(NetlinkWriter writer, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length is 0 or > LongestName)
            throw new ExtensionException(Reason.Invalid, $"`{name}` is no name of an interface: it has 1 to {LongestName} characters");
        writer.Begin(Netlink.GetLink, Netlink.Acknowledge, Netlink.LinkLength);
        writer.Add(Netlink.LinkName, [.. bytes, 0]);
        writer.Add(Netlink.LinkExtended, Netlink.SkipStatistics);
    }

    /// <summary>
    /// Asks the kernel to keep the other addresses of a network when its first one goes (net.ipv4.conf.*.promote_secondaries).
    /// </summary>
    internal static void WritePromote(NetlinkWriter writer, int index)
    {
        NetlinkWriter.Write(writer.Begin(Netlink.SetLink, Netlink.Acknowledge, Netlink.LinkLength)[4..], index);
        var families = writer.Open();
        var family = writer.Open();
        var settings = writer.Open();
        writer.Add(Netlink.PromoteSecondaries, 1u);
        writer.Close(settings, Netlink.LinkSettings);
        writer.Close(family, Netlink.Ipv4);
        writer.Close(families, Netlink.LinkFamilies);
    }

    // The settings come as an array of numbers without names, counted from one.
    private static bool Promotes(ReadOnlySpan<byte> families)
    {
        var family = new NetlinkAttributes(families);
        while (family.Read())
        {
            if (family.Kind != Netlink.Ipv4)
                continue;
            var settings = new NetlinkAttributes(family.Value);
            while (settings.Read())
            {
                if (settings.Kind == Netlink.LinkSettings && settings.Value.Length >= Netlink.PromoteSecondaries * 4)
                    return MemoryMarshal.Read<uint>(settings.Value[((Netlink.PromoteSecondaries - 1) * 4)..]) != 0;
            }
        }
        return false;
    }
}
