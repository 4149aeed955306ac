using System.Buffers.Binary;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>Writes records in the form they have in a message (RFC 1035 section 3.2.1), class IN. For one thread.</summary>
/// <param name="ttl">The records' time to live, in seconds.</param>
internal sealed class RecordBytes(uint ttl)
{
    /// <summary>A pointer to the question's name, which stands behind the header (RFC 1035 section 4.1.4).</summary>
    internal const ushort ToQuestion = 0xC00C;

    private const int LengthAt = 10;

    private readonly List<byte> bytes = [];
    private int start;

    /// <summary>How many bytes there are so far.</summary>
    internal int Length => bytes.Count;

    /// <summary>Begins a record.</summary>
    /// <param name="owner">A pointer to its owner's name.</param>
    /// <param name="type">Its type.</param>
    internal RecordBytes Begin(ushort owner, RecordType type)
    {
        start = bytes.Count;
        return Number(owner).Number((ushort)type).Number(1).Long(ttl).Number(0);
    }

    /// <summary>Ends a record: its length is known now.</summary>
    internal RecordBytes End()
    {
        var length = bytes.Count - start - LengthAt - 2;
        bytes[start + LengthAt] = (byte)(length >> 8);
        bytes[start + LengthAt + 1] = (byte)length;
        return this;
    }

    /// <summary>Writes 16 bits.</summary>
    internal RecordBytes Number(ushort value) => Bytes([(byte)(value >> 8), (byte)value]);

    /// <summary>Writes 32 bits.</summary>
    internal RecordBytes Long(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, value);
        return Bytes(four);
    }

    /// <summary>Writes bytes as they are.</summary>
    internal RecordBytes Bytes(ReadOnlySpan<byte> value)
    {
        bytes.AddRange(value);
        return this;
    }

    /// <summary>Writes a name whose end may be a pointer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="zone">What stands elsewhere in the message.</param>
    /// <param name="pointer">The pointer to it.</param>
    /// <returns>Where the pointer was written, or -1 when the name does not end in it.</returns>
    internal int Name(DnsName name, DnsName zone, ushort pointer)
    {
        if (!name.IsIn(zone))
        {
            Bytes(name.Wire);
            return -1;
        }
        Bytes(name.Wire[..^zone.Wire.Length]);
        Number(pointer);
        return bytes.Count - 2;
    }

    /// <summary>What was written.</summary>
    internal byte[] ToArray() => [.. bytes];
}
