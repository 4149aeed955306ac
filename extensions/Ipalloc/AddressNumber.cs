using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.Ipalloc;

/// <summary>Addresses as numbers: the order in which they are leased.</summary>
internal static class AddressNumber
{
    internal static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    internal static IPAddress ToAddress(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new IPAddress(bytes[..4]);
        }
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    internal static string Show(UInt128 number, AddressFamily family) => ToAddress(number, family).ToString();

    internal static int Bits(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;
}
