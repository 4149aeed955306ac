using System.Buffers.Binary;
using System.Numerics;

namespace Interlook.Provisioners;

/// <summary>
/// SHA-256 (FIPS 180-4) for short texts, in our own code. The runtime's loads OpenSSL, which costs a process that speaks no TLS some 5 MB of memory
/// (decision 49). For names only: what guards a secret uses the runtime's.
/// </summary>
internal static class Sha256
{
    /// <summary>The bytes of a digest.</summary>
    internal const int Length = 32;

    private const int Block = 64;
    private const int LengthField = 8;

    /// <summary>Section 4.2.2: the fractions of the cube roots of the first 64 primes.</summary>
    private static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Section 5.3.3: the fractions of the square roots of the first 8 primes.</summary>
    private static ReadOnlySpan<uint> Beginning => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>The digest of some bytes.</summary>
    internal static byte[] Of(ReadOnlySpan<byte> message)
    {
        Span<uint> state = stackalloc uint[8];
        Beginning.CopyTo(state);
        var whole = message.Length - (message.Length % Block);
        for (var at = 0; at < whole; at += Block)
            Mix(state, message.Slice(at, Block));
        Span<byte> rest = stackalloc byte[2 * Block]; // section 5.1.1: a one, zeros, and the length in bits at the end of a block
        rest.Clear();
        message[whole..].CopyTo(rest);
        rest[message.Length - whole] = 0x80;
        var padded = rest[..(message.Length - whole < Block - LengthField ? Block : 2 * Block)];
        BinaryPrimitives.WriteUInt64BigEndian(padded[^LengthField..], (ulong)message.Length * 8);
        for (var at = 0; at < padded.Length; at += Block)
            Mix(state, padded.Slice(at, Block));
        var digest = new byte[Length];
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        return digest;
    }

    /// <summary>Section 6.2.2, for one block.</summary>
    private static void Mix(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[Block];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (var i = 16; i < Block; i++)
            words[i] = Late(words[i - 2]) + words[i - 7] + Early(words[i - 15]) + words[i - 16];
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < Block; i++)
        {
            var first = h + Turned(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + Rounds[i] + words[i];
            var second = Turned(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }
        ReadOnlySpan<uint> mixed = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < state.Length; i++)
            state[i] += mixed[i];
    }

    private static uint Turned(uint word, int one, int two, int three) =>
        BitOperations.RotateRight(word, one) ^ BitOperations.RotateRight(word, two) ^ BitOperations.RotateRight(word, three);

    private static uint Early(uint word) => BitOperations.RotateRight(word, 7) ^ BitOperations.RotateRight(word, 18) ^ (word >> 3);

    private static uint Late(uint word) => BitOperations.RotateRight(word, 17) ^ BitOperations.RotateRight(word, 19) ^ (word >> 10);
}
