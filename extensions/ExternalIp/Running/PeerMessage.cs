using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// The datagrams by which nodes ask each other whether they have contact: a question with a nonce, and its answer. Both are signed with the
/// key of the node that is asked, which stands in its record: whoever cannot read the store can neither ask nor answer. All are of nearly
/// one length, so that an answer is no amplifier. Pure.
/// </summary>
internal readonly record struct PeerMessage(PeerMessage.Kinds Kind, UInt128 Nonce)
{
    /// <summary>The length of a node's key.</summary>
    internal const int KeyLength = 32;

    /// <summary>The longest datagram that means something.</summary>
    internal const int Length = Header + NonceLength + SealLength;

    private const int Header = 5;
    private const int NonceLength = 16;
    private const int SealLength = HMACSHA256.HashSizeInBytes;

    /// <summary>What a datagram says.</summary>
    internal enum Kinds : byte
    {
        /// <summary>Do you have contact?</summary>
        Question = 1,

        /// <summary>I have.</summary>
        Contact = 2,

        /// <summary>I have none either.</summary>
        NoContact = 3,
    }

    // Of the protocol and its version: a later one may say something else.
    private static ReadOnlySpan<byte> Sign => "ILK1"u8;

    /// <summary>A question that nobody has asked before.</summary>
    internal static PeerMessage Ask()
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return new(Kinds.Question, BinaryPrimitives.ReadUInt128BigEndian(nonce));
    }

    /// <summary>The answer to this question.</summary>
    internal PeerMessage Answer(bool hasContact) => this with { Kind = hasContact ? Kinds.Contact : Kinds.NoContact };

    /// <summary>Writes it.</summary>
    /// <param name="key">Of the node that is asked.</param>
    internal byte[] Write(ReadOnlySpan<byte> key)
    {
        var datagram = new byte[Length];
        Sign.CopyTo(datagram);
        datagram[Sign.Length] = (byte)Kind;
        BinaryPrimitives.WriteUInt128BigEndian(datagram.AsSpan(Header), Nonce);
        HMACSHA256.HashData(key, datagram.AsSpan(0, Header + NonceLength), datagram.AsSpan(Header + NonceLength));
        return datagram;
    }

    /// <summary>Reads what a datagram says, whoever wrote it; null when it says nothing. <see cref="IsSealedWith"/> has to follow.</summary>
    internal static PeerMessage? Read(ReadOnlySpan<byte> datagram) =>
        datagram.Length == Length && datagram.StartsWith(Sign) && (Kinds)datagram[Sign.Length] is Kinds.Question or Kinds.Contact or Kinds.NoContact
            ? new PeerMessage((Kinds)datagram[Sign.Length], BinaryPrimitives.ReadUInt128BigEndian(datagram[Header..]))
            : null;

    /// <summary>True when a datagram was written by somebody who has the key.</summary>
    internal static bool IsSealedWith(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> key)
    {
        Span<byte> expected = stackalloc byte[SealLength];
        HMACSHA256.HashData(key, datagram[..(Header + NonceLength)], expected);
        return CryptographicOperations.FixedTimeEquals(expected, datagram[(Header + NonceLength)..]);
    }
}
