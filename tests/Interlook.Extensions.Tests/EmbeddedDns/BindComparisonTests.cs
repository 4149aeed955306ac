using System.Globalization;
using System.Net;
using System.Text;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>The same names in BIND 9's zone files and in services, the same questions to both, and the same answers.</summary>
public sealed class BindComparisonTests
{
    private const string Fixed = "1 3600 600 1209600 60"; // serial to minimum; the serial is left out of the comparison

    private static readonly (string Service, string Address, bool Tls, string[] Names)[] Services =
    [
        ("shop", "192.0.2.10", false, ["shop.example.org", "www.shop.example.org"]),
        ("safe", "192.0.2.11", true, ["safe.example.org"]),
        ("six", "2001:db8::6", false, ["six.example.org"]),
        ("apex", "192.0.2.12", true, ["example.org"]),
        ("wild", "192.0.2.13", false, ["*.app.example.org"]),
        ("inside", "192.0.2.14", false, ["one.app.example.org", "x.deep.app.example.org"]),
        ("low", "2001:db8::7", true, ["*.low.app.example.org"]),
        ("empty", "192.0.2.15", false, ["a.b.c.d.example.org"]),
        ("nested", "192.0.2.16", false, ["in.sub.example.org", "*.sub.example.org"]),
        ("digits", "192.0.2.17", false, ["0.example.org", "a-b-c.example.org", "xn--bcher-kva.example.org"]),
    ];

    private static readonly string[] Names =
    [
        "shop.example.org", "SHOP.Example.ORG", "www.shop.example.org", "none.shop.example.org", "none.example.org", "NoNe.eXaMpLe.oRg",
        "safe.example.org", "six.example.org", "example.org", "EXAMPLE.ORG", "ns.example.org", "x.app.example.org", "X.y.Z.app.example.org", "app.example.org",
        "*.app.example.org", "one.app.example.org", "y.one.app.example.org", "deep.app.example.org", "x.deep.app.example.org", "y.deep.app.example.org",
        "low.app.example.org", "z.low.app.example.org", "z.*.app.example.org", "*.low.app.example.org", "a.b.c.d.example.org", "b.c.d.example.org", "d.example.org",
        "x.d.example.org", "sub.example.org", "in.sub.example.org", "q.sub.example.org", "q.in.sub.example.org", "0.example.org", "a-b-c.example.org",
        "_tcp.shop.example.org", "_http._tcp.shop.example.org", "_https._tcp.shop.example.org", "_http._tcp.x.app.example.org", "_https._tcp.safe.example.org",
        "_https._tcp.example.org", "_tcp.example.org", "_http._tcp.six.example.org", "10.2.0.192.in-addr.arpa", "99.2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa",
        "example.net", "org", "shop.example.com",
    ];

    private static readonly string[] Types = ["A", "AAAA", "NS", "SOA", "SRV", "PTR", "TXT", "MX", "CNAME", "DS", "DNSKEY", "TYPE65"];

