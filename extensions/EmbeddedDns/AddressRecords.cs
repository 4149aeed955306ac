using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>The records that lead to an address and back.</summary>
internal static class AddressRecords
{
    /// <summary>The most names that are given for one address: an answer has to fit a message.</summary>
    internal const int MostNames = 64;

    /// <summary>A or AAAA records, by the addresses' family, which is the same for all.</summary>
    internal static RecordSet Of(IReadOnlyList<IPAddress> addresses, uint ttl)
    {
        var records = new RecordBytes(ttl);
        foreach (var address in addresses)
            Append(records, RecordBytes.ToQuestion, address);
        return new(TypeOf(addresses[0]), addresses.Count, records.ToArray());
    }

    /// <summary>PTR records: the names of an address, without wildcards.</summary>
    internal static RecordSet OfNames(IEnumerable<DnsName> names, uint ttl)
    {
        var (records, count) = (new RecordBytes(ttl), 0);
        foreach (var name in names.Take(MostNames))
        {
            records.Begin(RecordBytes.ToQuestion, RecordType.PTR).Bytes(name.Wire).End();
            count++;
        }
        return new(RecordType.PTR, count, records.ToArray());
    }

    /// <summary>
    /// The SRV record of a name (RFC 2782), at the name with the labels of service and protocol before it. Its address goes with it.
    /// </summary>
    /// <param name="labels">Service and protocol: <c>_http._tcp</c>.</param>
    /// <param name="name">The name, which is the target too.</param>
    /// <param name="port">Where the service listens.</param>
    /// <param name="address">The name's address.</param>
    /// <param name="ttl">In seconds.</param>
    internal static RecordSet OfService(string labels, DnsName name, ushort port, IPAddress address, uint ttl)
    {
        // Priority and weight 0: there is one target. The target may not be compressed.
        var record = new RecordBytes(ttl).Begin(RecordBytes.ToQuestion, RecordType.SRV).Number(0).Number(0).Number(port).Bytes(name.Wire).End();
        var target = new RecordBytes(ttl);
        Append(target, (ushort)(RecordBytes.ToQuestion + labels.Length + 1), address);
        return new(RecordType.SRV, 1, record.ToArray(), 1, target.ToArray());
    }

    /// <summary>The type of an address's record.</summary>
    internal static RecordType TypeOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.AAAA;

    private static void Append(RecordBytes records, ushort owner, IPAddress address) =>
        records.Begin(owner, TypeOf(address)).Bytes(address.GetAddressBytes()).End();
}
