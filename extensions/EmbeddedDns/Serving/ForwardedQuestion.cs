using System.Buffers.Binary;
using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>A client's question on its way to a resolver and back. Immutable.</summary>
internal sealed class ForwardedQuestion
{
    private const int OptLength = 11;

    private readonly byte[] lowerName;
    private readonly int end;
    private readonly bool hasEdns;
    private readonly bool dnssecOk;

    private ForwardedQuestion(byte[] request, Query query)
    {
        Request = request;
        lowerName = query.Name.ToArray();
        end = query.QuestionEnd;
        hasEdns = query.HasEdns;
        dnssecOk = query.DnssecOk;
        Limit = AnswerWriter.Limit(in query);
    }

    /// <summary>The client's packet.</summary>
    internal byte[] Request { get; }

    /// <summary>The longest answer the client takes over UDP.</summary>
    internal int Limit { get; }

    /// <summary>Reads a client's packet, which the responder has read before.</summary>
    internal static ForwardedQuestion Of(byte[] request)
    {
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        QueryReader.Read(request, name, out var query);
        return new(request, query);
    }

    /// <summary>
    /// What the resolver gets: the question, the client's RD, AD and CD, and EDNS of our own if the client has it, for its options are between
    /// neighbours (RFC 6891 section 6.1.1).
    /// </summary>
    internal byte[] Packet(ushort id)
    {
        var packet = new byte[end + (hasEdns ? OptLength : 0)];
        Request.AsSpan(0, end).CopyTo(packet);
        BinaryPrimitives.WriteUInt16BigEndian(packet, id);
        packet[2] &= 0x01;
        packet[3] &= 0x30;
        packet.AsSpan(6, 6).Clear();
        if (!hasEdns)
            return packet;
        packet[11] = 1;
        var opt = packet.AsSpan(end);
        opt[2] = (byte)RecordType.OPT;
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], Responder.LargestUdp);
        opt[7] = (byte)(dnssecOk ? 0x80 : 0);
        return packet;
    }

    /// <summary>True when a packet answers this question under this ID (RFC 5452 section 3).</summary>
    internal bool IsAnsweredBy(ReadOnlySpan<byte> answer, ushort id)
    {
        if (answer.Length < end || BinaryPrimitives.ReadUInt16BigEndian(answer) != id || (answer[2] & 0xF8) != 0x80
            || BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) != 1)
            return false;
        for (var i = 0; i < lowerName.Length; i++)
        {
            var letter = answer[Query.HeaderLength + i];
            if (lowerName[i] != ((uint)(letter - 'A') <= 'Z' - 'A' ? letter | 0x20 : letter))
                return false;
        }
        return answer[(end - 4)..end].SequenceEqual(Request.AsSpan(end - 4, 4));
    }

    /// <summary>Makes the resolver's answer ours: the client's ID, RD and spelling; not authoritative; recursion available.</summary>
    internal void Restore(Span<byte> answer)
    {
        Request.AsSpan(0, 2).CopyTo(answer);
        answer[2] = (byte)((answer[2] & 0xFA) | (Request[2] & 0x01));
        answer[3] |= 0x80;
        Request.AsSpan(Query.HeaderLength, lowerName.Length).CopyTo(answer[Query.HeaderLength..]);
    }
}
