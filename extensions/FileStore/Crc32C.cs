using System.Buffers.Binary;
using System.Numerics;

namespace Interlook.Extensions.FileStore;

/// <summary>The Castagnoli checksum (RFC 3720 appendix B.4), which the processor computes.</summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    internal const uint Start = uint.MaxValue;

    /// <summary>Goes on with more bytes; the checksum is the complement of the last state.</summary>
    internal static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var single in bytes)
            state = BitOperations.Crc32C(state, single);
        return state;
    }

    /// <summary>The checksum of one run of bytes.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes) => ~Append(Start, bytes);
}
