using System.Runtime.InteropServices;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Reads the attributes of a message. One that is cut off, or says a length it cannot have, ends the reading.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>What the attribute is, without its flags.</summary>
    internal ushort Kind { get; private set; }

    /// <summary>Its value.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next attribute; false after the last.</summary>
    internal bool Read()
    {
        if (rest.Length < Netlink.AttributeLength)
            return false;
        var length = MemoryMarshal.Read<ushort>(rest);
        if (length < Netlink.AttributeLength || length > rest.Length)
            return false;
        Kind = (ushort)(MemoryMarshal.Read<ushort>(rest[2..]) & Netlink.AttributeKind);
        Value = rest[Netlink.AttributeLength..length];
        rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
        return true;
    }
}
