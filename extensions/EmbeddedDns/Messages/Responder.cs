using System.Buffers.Binary;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns.Messages;

/// <summary>
/// Answers queries from the newest snapshot, packet in and packet out. Reads the snapshot once a query, takes no lock, allocates nothing. Safe for
/// concurrent use.
/// </summary>
/// <param name="forwards">True when queries for other zones go to resolvers.</param>
internal sealed class Responder(bool forwards)
{
    /// <summary>The largest answer over UDP, and what we say to take (RFC 9715 section 3.1: no fragments on any usual path).</summary>
    internal const int LargestUdp = 1232;

    /// <summary>The largest answer over UDP to a client without EDNS (RFC 1035 section 2.3.4).</summary>
    internal const int SmallestUdp = 512;

    /// <summary>Nothing is sent back.</summary>
    internal const int Drop = 0;

    /// <summary>A resolver has to be asked.</summary>
    internal const int Forward = -1;

    private const ushort ClassIn = 1;
    private const ushort ClassNone = 254;

    /// <summary>HINFO "RFC8482" "", the answer to ANY (RFC 8482 section 4.2), without its TTL.</summary>
    private static ReadOnlySpan<byte> AnyAnswer =>
        [0xC0, 0x0C, 0, (byte)RecordType.HINFO, 0, 1, 0, 0, 0, 0, 0, 9, 7, (byte)'R', (byte)'F', (byte)'C', (byte)'8', (byte)'4', (byte)'8', (byte)'2', 0];

    private NameSnapshot? snapshot;

    /// <summary>What queries are answered from; null before the first.</summary>
    internal NameSnapshot? Snapshot
    {
        get => Volatile.Read(ref snapshot);
        set => Volatile.Write(ref snapshot, value);
    }

    /// <summary>The TTL of what no service owns, in seconds.</summary>
    internal uint Ttl { get; init; }

    /// <summary>Answers one packet.</summary>
    /// <param name="request">What came.</param>
    /// <param name="response">Where the answer goes: at least <see cref="LargestUdp"/> bytes, or what a stream may carry.</param>
    /// <param name="isStream">True over TCP, where only the buffer bounds an answer.</param>
    /// <param name="code">How it ended.</param>
    /// <returns>The answer's length, <see cref="Drop"/>, or <see cref="Forward"/>.</returns>
    internal int Answer(ReadOnlySpan<byte> request, Span<byte> response, bool isStream, out ResponseCode code)
    {
        code = ResponseCode.NoError;
        // Without a header there is no ID to answer to; and who answers answers may be made to talk to others like it for ever.
        if (request.Length < Query.HeaderLength || (request[2] & 0x80) != 0)
            return Drop;
        if ((request[2] & 0x78) != 0)
            return Refuse(request, response, code = ResponseCode.NotImp);
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        code = QueryReader.Read(request, name, out var query);
        if (code == ResponseCode.FormErr)
            return Refuse(request, response, code);
        if (code != ResponseCode.NoError)
            return new AnswerWriter(request, response, query, isStream, forwards).Finish(code);
        if (query.Class == ClassNone) // of updates alone (RFC 2136 section 2.4)
            return Refuse(request, response, code = ResponseCode.FormErr);
        if (Meaning(query.Type) is { } refusal)
        {
            return refusal == ResponseCode.FormErr
                ? Refuse(request, response, code = refusal)
                : new AnswerWriter(request, response, query, isStream, forwards).Finish(code = refusal);
        }
        return Look(request, response, in query, isStream, out code);
    }

    /// <summary>What to say of a type that is not looked up, or null.</summary>
    private static ResponseCode? Meaning(RecordType type) => (int)type switch
    {
        < 128 and not 41 => null,
        255 => null,
        251 or 252 => ResponseCode.Refused, // transfers
        253 or 254 or 249 => ResponseCode.NotImp, // MAILB and MAILA are obsolete (RFC 1035 section 3.2.3); TKEY (RFC 2930)
        41 or (>= 128 and < 255) => ResponseCode.FormErr, // of no name: OPT, TSIG, and others that are never stored (RFC 6895 section 3.1)
        _ => null,
    };

