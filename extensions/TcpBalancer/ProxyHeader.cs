using System.Buffers.Binary;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>
/// The binary header by which a target learns who its client is (the PROXY protocol, version 2, section 2.2 of its specification by
/// Willy Tarreau). Pure.
/// </summary>
internal static class ProxyHeader
{
    private const byte VersionAndLocal = 0x20;
    private const byte VersionAndProxy = 0x21;
    private const byte TcpOverIPv4 = 0x11;
    private const byte TcpOverIPv6 = 0x21;
    private const int FixedLength = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>The header of a connection that is nobody's: a health check.</summary>
    public static byte[] Local() => [.. Signature, VersionAndLocal, 0, 0, 0];

    /// <summary>The header of a client's connection.</summary>
    /// <param name="source">The client's address, as the kernel gave it (<c>struct sockaddr_in</c> or <c>sockaddr_in6</c>).</param>
    /// <param name="destination">The address it connected to, likewise.</param>
    /// <returns>The header; that of a local connection when the addresses are of no or of different families.</returns>
    public static byte[] Write(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        var family = Family(source);
        if (family != Family(destination) || family is not (2 or 10))
            return Local();
        // struct sockaddr_in: family, port, address; struct sockaddr_in6: family, port, flow, address. Both in network order but the family.
        var (kind, start, length) = family == 2 ? (TcpOverIPv4, 4, 4) : (TcpOverIPv6, 8, 16);
        var header = new byte[FixedLength + (2 * length) + 4];
        Signature.CopyTo(header);
        header[12] = VersionAndProxy;
        header[13] = kind;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)(header.Length - FixedLength));
        var rest = header.AsSpan(FixedLength);
        source.Slice(start, length).CopyTo(rest);
        destination.Slice(start, length).CopyTo(rest[length..]);
        source.Slice(2, 2).CopyTo(rest[(2 * length)..]);
        destination.Slice(2, 2).CopyTo(rest[((2 * length) + 2)..]);
        return header;
    }

    private static int Family(ReadOnlySpan<byte> address) => address.Length < FixedLength ? 0 : BitConverter.ToUInt16(address);
}
