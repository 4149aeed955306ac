using System.Net;
using Interlook.Configuration;
using Xunit;

namespace Interlook.Abstractions.Tests.Configuration;

public class SettingReadersTests
{
    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("1m1s1ms", 61_001)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("5", 5_000)]
    [InlineData("90", 90_000)]
    public void A_length_of_time_is_read(string text, double milliseconds)
    {
        Assert.Equal(milliseconds, SettingReaders.Duration(text).TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5 s")]
    [InlineData("s")]
    [InlineData("5x")]
    [InlineData("-5s")]
    [InlineData("5s5s")]
    [InlineData("5s1m")]
    [InlineData("1.5s")]
    [InlineData("99999999999s")]
    [InlineData("99999999999")]
    [InlineData("-5")]
    public void What_is_no_length_of_time_is_refused(string text)
    {
        var problem = Assert.Throws<FormatException>(() => SettingReaders.Duration(text));

        Assert.Contains("such as 5s, 10m or 1h30m", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999999999")]
    [InlineData("999999999h")]
    [InlineData("870000h3600000000s")]
    public void What_no_operator_lives_to_see_is_a_hundred_years(string text)
    {
        Assert.Equal(TimeSpan.FromDays(36_500), SettingReaders.Duration(text));
    }

    [Theory]
    [InlineData("5s")]
    [InlineData("1h30m")]
    [InlineData("250ms")]
    [InlineData("0")]
    [InlineData("49h")]
    public void A_length_of_time_is_shown_as_it_is_read(string text)
    {
        Assert.Equal(text, SettingReaders.Show(SettingReaders.Duration(text)));
    }

    [Theory]
    [InlineData("0", "must be from 1 to 65535, not 0")]
    [InlineData("70000", "must be from 1 to 65535, not 70000")]
    [InlineData("http", "must be a whole number, not 'http'")]
    [InlineData("80.0", "must be a whole number")]
    [InlineData(" 80", "must be a whole number")]
    [InlineData("99999999999999999999", "must be a whole number")]
    public void What_is_no_port_is_refused(string text, string expected)
    {
        var problem = Assert.Throws<FormatException>(() => SettingReaders.Port(text));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("10.1", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("0x0a.0.0.1", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("[fd00::1]", false)]
    [InlineData("10.0.0.1/24", false)]
    public void An_address_is_read_in_its_canonical_form_only(string text, bool good)
    {
        if (good)
            Assert.Equal(IPAddress.Parse(text), SettingReaders.Address(text));
        else
            Assert.Throws<FormatException>(() => SettingReaders.Address(text));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8500", true)]
    [InlineData("https://consul.example.org", true)]
    [InlineData("ftp://example.org", false)]
    [InlineData("127.0.0.1:8500", false)]
    [InlineData("http://example.org/?token=secret", false)]
    public void A_web_address_is_http_or_https_without_a_query(string text, bool good)
    {
        if (good)
            Assert.Equal(new Uri(text), SettingReaders.HttpUrl(text));
        else
            Assert.Throws<FormatException>(() => SettingReaders.HttpUrl(text));
    }

    [Fact]
    public void A_secret_never_shows_itself()
    {
        var secret = new Secret("hunter2");

        Assert.Equal("*****", $"{secret}");
        Assert.Equal("hunter2", secret.Reveal());
    }

    [Fact]
    public void A_schema_finds_settings_by_name_and_alias_without_regard_to_case_and_reports_what_is_wrong()
    {
        var schema = SettingsSchema.For<Options>()
            .Number("listenPort", (options, port) => options.Port = port, "The port.", 1, 65535, "8080", "port")
            .Rule(options => options.Port == 22 ? [new SettingProblem("listenPort", "is taken by ssh")] : []);
        var options = (Options)schema.CreateOptions();

        var problem = schema.Find("LISTENPORT")!.Assign(options, ["zero"]);
        var good = schema.Find("Port")!.Assign(options, ["22"]);

        Assert.Equal("must be a whole number, not 'zero'", problem);
        Assert.Null(good);
        Assert.Equal("is taken by ssh", Assert.Single(schema.Check(options)).Message);
        Assert.Null(schema.Find("nothing"));
    }

    private sealed class Options
    {
        public int Port { get; set; } = 8080;
    }
}