    private int Look(ReadOnlySpan<byte> request, Span<byte> response, in Query query, bool isStream, out ResponseCode code)
    {
        var writer = new AnswerWriter(request, response, query, isStream, forwards);
        if (Snapshot is not { } current)
            return writer.Finish(code = ResponseCode.ServFail);
        var map = current.Tree.Map;
        var node = query.Class == ClassIn ? Closest(map, query.Name, out var depth) : NoNode(out depth);
        // What stands at a zone's cut and is asked of the zone above (RFC 4035 section 3.1.4.1).
        if (query.Type == RecordType.DS && node is { IsApex: true } && depth == 0 && Closest(map, query.Name[(query.Name[0] + 1)..], out _) is { } above)
            return writer.No(above.Zone, current.Serial, code = ResponseCode.NoError);
        if (node is null)
        {
            if (forwards && query.Class == ClassIn)
            {
                code = ResponseCode.NoError;
                return Forward;
            }
            return writer.Finish(code = ResponseCode.Refused);
        }
        if (depth > 0)
        {
            if (node.Wildcard is not { } wildcard)
                return writer.No(node.Zone, current.Serial, code = ResponseCode.NXDomain);
            node = wildcard; // RFC 4592 section 3.3: the closest encloser's, and no other
        }
        code = ResponseCode.NoError;
        return Write(ref writer, node, query.Type, current);
    }

    private int Write(ref AnswerWriter writer, NameNode node, RecordType type, NameSnapshot current)
    {
        if (type == RecordType.ANY && node.HasRecords)
        {
            Span<byte> answer = stackalloc byte[AnyAnswer.Length];
            AnyAnswer.CopyTo(answer);
            BinaryPrimitives.WriteUInt32BigEndian(answer[6..], Ttl);
            return writer.Yes(answer, 1, default, 0);
        }
        if (node.IsApex && type == RecordType.SOA)
            return writer.Soa(node.Zone, current.Serial);
        if (node.IsApex && type == RecordType.NS)
            return writer.Servers(node.Zone, current.Tree);
        return node.Find(type) is { } set
            ? writer.Yes(set.Answer.Span, set.Count, set.Additional.Span, set.AdditionalCount)
            : writer.No(node.Zone, current.Serial, ResponseCode.NoError);
    }

    private static NameNode? NoNode(out int depth)
    {
        depth = 0;
        return null;
    }

    /// <summary>Finds the name, or the closest name around it that exists (RFC 4592 section 3.3.1); null when it is no name of ours.</summary>
    /// <param name="map">The names.</param>
    /// <param name="name">The name in lower case.</param>
    /// <param name="depth">How many labels the name has more than what was found.</param>
    private static NameNode? Closest(NameMap map, ReadOnlySpan<byte> name, out int depth)
    {
        depth = 0;
        while (true)
        {
            if (map.Find(name, NameHash.Of(name)) is { } node)
                return node;
            if (name[0] == 0)
                return null;
            name = name[(name[0] + 1)..];
            depth++;
        }
    }

    /// <summary>A header alone, for what could not be read.</summary>
    private int Refuse(ReadOnlySpan<byte> request, Span<byte> response, ResponseCode code)
    {
        response[..Query.HeaderLength].Clear();
        request[..2].CopyTo(response);
        response[2] = (byte)(0x80 | (request[2] & 0x79)); // a response, with opcode and RD as they came
        response[3] = (byte)((forwards ? 0x80 : 0) | (int)code);
        return Query.HeaderLength;
    }

    /// <summary>The answer to a query that was to be forwarded and got none.</summary>
    internal int Fail(ReadOnlySpan<byte> request, Span<byte> response)
    {
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        QueryReader.Read(request, name, out var query);
        return new AnswerWriter(request, response, query, true, forwards).Finish(ResponseCode.ServFail);
    }

    /// <summary>The answer to a forwarded query whose answer is too long for UDP: come again over TCP.</summary>
    internal int Truncate(ReadOnlySpan<byte> request, Span<byte> response)
    {
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        QueryReader.Read(request, name, out var query);
        return new AnswerWriter(request, response, query, true, forwards).Shorten();
    }
}
