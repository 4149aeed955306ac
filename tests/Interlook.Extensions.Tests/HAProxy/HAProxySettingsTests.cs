using Interlook.Extensions.HAProxy;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

public sealed class HAProxySettingsTests
{
    [Theory]
    [InlineData("httpPort", "0")]
    [InlineData("httpPort", "70000")]
    [InlineData("httpsPort", "https")]
    [InlineData("balance", "fastest")]
    [InlineData("check", "http")]
    [InlineData("checkInterval", "0")]
    [InlineData("checkInterval", "2x")]
    [InlineData("checkInterval", "2d")]
    [InlineData("rise", "0")]
    [InlineData("fall", "-1")]
    [InlineData("runtimeApi", "maybe")]
    [InlineData("configFile", "")]
    [InlineData("masterSocket", "a\nb")]
    [InlineData("reloadInterval", "-1s")]
    public void A_value_that_cannot_be_used_is_refused(string setting, string text)
    {
        var problem = HAProxyExtensions.SettingsSchema.Find(setting)!.Assign(new HAProxyOptions(), [text]);

        Assert.NotNull(problem);
    }

    [Fact]
    public void The_two_ports_must_differ()
    {
        var problems = HAProxyExtensions.SettingsSchema.Check(new HAProxyOptions { HttpPort = 80, HttpsPort = 80 });

        Assert.Equal("httpsPort", Assert.Single(problems).Setting);
    }

    [Fact]
    public void The_file_that_is_ours_is_not_among_the_others()
    {
        var problems = HAProxyExtensions.SettingsSchema.Check(new HAProxyOptions { ConfigFile = "/a.cfg", OtherConfigFiles = ["/a.cfg"] });

        Assert.Equal("otherConfigFiles", Assert.Single(problems).Setting);
    }

    [Fact]
    public void The_extension_is_registered_under_its_name_with_the_settings_that_are_required()
    {
        var found = ExtensionCatalog.Empty.AddHAProxy().Find("lb.haproxy");

        Assert.NotNull(found);
        Assert.Equal(["configFile", "masterSocket"], found.Schema.Settings.Where(setting => setting.Required).Select(setting => setting.Name));
    }
}
