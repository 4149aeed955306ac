using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>The addresses of one family from the first to the last, as numbers.</summary>
internal readonly record struct AddressSpan(AddressFamily Family, UInt128 First, UInt128 Last)
{
    internal bool Has(IPAddress address) => address.AddressFamily == Family && Number(address) is var number && number >= First && number <= Last;

    /// <summary>An address as a number, in the order of the network.</summary>
    internal static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address that a number is in this span's family.</summary>
    internal IPAddress Address(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new IPAddress(bytes[..4]);
        }
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>The network that an address of a prefix length lies in, host bits masked.</summary>
    internal static AddressSpan Network(IPAddress address, int prefixLength)
    {
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var hosts = bits == prefixLength ? 0 : UInt128.MaxValue >> (128 - (bits - prefixLength));
        var number = Number(address);
        return new AddressSpan(address.AddressFamily, number & ~hosts, number | hosts);
    }
}
