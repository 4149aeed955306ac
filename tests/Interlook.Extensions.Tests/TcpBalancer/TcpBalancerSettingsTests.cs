using Interlook.Extensions.TcpBalancer;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

public sealed class TcpBalancerSettingsTests
{
    [Theory]
    [InlineData("httpPort", "0")]
    [InlineData("httpsPort", "70000")]
    [InlineData("balance", "source")]
    [InlineData("check", "ping")]
    [InlineData("checkPath", "health")]
    [InlineData("checkPath", "/a b")]
    [InlineData("checkPath", "/a\r\nX: y")]
    [InlineData("checkInterval", "0")]
    [InlineData("rise", "0")]
    [InlineData("fall", "-1")]
    [InlineData("connectTimeout", "1ms")]
    [InlineData("idleTimeout", "10ms")]
    [InlineData("drainTimeout", "-1s")]
    [InlineData("maxConnections", "0")]
    [InlineData("proxyProtocol", "v1")]
    [InlineData("threads", "1000")]
    public void A_value_that_cannot_be_used_is_refused(string setting, string text) =>
        Assert.NotNull(TcpBalancerExtensions.SettingsSchema.Find(setting)!.Assign(new TcpBalancerOptions(), [text]));

    [Fact]
    public void What_is_written_reaches_the_options()
    {
        var options = new TcpBalancerOptions();
        (string Name, string Text)[] written =
            [("balance", "RoundRobin"), ("check", "http"), ("checkPath", "/health"), ("idleTimeout", "1h30m"), ("proxyProtocol", "v2"), ("maxConnections", "7")];

        var problems = written.Select(each => TcpBalancerExtensions.SettingsSchema.Find(each.Name)!.Assign(options, [each.Text])).ToList();

        Assert.All(problems, Assert.Null);
        Assert.Equal(
            (false, CheckKind.Http, "/health", TimeSpan.FromMinutes(90), true, 7),
            (options.LeastConnections, options.Check, options.CheckPath, options.IdleTimeout, options.ProxyProtocol, options.MaxConnections));
    }

    [Fact]
    public void The_two_ports_must_differ()
    {
        var problems = TcpBalancerExtensions.SettingsSchema.Check(new TcpBalancerOptions { HttpPort = 80, HttpsPort = 80 });

        Assert.Equal("httpsPort", Assert.Single(problems).Setting);
    }

    [Fact]
    public void The_extension_is_registered_under_its_name_and_nothing_is_required()
    {
        var found = ExtensionCatalog.Empty.AddTcpBalancer().Find("lb.embedded");

        Assert.NotNull(found);
        Assert.DoesNotContain(found.Schema.Settings, setting => setting.Required);
    }
}
