using System.Buffers.Binary;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>One zone: its name, its SOA and its NS records. Immutable; the serial is the snapshot's.</summary>
internal sealed class Zone
{
    // What a secondary would use; a zone transfer is refused, so these only have to be plausible (RFC 1912 section 2.2).
    private const uint Refresh = 3600;
    private const uint Retry = 600;
    private const uint Expire = 1209600;

    private const int SerialFromEnd = 20;

    private readonly byte[] soa;
    private readonly int[] apexPointers;

    /// <param name="name">Its name.</param>
    /// <param name="servers">Its name servers, the primary first.</param>
    /// <param name="hostmaster">Who looks after it.</param>
    /// <param name="ttl">Of every record, and of answers that say no, in seconds.</param>
    /// <param name="isOfAddress">True for the zone that a held address has of its own.</param>
    internal Zone(DnsName name, IReadOnlyList<DnsName> servers, DnsName hostmaster, uint ttl, bool isOfAddress)
    {
        Name = name;
        IsOfAddress = isOfAddress;
        var record = new RecordBytes(ttl).Begin(0, RecordType.SOA);
        var inServer = record.Name(servers[0], name, 0);
        var inHostmaster = record.Name(hostmaster, name, 0);
        // The last number is the TTL of answers that say no; the SOA's own TTL is not longer (RFC 2308 section 3).
        soa = record.Long(0).Long(Refresh).Long(Retry).Long(Expire).Long(ttl).End().ToArray();
        apexPointers = [0, .. new[] { inServer, inHostmaster }.Where(at => at >= 0)];

        var answer = new RecordBytes(ttl);
        var targets = new List<(DnsName, int)>();
        foreach (var server in servers)
        {
            answer.Begin(RecordBytes.ToQuestion, RecordType.NS);
            targets.Add((server, answer.Length));
            answer.Name(server, name, RecordBytes.ToQuestion);
            answer.End();
        }
        Servers = [.. targets];
        ServerSet = new(RecordType.NS, servers.Count, answer.ToArray());
    }

    /// <summary>Its name.</summary>
    internal DnsName Name { get; }

    /// <summary>True for the zone that a held address has of its own, because no configured zone holds its reverse name.</summary>
    internal bool IsOfAddress { get; }

    /// <summary>The NS records, for a question about the zone's own name.</summary>
    internal RecordSet ServerSet { get; }

    /// <summary>The name servers, and where each one's name begins within <see cref="ServerSet"/>.</summary>
    internal (DnsName Name, int At)[] Servers { get; }

    /// <summary>How long the SOA record is.</summary>
    internal int SoaLength => soa.Length;

    /// <summary>Writes the SOA record.</summary>
    /// <param name="target">Where to; long enough.</param>
    /// <param name="apex">Where in the message the zone's name stands.</param>
    /// <param name="serial">The zone's version.</param>
    internal void WriteSoa(Span<byte> target, int apex, uint serial)
    {
        soa.CopyTo(target);
        foreach (var at in apexPointers)
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)(0xC000 | apex));
        BinaryPrimitives.WriteUInt32BigEndian(target[(soa.Length - SerialFromEnd)..], serial);
    }
}
