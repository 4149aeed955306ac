using System.Net;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>Any bytes may come: the whole way from packet to answer holds, and keeps within its memory.</summary>
public sealed class FuzzTests
{
    private const int Packets = 1_000_000;
    private const int LargestUdp = 1232;

    /// <summary>A byte that nothing may write behind the answer.</summary>
    private const byte Canary = 0xA5;

    [Theory]
    [InlineData(1)]
    public void A_million_broken_packets_are_answered_soundly_or_not_at_all(int seed)
    {
        var random = new Random(seed);
        var responder = Responder();
        var valid = Valid();
        var packet = new byte[2048];
        var response = new byte[ushort.MaxValue];
        var codes = new Dictionary<ResponseCode, int>();
        var allocated = 0L;

        for (var i = 0; i < Packets; i++)
        {
            var length = Mutate(valid[random.Next(valid.Count)], packet, random);
            var isStream = i % 4 == 0;
            var room = isStream ? response.Length : LargestUdp;
            if (!isStream)
                response.AsSpan(room, 64).Fill(Canary);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var answered = responder.Answer(packet.AsSpan(0, length), response.AsSpan(0, room), isStream, out var code);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (answered > 0)
                Verify(packet.AsSpan(0, length), response.AsSpan(0, answered), code, seed, i);
            if (!isStream && response.AsSpan(room, 64).ContainsAnyExcept(Canary))
                Assert.Fail($"seed {seed}, packet {i}: written behind the answer's room");
            codes.TryGetValue(code, out var count);
            codes[code] = count + 1;
        }

        // What is compiled for the first time allocates a little; a query does not.
        Assert.True(allocated < 1 << 16, $"{allocated} bytes were allocated for {Packets} packets");
        Assert.All(
            [ResponseCode.NoError, ResponseCode.FormErr, ResponseCode.NXDomain, ResponseCode.NotImp, ResponseCode.Refused, ResponseCode.BadVers],
            code => Assert.True(codes.GetValueOrDefault(code) > 100, $"only {codes.GetValueOrDefault(code)} packets ended as {code}: the mutations are too coarse"));
    }

    private static void Verify(ReadOnlySpan<byte> request, ReadOnlySpan<byte> response, ResponseCode code, int seed, int i)
    {
        var sound = response.Length >= 12 && response[0] == request[0] && response[1] == request[1] && (response[2] & 0x80) != 0 && (request[2] & 0x80) == 0
            && (response[3] & 15) == ((int)code & 15);
        if (!sound)
            Assert.Fail($"seed {seed}, packet {i}: {Convert.ToHexString(request)} gives {Convert.ToHexString(response)}");
        if (i % 50 != 0)
            return;
        try
        {
            DnsMessage.Read(response.ToArray()); // by another reader, whole
        }
        catch (Exception failure) when (failure is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            Assert.Fail($"seed {seed}, packet {i}: {Convert.ToHexString(request)} gives {Convert.ToHexString(response)}: {failure.Message}");
        }
    }

    private static int Mutate(byte[] from, byte[] packet, Random random)
    {
        from.CopyTo(packet, 0);
        var length = from.Length;
        for (var changes = random.Next(4); changes >= 0; changes--)
        {
            var at = random.Next(length);
            switch (random.Next(7))
            {
                case 0:
                    packet[at] = (byte)random.Next(256);
                    break;
                case 1:
                    packet[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    length = random.Next(length + 1);
                    break;
                case 3:
                    var more = random.Next(1, 40);
                    random.NextBytes(packet.AsSpan(length, more));
                    length += more;
                    break;
                case 4:
                    packet[at] = 0xC0; // a pointer to somewhere
                    break;
                case 5:
                    packet[random.Next(Math.Min(12, length))] = (byte)random.Next(4); // counts and flags
                    break;
                default:
                    packet[at] = (byte)(packet[at] + random.Next(-2, 3)); // lengths
                    break;
            }
            if (length == 0)
                break;
        }
        return length;
    }

    private static List<byte[]> Valid()
    {
        var label = new string('x', 63);
        string[] names =
        [
            "a.example.org", "A.eXample.ORG", "example.org", "x.w.example.org", "none.a.example.org", "_http._tcp.a.example.org", "1.2.0.192.in-addr.arpa",
            "example.net", ".", $"{label}.{label}.{label}.example.org", "n.example.org", "deep.n.example.org",
        ];
        var valid = new List<byte[]>();
        foreach (var name in names)
        {
            foreach (var type in new[] { "A", "AAAA", "SRV", "PTR", "NS", "SOA", "ANY", "DS", "AXFR" })
            {
                valid.Add(DnsQuery.Of(name, type));
                valid.Add(DnsQuery.Of(name, type, flags: 0x0100, opt: DnsQuery.Opt(1232, 0, true, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8)));
            }
        }
        return valid;
    }

    private static Responder Responder()
    {
        var options = new EmbeddedDnsOptions { Zones = ["example.org", "n.example.org"] };
        var table = new PublicationTable(new ZoneLayout(options), options);
        table.Put(new ServiceKey("default", "a"), new(["a.example.org", "deep.n.example.org"], IPAddress.Parse("192.0.2.1"), false));
        table.Put(new ServiceKey("default", "w"), new(["*.w.example.org", "example.org"], IPAddress.Parse("2001:db8::1"), true));
        table.Put(new ServiceKey("default", "m"), new([.. Enumerable.Range(0, 50).Select(i => $"many-{i}.example.org")], IPAddress.Parse("192.0.2.1"), true));
        return new(forwards: false) { Ttl = 60, Snapshot = new NameSnapshot(table.Tree, 1) };
    }
}
