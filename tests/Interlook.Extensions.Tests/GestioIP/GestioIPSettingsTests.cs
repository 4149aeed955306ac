using System.Net;
using Interlook.Extensions.GestioIP;
using Xunit;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>The settings of <c>ipam.gestioip</c>.</summary>
public sealed class GestioIPSettingsTests
{
    [Theory]
    [InlineData("https://ipam.example.org/gestioip", "https://ipam.example.org/gestioip/api/api.cgi")]
    [InlineData("https://ipam.example.org/gestioip/", "https://ipam.example.org/gestioip/api/api.cgi")]
    [InlineData("https://ipam.example.org/other/api2.cgi", "https://ipam.example.org/other/api2.cgi")]
    public void The_script_is_found_below_the_endpoint(string endpoint, string expected)
    {
        var options = Read(("endpoint", [endpoint]), ("username", ["api"]), ("password", ["x"]), ("network", ["192.168.99.0/24"]));

        Assert.Empty(GestioIPOptions.SettingsSchema.Check(options));
        Assert.Equal(new Uri(expected), options.Url);
        Assert.Equal("DEFAULT", options.Client);
    }

    [Theory]
    [InlineData("endpoint", "ipam.example.org", "must be an http:// or https:// address, not 'ipam.example.org'")]
    [InlineData("endpoint", "https://api:x@ipam", "must not hold a user or password: use `username` and `passwordFile`")]
    [InlineData("network", "192.168.99.0", "must be a network such as 192.168.99.0/24, its first address before the slash, not '192.168.99.0'")]
    [InlineData("network", "192.168.99.5/24", "must be a network such as 192.168.99.0/24, its first address before the slash, not '192.168.99.5/24'")]
    [InlineData("network", "192.168.99.0/31", "has no address that GestioIP gives: of 192.168.99.0/31 the first and the last are left out; write a larger network")]
    [InlineData("network", "::ffff:192.168.99.0/120", "is an IPv4 network written as IPv6: '::ffff:192.168.99.0/120'; write it as IPv4")]
    [InlineData("descriptionTag", "a:b", "must be 1 to 40 letters, digits, '-', '_' and '.', not 'a:b'")]
    [InlineData("client", "R&D", "holds a character that GestioIP refuses (any of & ; ` ' \\ < > = ^ % # *): 'R&D'")]
    public void What_cannot_be_meant_is_refused(string key, string text, string problem) =>
        Assert.Equal(problem, GestioIPOptions.SettingsSchema.Find(key)!.Assign(new GestioIPOptions(), [text]));

    [Fact]
    public void What_is_missing_or_clashes_is_said()
    {
        var nothing = GestioIPOptions.SettingsSchema.Check(new GestioIPOptions { Username = "api" });
        var clashing = GestioIPOptions.SettingsSchema.Check(
            Read(("username", ["api"]), ("password", ["x"]), ("network", ["10.0.0.0/8", "fd00::/64", "10.1.0.0/16"])));

        Assert.Equal(["password", "network"], nothing.Select(problem => problem.Setting));
        Assert.Equal("10.1.0.0/16 overlaps 10.0.0.0/8: remove one of the two", Assert.Single(clashing).Message);
    }

    [Theory]
    [InlineData("192.168.99.0/24", "192.168.99.0", false)]
    [InlineData("192.168.99.0/24", "192.168.99.1", true)]
    [InlineData("192.168.99.0/24", "192.168.99.254", true)]
    [InlineData("192.168.99.0/24", "192.168.99.255", false)]
    [InlineData("192.168.99.0/24", "192.168.98.1", false)]
    [InlineData("192.168.99.64/26", "192.168.99.127", false)]
    [InlineData("fd00::/126", "fd00::3", false)]
    [InlineData("fd00::/126", "fd00::2", true)]
    [InlineData("fd00::/64", "192.168.99.1", false)]
    public void The_first_and_the_last_address_are_nobodys(string network, string address, bool expected) =>
        Assert.Equal(expected, ReservableNetwork.Parse(network).MayGive(IPAddress.Parse(address)));

    private static GestioIPOptions Read(params (string Key, string[] Texts)[] settings)
    {
        var options = new GestioIPOptions();
        foreach (var (key, texts) in settings)
            Assert.Null(GestioIPOptions.SettingsSchema.Find(key)!.Assign(options, texts));
        return options;
    }
}
