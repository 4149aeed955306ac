using Interlook.Configuration;
using Interlook.Extensions.BigIp;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

public sealed class BigIpSettingsTests
{
    [Theory]
    [InlineData("httpEndpoint", "")]
    [InlineData("httpEndpoint", "ftp://bigip")]
    [InlineData("httpEndpoint", "https://api:secret@bigip")]
    [InlineData("httpPort", "0")]
    [InlineData("partition", "/interlook")]
    [InlineData("globalHTTPPolicy", "/interlook/policy")]
    [InlineData("configSync", "two words")]
    [InlineData("loadBalancingMode", "fastest")]
    [InlineData("updateMode", "both")]
    [InlineData("objectDescriptionSuffix", "<generated>")]
    [InlineData("proxy", "proxy:3128")]
    [InlineData("routeDomain", "-1")]
    [InlineData("saveConfig", "maybe")]
    [InlineData("answerTimeout", "0")]
    public void A_value_that_cannot_be_used_is_refused(string setting, string text)
    {
        var problem = BigIpOptions.SettingsSchema.Find(setting)!.Assign(new BigIpOptions(), [text]);

        Assert.NotNull(problem);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.32.20.100", "https://10.32.20.100/")]
    [InlineData("https://bigip.example.org:8443", "https://bigip.example.org:8443/")]
    public void The_endpoint_may_be_a_bare_host_as_in_the_earlier_system(string text, string expected)
    {
        var options = new BigIpOptions();

        var problem = BigIpOptions.SettingsSchema.Find("httpEndpoint")!.Assign(options, [text]);

        Assert.Null(problem);
        Assert.Equal(expected, options.Endpoint!.AbsoluteUri);
    }

    [Fact]
    public void Empty_texts_mean_the_default()
    {
        var options = new BigIpOptions();

        foreach (var setting in new[] { "authProvider", "authToken", "monitorName", "tcpProfile", "partition", "globalHTTPPolicy", "globalSSLPolicy", "proxy", "configSync" })
            Assert.Null(BigIpOptions.SettingsSchema.Find(setting)!.Assign(options, [""]));

        Assert.Equal("tmos", options.AuthProvider);
        Assert.Equal("Common", options.Partition);
        Assert.Null(options.AuthToken);
        Assert.Null(options.Proxy);
    }

    [Theory]
    [InlineData("username")]
    [InlineData("httpsPort")]
    [InlineData("updateMode")]
    [InlineData("globalSSLPolicy")]
    public void Settings_that_do_not_go_together_are_named(string expected)
    {
        var options = new BigIpOptions { Username = "api", Password = new Secret("x") };
        switch (expected)
        {
            case "username":
                options.Password = null;
                break;
            case "httpsPort":
                options.HttpsPort = 80;
                break;
            case "updateMode":
                options.UsesPolicies = true;
                break;
            default:
                (options.GlobalHttpPolicy, options.GlobalSslPolicy) = ("one", "one");
                break;
        }

        var problems = BigIpOptions.SettingsSchema.Check(options);

        Assert.Equal(expected, Assert.Single(problems).Setting);
    }

    [Fact]
    public void The_extension_is_registered_under_its_name_and_the_earlier_one()
    {
        var catalog = ExtensionCatalog.Empty.AddBigIp();

        Assert.NotNull(catalog.Find("lb.f5ltm"));
        Assert.Same(catalog.Find("lb.f5ltm"), catalog.Find("provisioner.f5ltm"));
    }
}