    [Fact]
    public async Task Every_question_is_answered_as_BIND_answers_it()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Zones = ["example.org", "sub.example.org", "2.0.192.in-addr.arpa"]);
        foreach (var (service, address, tls, names) in Services)
            await server.PublishAsync(EmbeddedServer.Define(service, address, names) with { Tls = tls });
        await using var bind = await BindServer.StartAsync(Zones());
        var differences = new List<string>();
        var asked = 0;

        foreach (var name in Names)
        {
            foreach (var type in Types)
            {
                asked += 2;
                // What sub.example.org delegates is the parent's in BIND's file; its apex is asked of the child in both.
                await CompareAsync(bind.Endpoint, server.Endpoint, DnsQuery.Of(name, type), $"{name} {type}", differences);
                await CompareAsync(
                    bind.Endpoint, server.Endpoint, DnsQuery.Of(name, type, flags: 0x0110, opt: DnsQuery.Opt(1232, 0, true)), $"{name} {type}, EDNS, RD, CD", differences);
            }
        }

        Assert.True(asked >= 1000);
        Assert.True(differences.Count == 0, $"{differences.Count} of {asked} differ:\n{string.Join('\n', differences.Take(40))}");
    }

    public static TheoryData<string, byte[]> Odd()
    {
        byte[] question = [.. DnsQuery.Name("shop.example.org"), 0, 1, 0, 1];
        byte[] header = [0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        return new()
        {
            { "two questions", [.. header[..5], 2, .. header[6..], .. question, .. question] },
            { "a question that is missing", header },
            { "a name cut short", [.. header, 4, 0x73] },
            { "a pointer to itself", [.. header, 0xC0, 12, 0, 1, 0, 1] },
            { "an unknown kind of label", [.. header, 0x41, 0x61, 0, 0, 1, 0, 1] },
            { "OPT twice", [.. header[..11], 2, .. question, .. DnsQuery.Opt(1232), .. DnsQuery.Opt(1232)] },
            { "an option cut short", [.. header[..11], 1, .. question, .. DnsQuery.Opt(1232, 0, false, 0, 3, 0, 9, 1)] },
            { "EDNS version 1", [.. header[..11], 1, .. question, .. DnsQuery.Opt(1232, version: 1)] },
            { "class NONE", DnsQuery.Of("shop.example.org", "A", kind: 254) },
            { "an obsolete type", DnsQuery.Of("example.org", "MAILA") },
            { "type 0", [.. header, .. DnsQuery.Name("shop.example.org"), 0, 0, 0, 1] },
            { "type OPT", [.. header, .. DnsQuery.Name("shop.example.org"), 0, 41, 0, 1] },
            { "type 240", [.. header, .. DnsQuery.Name("shop.example.org"), 0, 240, 0, 1] },
            { "type 250", [.. header, .. DnsQuery.Name("shop.example.org"), 0, 250, 0, 1] },
            { "type 256", [.. header, .. DnsQuery.Name("shop.example.org"), 1, 0, 0, 1] },
            { "opcode IQUERY", [.. header[..2], 1 << 3, .. header[3..], .. question] },
            { "opcode STATUS", [.. header[..2], 2 << 3, .. header[3..], .. question] },
            { "opcode 15", [.. header[..2], 15 << 3, .. header[3..], .. question] },
            { "flags that a query has not", [.. header[..2], 0x07, 0x70, .. header[4..], .. question] },
            { "a small EDNS size", DnsQuery.Of("shop.example.org", "A", opt: DnsQuery.Opt(0)) },
        };
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task What_is_no_ordinary_query_gets_the_code_that_BIND_gives_it(string what, byte[] packet)
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.PublishAsync("shop", "192.0.2.10", "shop.example.org");
        await using var bind = await BindServer.StartAsync(new Dictionary<string, string> { ["example.org"] = Head("example.org") + "shop A 192.0.2.10\n" });

        var theirs = await bind.Endpoint.AskAsync(packet);
        var ours = await server.Endpoint.AskAsync(packet);

        Assert.Equal((what, theirs.Code, theirs.Opcode, theirs.Answers.Count), (what, ours.Code, ours.Opcode, ours.Answers.Count));
    }

    private static async Task CompareAsync(IPEndPoint bind, IPEndPoint own, byte[] query, string what, List<string> differences)
    {
        var (theirs, ours) = (Meaning(await bind.AskAsync(query)), Meaning(await own.AskAsync(query)));
        if (theirs != ours)
            differences.Add($"{what}\n  BIND: {theirs}\n  ours: {ours}");
    }

    /// <summary>All that an answer says, in an order of its own; without the serial and the size of the other's buffer.</summary>
    private static string Meaning(DnsMessage message)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{message.Code} aa={message.IsAuthoritative} tc={message.IsTruncated} rd={message.RecursionDesired} ");
        text.Append(CultureInfo.InvariantCulture, $"ra={message.RecursionAvailable} cd={message.CheckingDisabled} {message.Question} ");
        text.Append(CultureInfo.InvariantCulture, $"edns={message.Opt?.Version} do={message.Opt?.DnssecOk}");
        foreach (var section in new[] { message.Answers, message.Authority, message.Additional })
            text.Append(" | ").AppendJoin("; ", section.Select(WithoutSerial).Order(StringComparer.Ordinal));
        return text.ToString();
    }

    // BIND gives names in the spelling of its file, we in the question's: they are the same (RFC 4343).
    private static string WithoutSerial(string record)
    {
        var words = record.Split(' ');
        if (words[3] == "SOA")
            words[6] = "SERIAL";
        return string.Join(' ', words).ToUpperInvariant();
    }

    private static Dictionary<string, string> Zones()
    {
        var zones = new Dictionary<string, StringBuilder>();
        foreach (var zone in new[] { "example.org", "sub.example.org", "2.0.192.in-addr.arpa" })
            zones[zone] = new StringBuilder(Head(zone));
        zones["example.org"].AppendLine("sub.example.org. NS ns.sub.example.org.\nns.sub.example.org. A 127.0.0.1");
        foreach (var (_, address, tls, names) in Services)
        {
            foreach (var name in names)
            {
                var zone = zones[name.EndsWith("sub.example.org", StringComparison.Ordinal) ? "sub.example.org" : "example.org"];
                zone.AppendLine(CultureInfo.InvariantCulture, $"{name}. {(address.Contains(':') ? "AAAA" : "A")} {address}");
                if (name[0] == '*')
                    continue;
                zone.AppendLine(CultureInfo.InvariantCulture, $"{(tls ? "_https" : "_http")}._tcp.{name}. SRV 0 0 {(tls ? 443 : 80)} {name}.");
                if (!address.Contains(':'))
                    zones["2.0.192.in-addr.arpa"].AppendLine(CultureInfo.InvariantCulture, $"{address.Split('.')[3]} PTR {name}.");
            }
        }
        return zones.ToDictionary(zone => zone.Key, zone => zone.Value.ToString());
    }

    private static string Head(string zone) =>
        $"$TTL 60\n$ORIGIN {zone}.\n@ SOA ns.{zone}. hostmaster.{zone}. {Fixed}\n@ NS ns.{zone}.\nns A 127.0.0.1\n";
}
