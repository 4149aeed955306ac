using Interlook.Extensions.Kemp;
using Xunit;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>The settings of <c>lb.kemplm</c>.</summary>
public sealed class KempSettingsTests
{
    [Fact]
    public void The_configuration_of_the_earlier_system_is_understood()
    {
        var options = Read(("endpoint", "https://192.168.99.2"), ("username", "api"), ("password", "apiPassw0rd"), ("httpPort", "80"), ("httpsPort", "443"));

        Assert.Empty(KempOptions.SettingsSchema.Check(options));
        Assert.Equal("https://192.168.99.2", options.Root);
        Assert.True(options.AddsNonLocal);
    }

    [Fact]
    public void A_client_certificate_has_its_earlier_keys_too()
    {
        var options = Read(("endpoint", "https://kemp"), ("clientCert", "/dev/null"), ("clientKey", "/dev/null"));

        Assert.Empty(KempOptions.SettingsSchema.Check(options));
        Assert.Equal("/dev/null", options.Tls.Cert);
    }

    [Theory]
    [InlineData("endpoint", "192.168.99.2", "must be an http:// or https:// address, not '192.168.99.2'")]
    [InlineData("endpoint", "https://bal:secret@kemp", "must not hold a user or password: use `username` and `passwordFile`")]
    [InlineData("api", "v3", "must be one of v1, v2, not 'v3'")]
    [InlineData("httpPort", "2", "must be from 3 to 65530, not 2")]
    [InlineData("vsType", "udp", null)]
    [InlineData("checkType", "ping", null)]
    [InlineData("schedule", "best", null)]
    [InlineData("persistence", "src; rm", "must be a word of letters and hyphens such as src, cookie or none, not 'src; rm'")]
    [InlineData("maxCallsPerSecond", "0", "must be from 1 to 1000, not 0")]
    [InlineData("drainTime", "2m", "must be from 0 to 1m, not 2m")]
    public void What_cannot_be_meant_is_refused(string key, string text, string? problem)
    {
        var said = KempOptions.SettingsSchema.Find(key)!.Assign(new KempOptions(), [text]);

        Assert.NotNull(said);
        if (problem is not null)
            Assert.Equal(problem, said);
    }

    [Fact]
    public void There_is_one_way_to_log_in()
    {
        Assert.Equal(["username: is missing: write username and passwordFile, apiKeyFile, or clientCert and clientKey"], Problems());
        Assert.Equal(["username: needs passwordFile beside it"], Problems(("username", "api")));
        Assert.Equal(["password: needs username beside it"], Problems(("password", "x")));
        Assert.Equal(["apiKey: stands beside username: write one of the two"], Problems(("username", "api"), ("password", "x"), ("apiKey", "k")));
        Assert.Equal(
            ["api: v2 does not take a client certificate for a login: write v1, or username and passwordFile, or apiKeyFile"],
            Problems(("api", "v2"), ("clientCert", "/dev/null"), ("clientKey", "/dev/null")));
        Assert.Equal(["tlsCert: needs tlsKey, the key it belongs to"], Problems(("clientCert", "/dev/null")));
        Assert.Empty(Problems(("apiKey", "k")));
    }

    [Fact]
    public void A_transparent_service_has_no_non_local_servers()
    {
        Assert.Equal(
            ["nonLocal: cannot be true with transparent: the appliance takes no non-local real servers for a transparent service"],
            Problems(("apiKey", "k"), ("transparent", "true"), ("nonLocal", "true")));
        Assert.False(Read(("transparent", "true")).AddsNonLocal);
        Assert.False(Read(("nonLocal", "false")).AddsNonLocal);
    }

    private static IEnumerable<string> Problems(params (string Key, string Text)[] settings) =>
        KempOptions.SettingsSchema.Check(Read(settings)).Select(problem => $"{problem.Setting}: {problem.Message}");

    private static KempOptions Read(params (string Key, string Text)[] settings)
    {
        var options = new KempOptions();
        foreach (var (key, text) in settings)
            Assert.Null(KempOptions.SettingsSchema.Find(key)!.Assign(options, [text]));
        return options;
    }
}
