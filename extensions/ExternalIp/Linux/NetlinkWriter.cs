using System.Runtime.InteropServices;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// Writes messages of netlink one behind the other, in the byte order of the machine. A message ends where the next begins.
/// </summary>
internal sealed class NetlinkWriter
{
    private byte[] buffer = new byte[4096];
    private int length;
    private int message;
    private uint sequence;

    /// <param name="first">The number of the first message.</param>
    internal NetlinkWriter(uint first) => sequence = first;

    /// <summary>What was written.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>The number that the next message gets.</summary>
    internal uint Next => sequence;

    /// <summary>Begins a message.</summary>
    /// <param name="type">What it asks for.</param>
    /// <param name="flags">How.</param>
    /// <param name="fixedLength">How long the structure is that every message of this type has.</param>
    /// <returns>That structure, all zero. Gone once something else is written.</returns>
    internal Span<byte> Begin(ushort type, ushort flags, int fixedLength)
    {
        message = length;
        var header = Take(Netlink.HeaderLength + fixedLength);
        Write(header[4..], type);
        Write(header[6..], (ushort)(Netlink.Request | flags));
        Write(header[8..], sequence++);
        Close();
        return header[Netlink.HeaderLength..];
    }

    /// <summary>Adds an attribute to the message.</summary>
    internal void Add(ushort kind, ReadOnlySpan<byte> value)
    {
        var start = length;
        value.CopyTo(Take(Netlink.AttributeLength + value.Length)[Netlink.AttributeLength..]);
        Seal(start, kind, Netlink.AttributeLength + value.Length);
    }

    /// <summary>Adds an attribute to the message.</summary>
    internal void Add<T>(ushort kind, T value)
        where T : unmanaged => Add(kind, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Opens an attribute that holds the next ones.</summary>
    /// <returns>What <see cref="Close(int, ushort)"/> is to be given.</returns>
    internal int Open()
    {
        var start = length;
        Take(Netlink.AttributeLength);
        return start;
    }

    /// <summary>Ends an attribute that holds others.</summary>
    internal void Close(int start, ushort kind) => Seal(start, (ushort)(kind | Netlink.Nested), length - start);

    /// <summary>Writes a number in the byte order of the machine.</summary>
    internal static void Write<T>(Span<byte> to, T value)
        where T : unmanaged => MemoryMarshal.Write(to, in value);

    private void Seal(int start, ushort kind, int attributeLength)
    {
        Write(buffer.AsSpan(start), (ushort)attributeLength);
        Write(buffer.AsSpan(start + 2), kind);
        Close();
    }

    private void Close() => Write(buffer.AsSpan(message), length - message);

    // Everything stands at multiples of four (NLMSG_ALIGN, NLA_ALIGN); what fills up is zero.
    private Span<byte> Take(int count)
    {
        var padded = (count + 3) & ~3;
        if (length + padded > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + padded));
        var taken = buffer.AsSpan(length, count);
        length += padded;
        return taken;
    }
}
