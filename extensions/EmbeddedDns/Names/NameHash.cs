using System.Buffers.Binary;
using System.Numerics;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>
/// The hash of a name's lower-case bytes: eight bytes a step. Not keyed: who chooses names to collide needs to publish them, and what collides
/// is compared.
/// </summary>
internal static class NameHash
{
    private const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>Hashes a name in its wire form.</summary>
    internal static ulong Of(ReadOnlySpan<byte> wire)
    {
        var hash = (ulong)wire.Length * Factor;
        while (wire.Length >= 8)
        {
            hash = Step(hash, BinaryPrimitives.ReadUInt64LittleEndian(wire));
            wire = wire[8..];
        }
        if (wire.Length >= 4)
        {
            hash = Step(hash, BinaryPrimitives.ReadUInt32LittleEndian(wire));
            wire = wire[4..];
        }
        foreach (var rest in wire)
            hash = Step(hash, rest);
        return hash ^ (hash >> 32);
    }

    private static ulong Step(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * Factor, 29);
}
