using System.Net;
using Interlook.Extensions.EmbeddedDns;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("listen", "127.0.0.1")]
    [InlineData("listen", ":53")]
    [InlineData("listen", "localhost:53")]
    [InlineData("listen", "127.1:53")]
    [InlineData("listen", "127.0.0.1:0")]
    [InlineData("listen", "127.0.0.1:65536")]
    [InlineData("listen", "::1:53")]
    [InlineData("listen", "[127.0.0.1:53")]
    [InlineData("listen", "[::ffff:127.0.0.1]:53")]
    [InlineData("zones", "")]
    [InlineData("zones", "*.example.org")]
    [InlineData("zones", "exa_mple.org")]
    [InlineData("zones", ".")]
    [InlineData("nameservers", "192.0.2.1")]
    [InlineData("hostmaster", "@example.org")]
    [InlineData("hostmaster", "host master@example.org")]
    [InlineData("hostmaster", "a@b@")]
    [InlineData("ttl", "-1")]
    [InlineData("ttl", "1500ms")]
    [InlineData("ttl", "2147483648")]
    [InlineData("ttl", "1d")]
    [InlineData("ttl", "")]
    [InlineData("forward", "resolver.example.org")]
    [InlineData("forward", "[::1")]
    [InlineData("httpPort", "0")]
    public void A_value_that_cannot_be_used_is_refused(string setting, string text) =>
        Assert.NotNull(EmbeddedDnsOptions.SettingsSchema.Find(setting)!.Assign(new EmbeddedDnsOptions(), [text]));

    [Fact]
    public void Values_are_read_in_every_form_that_is_allowed()
    {
        var options = new EmbeddedDnsOptions();

        Set(options, "listen", "127.0.0.1:53", "[::1]:5353");
        Set(options, "zones", "Example.ORG.", "2.0.192.in-addr.arpa");
        Set(options, "nameservers", "ns1.example.org");
        Set(options, "forward", "192.0.2.1", "192.0.2.2:5300", "2001:db8::1", "[2001:db8::2]", "[2001:db8::3]:5300");

        Assert.Equal([new(IPAddress.Loopback, 53), new(IPAddress.IPv6Loopback, 5353)], options.Listen);
        Assert.Equal(["example.org", "2.0.192.in-addr.arpa"], options.Zones);
        Assert.Equal(
            ["192.0.2.1:53", "192.0.2.2:5300", "[2001:db8::1]:53", "[2001:db8::2]:53", "[2001:db8::3]:5300"], options.Forward.Select(each => each.ToString()));
        Assert.Empty(EmbeddedDnsOptions.SettingsSchema.Check(options));
    }

    [Theory]
    [InlineData("60s", 60)]
    [InlineData("90", 90)]
    [InlineData("0", 0)]
    [InlineData("1h30m", 5400)]
    [InlineData("2147483647", int.MaxValue)]
    public void A_ttl_may_have_a_unit_or_is_seconds(string text, int seconds)
    {
        var options = new EmbeddedDnsOptions();

        Set(options, "ttl", text);

        Assert.Equal(TimeSpan.FromSeconds(seconds), options.Ttl);
    }

    [Theory]
    [InlineData("hostmaster.example.org", new byte[] { 10, 7, 3 })]
    [InlineData("Hostmaster@Example.org", new byte[] { 10, 7, 3 })]
    [InlineData("jane.doe@example.org", new byte[] { 8, 7, 3 })]
    public void A_hostmaster_may_be_a_name_or_a_mail_address(string text, byte[] labels)
    {
        var options = new EmbeddedDnsOptions();

        Set(options, "hostmaster", text);

        var wire = options.Hostmaster!.Wire;
        var lengths = new List<byte>();
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
            lengths.Add(wire[at]);
        Assert.Equal(labels, lengths);
    }

    [Fact]
    public void What_contradicts_itself_is_named_by_its_setting()
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, 53);

        Assert.Equal("zones", Problem(options => options.Zones = []));
        Assert.Equal("zones", Problem(options => options.Zones = ["example.org", "example.org"]));
        Assert.Equal("zones", Problem(options => options.Zones = [string.Join('.', Enumerable.Repeat(new string('a', 60), 4))]));
        Assert.Equal("listen", Problem(options => options.Listen = []));
        Assert.Equal("listen", Problem(options => options.Listen = [endpoint, endpoint]));
        Assert.Equal("forward", Problem(options => (options.Listen, options.Forward) = ([endpoint], [endpoint])));
    }

    [Theory]
    [InlineData("0.0.0.0:5300", "127.0.0.1:5300", true)]
    [InlineData("[::]:5300", "[::1]:5300", true)]
    [InlineData("0.0.0.0:5300", "0.0.0.0:5300", true)]
    [InlineData("127.0.0.1:5300", "0.0.0.0:5300", true)]
    [InlineData("127.0.0.2:5300", "127.0.0.1:5300", false)]
    [InlineData("0.0.0.0:5300", "127.0.0.1:5301", false)]
    [InlineData("0.0.0.0:5300", "192.0.2.1:5300", false)]
    [InlineData("[::]:5300", "127.0.0.1:5300", false)]
    public void Nothing_is_forwarded_to_a_listener_of_its_own(string listen, string resolver, bool isOwn)
    {
        var options = new EmbeddedDnsOptions { Zones = ["example.org"], Listen = [IPEndPoint.Parse(listen)], Forward = [IPEndPoint.Parse(resolver)] };

        var problems = EmbeddedDnsOptions.SettingsSchema.Check(options);

        Assert.Equal(isOwn, problems.Any());
    }

    private static void Set(EmbeddedDnsOptions options, string setting, params string[] texts) =>
        Assert.Null(EmbeddedDnsOptions.SettingsSchema.Find(setting)!.Assign(options, texts));

    private static string Problem(Action<EmbeddedDnsOptions> change)
    {
        var options = new EmbeddedDnsOptions { Zones = ["example.org"] };
        change(options);
        return Assert.Single(EmbeddedDnsOptions.SettingsSchema.Check(options)).Setting;
    }
}
