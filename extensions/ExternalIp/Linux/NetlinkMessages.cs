using System.Runtime.InteropServices;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// Reads the messages in what came from a netlink socket. A message that is cut off, or says a length it cannot have, ends the reading.
/// </summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>What the message is.</summary>
    internal ushort Type { get; private set; }

    /// <summary>Its flags.</summary>
    internal ushort Flags { get; private set; }

    /// <summary>The number of the request it answers.</summary>
    internal uint Sequence { get; private set; }

    /// <summary>What follows the header.</summary>
    internal ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Goes to the next message; false after the last.</summary>
    internal bool Read()
    {
        if (rest.Length < Netlink.HeaderLength)
            return false;
        var length = MemoryMarshal.Read<uint>(rest);
        if (length < Netlink.HeaderLength || length > rest.Length)
            return false;
        Type = MemoryMarshal.Read<ushort>(rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(rest[8..]);
        Content = rest[Netlink.HeaderLength..(int)length];
        rest = rest[Math.Min(rest.Length, ((int)length + 3) & ~3)..];
        return true;
    }

    /// <summary>The error of an <see cref="Netlink.Error"/> message as a positive number; 0 acknowledges.</summary>
    internal readonly int ErrorOf() => Content.Length < 4 ? KernelFault.InvalidArgument : -MemoryMarshal.Read<int>(Content);
}
