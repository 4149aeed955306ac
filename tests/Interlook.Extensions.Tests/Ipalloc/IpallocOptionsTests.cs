using Interlook.Extensions.Ipalloc;
using Xunit;

namespace Interlook.Extensions.Tests.Ipalloc;

public sealed class IpallocOptionsTests
{
    [Theory]
    [InlineData("network_cidr", "192.168.99.0", "must be a network such as 192.168.99.0/24")]
    [InlineData("network_cidr", "192.168.99.7/24", "lies in the network 192.168.99.0/24; write that")]
    [InlineData("network_cidr", "192.168.99.0/33", "must end in a prefix length from 0 to 32")]
    [InlineData("network_cidr", "192.168.99.0/-1", "must end in a prefix length from 0 to 32")]
    [InlineData("network_cidr", "192.168.099.0/24", "is not an IP address")]
    [InlineData("network_cidr", "2001:db8::1/64", "lies in the network 2001:db8::/64")]
    [InlineData("network_cidr", "::ffff:10.0.0.0/120", "is an IPv4 network written as IPv6")]
    [InlineData("network_cidr", "", "must be a network")]
    [InlineData("ip_start", "192.168.99", "is not an IP address")]
    [InlineData("excluded", "10.0.0.9-10.0.0.1", "ends before it begins")]
    [InlineData("excluded", "10.0.0.1-::1", "mixes IPv4 and IPv6")]
    [InlineData("excluded", "gateway", "is not an IP address")]
    [InlineData("excluded", "10.0.0.1-10.0.0.2-10.0.0.3", "ranges such as")]
    public void A_setting_that_cannot_be_used_is_explained(string setting, string text, string expected)
    {
        var problem = IpallocOptions.SettingsSchema.Find(setting)!.Assign(new IpallocOptions(), [text]);

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.1.1", null, null, "ip_start", "must be from 10.0.0.1 to 10.0.0.254")]
    [InlineData("10.0.0.0/24", "10.0.0.0", null, null, "ip_start", "is not a usable address")]
    [InlineData("10.0.0.0/24", null, "10.0.0.255", null, "ip_end", "is not a usable address")]
    [InlineData("10.0.0.0/24", null, "2001:db8::1", null, "ip_end", "is not a usable address")]
    [InlineData("10.0.0.0/24", "10.0.0.9", "10.0.0.8", null, "ip_start", "comes after ip_end")]
    [InlineData("10.0.0.0/24", null, null, "10.0.1.0/24", "excluded", "lies outside of 10.0.0.0/24")]
    [InlineData("10.0.0.0/24", null, null, "::1", "excluded", "lies outside of 10.0.0.0/24")]
    [InlineData("10.0.0.0/24", null, null, "10.0.0.0/16", "excluded", "nothing is left to lease")]
    public void Settings_that_do_not_fit_each_other_are_explained(
        string network, string? first, string? last, string? excluded, string setting, string expected)
    {
        var options = new IpallocOptions();
        Assign(options, "network_cidr", network);
        Assign(options, "ip_start", first);
        Assign(options, "ip_end", last);
        Assign(options, "excluded", excluded);

        var problem = Assert.Single(IpallocOptions.SettingsSchema.Check(options));

        Assert.Equal(setting, problem.Setting);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_earlier_systems_two_settings_are_enough()
    {
        var options = new IpallocOptions();
        Assign(options, "network_cidr", "192.168.99.0/24");
        Assign(options, "db_file", "./share/conf/allocated.db");

        Assert.Empty(IpallocOptions.SettingsSchema.Check(options));
        Assert.Equal(254, options.CreatePool().Size);
    }

    private static void Assign(IpallocOptions options, string setting, string? text)
    {
        if (text is not null)
            Assert.Null(IpallocOptions.SettingsSchema.Find(setting)!.Assign(options, [text]));
    }
}
