using System.Net;
using System.Text;
using Interlook.Collections;
using Interlook.Configuration;
using Interlook.Extensions.Consul;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

public sealed class RegistrationPlanTests
{
    private static readonly ServiceKey Key = new(ServiceKey.DefaultWorkflow, "shop");

    [Theory]
    [InlineData("*.example.org", "wildcard")]
    [InlineData("a_b.example.org", "letters, digits and hyphens")]
    [InlineData("a..b", "empty label")]
    [InlineData("", "is empty")]
    [InlineData("größe.example", "xn--")]
    public void A_name_that_DNS_cannot_hold_is_invalid(string name, string problem)
    {
        var failure = Assert.Throws<ExtensionException>(() => Plan(name));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("service shop", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_64_characters_is_invalid()
    {
        var failure = Assert.Throws<ExtensionException>(() => Plan(new string('a', 64) + ".example"));

        Assert.Equal(Reason.Invalid, failure.Reason);
    }

    [Fact]
    public void A_name_without_room_for_Consuls_suffix_is_invalid()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 59), 4));
        Assert.Equal(239, name.Length);

        var failure = Assert.Throws<ExtensionException>(() => Plan(name));

        Assert.Equal(Reason.Invalid, failure.Reason);
    }

    [Theory]
    [InlineData(null, "ipam.ipalloc")]
    [InlineData("0.0.0.0", "names no host")]
    [InlineData("::", "names no host")]
    [InlineData("fe80::1%3", "names no host")]
    public void A_service_without_a_usable_address_is_invalid(string? address, string problem)
    {
        var failure = Assert.Throws<ExtensionException>(
            () => new RegistrationPlan(new()).Of(Key, Define(address, "app")));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_names_that_become_one_are_registered_once()
    {
        var plan = new RegistrationPlan(new() { Domain = "example.org" });

        var registration = Assert.Single(plan.Of(Key, Define("127.0.0.1", "app", "app.example.org")));

        Assert.Equal(new ConsulName("app", ""), registration.Name);
    }

    [Fact]
    public void Every_key_has_IDs_of_its_own()
    {
        var plan = new RegistrationPlan(new());
        var keys = OddNames.All.SelectMany(name => new[] { new ServiceKey("default", name), new ServiceKey("other", name) }).ToList();

        var ids = keys.Select(key => Assert.Single(plan.Of(key, Define("127.0.0.1", "app"))).Id).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.True(id.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')));
    }

    [Fact]
    public void A_mark_tells_its_key_again_in_values_that_Consul_takes()
    {
        string[] names = [.. OddNames.All, new string('商', 253), string.Concat(Enumerable.Repeat("🛒", 126)), "x" + string.Concat(Enumerable.Repeat("🛒", 126))];

        foreach (var name in names)
        {
            var key = new ServiceKey("workflow", name);
            var mark = OwnershipMark.Of("test", key, "app");

            Assert.Equal(key, OwnershipMark.ReadKey(mark));
            Assert.All(mark.Values, value => Assert.InRange(Encoding.UTF8.GetByteCount(value), 1, 512));
            Assert.True(OwnershipMark.IsOf("test", mark));
            Assert.False(OwnershipMark.IsOf("tes", mark));
        }
    }

    [Theory]
    [InlineData("url", "ftp://consul", "http://")]
    [InlineData("url", "http://user:pass@consul:8500", "token")]
    [InlineData("domain", "*.example.org", "domain")]
    [InlineData("domain", "a b", "domain")]
    [InlineData("node", "a.b", "one DNS label")]
    [InlineData("httpPort", "0", "1 to 65535")]
    [InlineData("httpsPort", "70000", "1 to 65535")]
    [InlineData("tlsSkipVerify", "perhaps", "true or false")]
    public void A_setting_that_cannot_be_is_refused(string setting, string text, string problem)
    {
        var said = ConsulDnsOptions.SettingsSchema.Find(setting)!.Assign(new ConsulDnsOptions(), [text]);

        Assert.NotNull(said);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("domain")]
    [InlineData("token")]
    [InlineData("datacenter")]
    public void An_empty_setting_is_an_unset_one(string setting)
    {
        var options = new ConsulDnsOptions();

        var problem = ConsulDnsOptions.SettingsSchema.Find(setting)!.Assign(options, [""]);

        Assert.Null(problem);
        Assert.Null(options.Domain);
        Assert.Null(options.Token);
        Assert.Null(options.Datacenter);
    }

    [Fact]
    public void A_certificate_needs_its_key()
    {
        var options = new ConsulDnsOptions { Tls = { Cert = "cert.pem" } };

        Assert.Contains(new SettingProblem("tlsCert", "needs tlsKey, the key it belongs to"), ConsulDnsOptions.SettingsSchema.Check(options));
    }

    [Fact]
    public void The_earlier_documentations_step_name_finds_it()
    {
        var catalog = ExtensionCatalog.Empty.AddConsul();

        Assert.Equal("dns.consul", catalog.Find("provisioner.consul")?.Name);
    }

    private static IReadOnlyList<Registration> Plan(string name) => new RegistrationPlan(new()).Of(Key, Define("127.0.0.1", name));

    private static ServiceDefinition Define(string? address, params EquatableArray<string> names) => new()
    {
        Name = "shop",
        Provider = "provider.test",
        DnsNames = names,
        PublicIp = address is null ? null : IPAddress.Parse(address),
    };
}
