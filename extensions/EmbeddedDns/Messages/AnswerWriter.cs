using System.Buffers.Binary;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns.Messages;

/// <summary>Writes one answer: header, question, sections, OPT; truncates it when the client has no room (RFC 2181 section 9).</summary>
internal readonly ref struct AnswerWriter
{
    private const int OptLength = 11;
    private const byte Authoritative = 0x04;
    private const byte Truncated = 0x02;

    private readonly ReadOnlySpan<byte> request;
    private readonly Span<byte> response;
    private readonly Query query;
    private readonly int room;
    private readonly bool forwards;

    /// <param name="request">The packet that came.</param>
    /// <param name="response">Where the answer goes.</param>
    /// <param name="query">What was read of the packet; its question can be echoed.</param>
    /// <param name="isStream">True over TCP.</param>
    /// <param name="forwards">True when we recurse, by way of resolvers.</param>
    internal AnswerWriter(ReadOnlySpan<byte> request, Span<byte> response, Query query, bool isStream, bool forwards)
    {
        this.request = request;
        this.response = response;
        this.query = query;
        this.forwards = forwards;
        var limit = isStream ? response.Length : Limit(in query);
        room = limit - (query.HasEdns ? OptLength : 0);
    }

    /// <summary>The largest answer that a client takes over UDP and we send.</summary>
    internal static int Limit(in Query query) =>
        query.HasEdns ? Math.Clamp((int)query.UdpSize, Responder.SmallestUdp, Responder.LargestUdp) : Responder.SmallestUdp;

    /// <summary>An answer without records and without authority.</summary>
    internal int Finish(ResponseCode code) => Finish(Begin(), 0, code);

    /// <summary>An answer that says there is more than fits.</summary>
    internal int Shorten() => Finish(Begin(), Truncated, ResponseCode.NoError);

    /// <summary>An answer with records.</summary>
    internal int Yes(ReadOnlySpan<byte> answer, int count, ReadOnlySpan<byte> additional, int additionalCount)
    {
        var at = Begin();
        if (at + answer.Length > room)
            return Finish(at, Authoritative | Truncated, ResponseCode.NoError);
        answer.CopyTo(response[at..]);
        at += answer.Length;
        Count(6, count);
        if (additionalCount > 0 && at + additional.Length <= room)
        {
            additional.CopyTo(response[at..]);
            at += additional.Length;
            Count(10, additionalCount);
        }
        return Finish(at, Authoritative, ResponseCode.NoError);
    }

    /// <summary>An answer that says no: the name does not exist, or has nothing of this type (RFC 2308 section 2).</summary>
    internal int No(Zone zone, uint serial, ResponseCode code)
    {
        var at = Begin();
        if (at + zone.SoaLength > room)
            return Finish(at, Authoritative | Truncated, code);
        zone.WriteSoa(response[at..], Query.HeaderLength + query.Name.Length - zone.Name.Wire.Length, serial);
        Count(8, 1);
        return Finish(at + zone.SoaLength, Authoritative, code);
    }

    /// <summary>The zone's SOA, asked for.</summary>
    internal int Soa(Zone zone, uint serial)
    {
        var at = Begin();
        if (at + zone.SoaLength > room)
            return Finish(at, Authoritative | Truncated, ResponseCode.NoError);
        zone.WriteSoa(response[at..], Query.HeaderLength, serial);
        Count(6, 1);
        return Finish(at + zone.SoaLength, Authoritative, ResponseCode.NoError);
    }

    /// <summary>The zone's name servers, with the addresses that we know of.</summary>
    internal int Servers(Zone zone, NameTree tree)
    {
        var at = Begin();
        var answer = zone.ServerSet.Answer.Span;
        if (at + answer.Length > room)
            return Finish(at, Authoritative | Truncated, ResponseCode.NoError);
        answer.CopyTo(response[at..]);
        Count(6, zone.ServerSet.Count);
        var (start, count) = (at, 0);
        at += answer.Length;
        foreach (var (name, offset) in zone.Servers)
        {
            if (tree.Map.Find(name) is not { } node)
                continue;
            foreach (var set in node.Sets)
            {
                // A pointer reaches no farther than 14 bits.
                if (set.Type is not (RecordType.A or RecordType.AAAA) || at + set.Answer.Length > room || start + offset >= 0x4000)
                    continue;
                set.Answer.Span.CopyTo(response[at..]);
                var length = set.Answer.Length / set.Count;
                for (var i = 0; i < set.Count; i++)
                    BinaryPrimitives.WriteUInt16BigEndian(response[(at + (i * length))..], (ushort)(0xC000 | (start + offset)));
                at += set.Answer.Length;
                count += set.Count;
            }
        }
        Count(10, count);
        return Finish(at, Authoritative, ResponseCode.NoError);
    }

    private int Begin()
    {
        var end = query.QuestionEnd;
        request[..end].CopyTo(response);
        response[6..Query.HeaderLength].Clear();
        return end;
    }

    private void Count(int at, int count) => BinaryPrimitives.WriteUInt16BigEndian(response[at..], (ushort)count);

    private int Finish(int at, byte flags, ResponseCode code)
    {
        response[2] = (byte)(0x80 | flags | (request[2] & 0x01)); // RD comes back as it was
        // Checking disabled comes back too (RFC 4035 section 3.1.6).
        response[3] = (byte)((forwards ? 0x80 : 0) | (request[3] & 0x10) | ((int)code & 15));
        if (!query.HasEdns)
            return at;
        var opt = response.Slice(at, OptLength);
        opt.Clear();
        opt[2] = (byte)RecordType.OPT;
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], Responder.LargestUdp);
        opt[5] = (byte)((int)code >> 4);
        opt[7] = (byte)(query.DnssecOk ? 0x80 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(response[10..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(response[10..]) + 1));
        return at + OptLength;
    }
}
