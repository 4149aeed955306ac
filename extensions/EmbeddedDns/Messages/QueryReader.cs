using System.Buffers.Binary;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns.Messages;

/// <summary>Reads a query whole, so that no answer is given to half of one. Allocates nothing; any bytes may come.</summary>
internal static class QueryReader
{
    private const int RecordTail = 10;
    private const int PointerBits = 0xC0;

    /// <summary>Reads a query with the opcode QUERY.</summary>
    /// <param name="message">The packet, at least a header long.</param>
    /// <param name="name">Takes the name in lower case; <see cref="DnsName.MaxLength"/> bytes.</param>
    /// <param name="query">What was read; also in part, when it ends badly behind the question.</param>
    /// <returns><see cref="ResponseCode.NoError"/>, or what is wrong.</returns>
    internal static ResponseCode Read(ReadOnlySpan<byte> message, Span<byte> name, out Query query)
    {
        query = default;
        // One question and no other number of them (RFC 9619).
        if (Count(message, 4) != 1 || !TryReadQuestion(message, name, ref query))
            return ResponseCode.FormErr;
        var answers = Count(message, 6) + Count(message, 8);
        var additional = Count(message, 10);
        var at = query.QuestionEnd;
        var verdict = ResponseCode.NoError;
        for (var i = 0; i < answers + additional; i++)
        {
            var code = ReadRecord(message, ref at, i >= answers, i == answers + additional - 1, ref query);
            if (code == ResponseCode.FormErr)
                return code;
            if (code != ResponseCode.NoError)
                verdict = code;
        }
        return at == message.Length ? verdict : ResponseCode.FormErr;
    }

    private static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    /// <summary>A question's name is written out: there is nothing before it to point to.</summary>
    private static bool TryReadQuestion(ReadOnlySpan<byte> message, Span<byte> name, ref Query query)
    {
        var written = message[Query.HeaderLength..];
        var at = 0;
        while (true)
        {
            if (at >= written.Length || at >= DnsName.MaxLength)
                return false;
            int label = written[at];
            name[at++] = (byte)label;
            if (label == 0)
                break;
            if (label > DnsName.MaxLabel || at + label > written.Length || at + label >= DnsName.MaxLength)
                return false;
            for (var end = at + label; at < end; at++)
            {
                var letter = written[at];
                name[at] = (uint)(letter - 'A') <= 'Z' - 'A' ? (byte)(letter | 0x20) : letter;
            }
        }
        if (written.Length < at + 4)
            return false;
        query.Name = name[..at];
        query.Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(written[at..]);
        query.Class = BinaryPrimitives.ReadUInt16BigEndian(written[(at + 2)..]);
        query.HasQuestion = true;
        return true;
    }

    private static ResponseCode ReadRecord(ReadOnlySpan<byte> message, ref int at, bool isAdditional, bool isLast, ref Query query)
    {
        var owner = at;
        if (!TrySkipName(message, ref at) || at + RecordTail > message.Length)
            return ResponseCode.FormErr;
        var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        var fixedPart = message.Slice(at, RecordTail);
        at += RecordTail;
        if (at + length > message.Length)
            return ResponseCode.FormErr;
        var content = message.Slice(at, length);
        at += length;
        return type switch
        {
            RecordType.OPT => isAdditional && message[owner] == 0 ? ReadEdns(fixedPart, content, ref query) : ResponseCode.FormErr,
            // It signs everything before it (RFC 8945 section 5.1), and we have no key to look it up by.
            RecordType.TSIG => isAdditional && isLast ? ResponseCode.NotAuth : ResponseCode.FormErr,
            _ => ResponseCode.NoError,
        };
    }

    private static ResponseCode ReadEdns(ReadOnlySpan<byte> fixedPart, ReadOnlySpan<byte> options, ref Query query)
    {
        // Two of them are an error (RFC 6891 section 6.1.1).
        if (query.HasEdns)
            return ResponseCode.FormErr;
        query.HasEdns = true;
        query.UdpSize = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]);
        query.DnssecOk = (fixedPart[6] & 0x80) != 0;
        while (options.Length > 0)
        {
            if (options.Length < 4 || options.Length - 4 < BinaryPrimitives.ReadUInt16BigEndian(options[2..]))
                return ResponseCode.FormErr;
            options = options[(4 + BinaryPrimitives.ReadUInt16BigEndian(options[2..]))..];
        }
        return fixedPart[5] == 0 ? ResponseCode.NoError : ResponseCode.BadVers;
    }

    /// <summary>
    /// Steps over a name. A pointer has to lead to what stands before the part that holds it, so that following them ends; the name has to keep
    /// within 255 bytes.
    /// </summary>
    private static bool TrySkipName(ReadOnlySpan<byte> message, ref int at)
    {
        var (place, part, length, end) = (at, at, 0, -1);
        while (place < message.Length)
        {
            int label = message[place];
            if ((label & PointerBits) == PointerBits)
            {
                if (place + 1 >= message.Length)
                    return false;
                var target = ((label & ~PointerBits) << 8) | message[place + 1];
                if (target >= part)
                    return false;
                end = end < 0 ? place + 2 : end;
                place = part = target;
                continue;
            }
            if (label > DnsName.MaxLabel || (length += label + 1) > DnsName.MaxLength)
                return false;
            place += label + 1;
            if (label != 0)
                continue;
            at = end < 0 ? place : end;
            return true;
        }
        return false;
    }
}
