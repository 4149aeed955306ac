using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>A message read by the tests' own reader, which shares nothing with the server's.</summary>
internal sealed class DnsMessage
{
    private readonly byte[] packet;
    private int at = 12;

    private DnsMessage(byte[] packet) => this.packet = packet;

    internal byte[] Packet => packet;

    internal int Id => Number(0);

    internal bool IsResponse => (packet[2] & 0x80) != 0;

    internal int Opcode => (packet[2] >> 3) & 15;

    internal bool IsAuthoritative => (packet[2] & 4) != 0;

    internal bool IsTruncated => (packet[2] & 2) != 0;

    internal bool RecursionDesired => (packet[2] & 1) != 0;

    internal bool RecursionAvailable => (packet[3] & 0x80) != 0;

    internal bool CheckingDisabled => (packet[3] & 0x10) != 0;

    /// <summary>With EDNS's upper bits.</summary>
    internal int Code => (packet[3] & 15) | ((Opt?.ExtendedCode ?? 0) << 4);

    /// <summary>Name in the case it has in the packet, type, class.</summary>
    internal (string Name, int Type, int Class)? Question { get; private set; }

    internal IReadOnlyList<string> Answers { get; private set; } = [];

    internal IReadOnlyList<string> Authority { get; private set; } = [];

    internal IReadOnlyList<string> Additional { get; private set; } = [];

    internal (int UdpSize, int ExtendedCode, int Version, bool DnssecOk)? Opt { get; private set; }

    /// <summary>Reads a message; what stands behind the last record is an error.</summary>
    internal static DnsMessage Read(byte[] packet)
    {
        var message = new DnsMessage(packet);
        var questions = message.Number(4);
        if (questions > 1)
            throw new InvalidDataException("several questions");
        if (questions == 1)
        {
            var name = message.Name();
            message.Question = (name, message.Next16(), message.Next16());
        }
        message.Answers = message.Section(6);
        message.Authority = message.Section(8);
        message.Additional = message.Section(10);
        return message.at == packet.Length ? message : throw new InvalidDataException($"{packet.Length - message.at} bytes too many");
    }

    private List<string> Section(int count)
    {
        var records = new List<string>();
        for (var i = Number(count); i > 0; i--)
        {
            if (Record() is { } record)
                records.Add(record);
        }
        return records;
    }

    private string? Record()
    {
        var (owner, type, kind, ttl) = (Name(), Next16(), Next16(), (uint)((Next16() << 16) | Next16()));
        var end = Next16() + at;
        if (type == 41)
        {
            Opt = (kind, (int)(ttl >> 24), (int)((ttl >> 16) & 255), (ttl & 0x8000) != 0);
            at = end;
            return null;
        }
        var content = type switch
        {
            1 or 28 => new IPAddress(Take(end - at)).ToString(),
            2 or 5 or 12 => Name(),
            6 => $"{Name()} {Name()} {Next32()} {Next32()} {Next32()} {Next32()} {Next32()}",
            33 => $"{Next16()} {Next16()} {Next16()} {Name()}",
            13 => Strings(end),
            _ => Convert.ToHexString(Take(end - at)),
        };
        if (at != end)
            throw new InvalidDataException($"a record of type {type} has the wrong length");
        return string.Create(CultureInfo.InvariantCulture, $"{owner} {ttl} {Kind(kind)} {Type(type)} {content}");
    }

    private string Strings(int end)
    {
        var texts = new List<string>();
        while (at < end)
            texts.Add($"\"{Encoding.ASCII.GetString(Take(packet[at++]))}\"");
        return string.Join(' ', texts);
    }

    private byte[] Take(int count)
    {
        at += count;
        return packet[(at - count)..at];
    }

    private string Name()
    {
        var text = new StringBuilder();
        var (place, end) = (at, -1);
        while (packet[place] != 0)
        {
            if ((packet[place] & 0xC0) == 0xC0)
            {
                end = end < 0 ? place + 2 : end;
                place = Number(place) & 0x3FFF;
                continue;
            }
            text.Append(Encoding.Latin1.GetString(packet, place + 1, packet[place])).Append('.');
            place += packet[place] + 1;
            if (text.Length > 255)
                throw new InvalidDataException("a name without end");
        }
        at = end < 0 ? place + 1 : end;
        return text.Length == 0 ? "." : text.ToString();
    }

    private int Number(int place) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(place));

    private int Next16()
    {
        at += 2;
        return Number(at - 2);
    }

    private uint Next32()
    {
        at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(at - 4));
    }

    private static string Kind(int number) => number == 1 ? "IN" : $"CLASS{number}";

    private static string Type(int number) => number switch
    {
        1 => "A",
        2 => "NS",
        6 => "SOA",
        12 => "PTR",
        13 => "HINFO",
        28 => "AAAA",
        33 => "SRV",
        _ => $"TYPE{number}",
    };
}
