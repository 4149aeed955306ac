using Interlook.Configuration;
using Interlook.Extensions.Etcd;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Etcd.SkyDnsBed;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>What a definition means, and how the settings are read; without any server.</summary>
public sealed class RecordPlanTests
{
    [Theory]
    [InlineData("*.shop", "is a wildcard")]
    [InlineData("skydns.local", "is the domain itself")]
    [InlineData("a_b", "has a label with other characters")]
    [InlineData("", "is empty")]
    public void A_name_that_DNS_cannot_find_is_refused_with_the_reason(string name, string problem)
    {
        var plan = new RecordPlan(new(), "interlook", "node1");

        var refused = Assert.Throws<ExtensionException>(() => plan.Of(Key("shop"), At("10.0.0.1", name)));

        Assert.Equal(Reason.Invalid, refused.Reason);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void An_address_that_names_no_host_is_refused(string address)
    {
        var plan = new RecordPlan(new(), "interlook", "node1");

        var refused = Assert.Throws<ExtensionException>(() => plan.Of(Key("shop"), At(address, "shop")));

        Assert.Equal(Reason.Invalid, refused.Reason);
    }

    [Theory]
    [InlineData("node1", "node1-")]
    [InlineData("Node1.Example.ORG", "node1-example-org-")]
    [InlineData("-größe_7-", "gr--e-7-")]
    [InlineData("...", "host-")]
    [InlineData("a23456789b123456789c123456789d123456789e123456789f123456789g123456789", "a23456789b123456789c123456789d123456789e123456789f-")]
    public void The_last_label_is_a_valid_DNS_label_whatever_the_machine_is_called(string machine, string begin)
    {
        var plan = new RecordPlan(new(), "interlook", machine);

        var leaf = Assert.Single(plan.Of(Key("shop"), At("10.0.0.1", "shop"))).Key.Split('/')[^1];

        Assert.StartsWith(begin, leaf, StringComparison.Ordinal);
        Assert.Equal(begin.Length + 12, leaf.Length);
        Assert.InRange(leaf.Length, 1, 63);
    }

    [Fact]
    public void Another_address_keeps_the_key_and_another_service_or_target_has_its_own()
    {
        var plan = new RecordPlan(new(), "interlook", "node1");
        string LeafOf(string service, ServiceDefinition definition) => Assert.Single(plan.Of(Key(service), definition)).Key;

        Assert.Equal(LeafOf("shop", At("10.0.0.1", "shop")), LeafOf("shop", At("10.0.0.2", "shop")));
        Assert.NotEqual(LeafOf("shop", At("10.0.0.1", "shop")), LeafOf("shop-2", At("10.0.0.1", "shop")));
        Assert.NotEqual(LeafOf("web", Of("web", new Target("10.0.0.1", 80))), LeafOf("web", Of("web", new Target("10.0.0.1", 81))));
    }

    [Theory]
    [InlineData("ttl", "60", null)]
    [InlineData("leaseTtl", "90", null)]
    [InlineData("leaseTtl", "1m30s", null)]
    [InlineData("ttl", "0", "must be from 1s to 24h, not 0")]
    [InlineData("ttl", "1500ms", "must be whole seconds, not '1500ms'")]
    [InlineData("leaseTtl", "1", "must be from 2s to 24h, not 1")]
    [InlineData("ttl", "soon", "must be a length of time such as 5s, 10m or 1h30m, not 'soon'")]
    [InlineData("domain", ".", null)]
    [InlineData("domain", "*.example.org", "is not a domain: '*.example.org' begins with a wildcard")]
    [InlineData("prefix", "/dns/sky/", null)]
    [InlineData("prefix", "a b", "must be one or more names of letters, digits, '-', '_' and '.', with '/' between them, not 'a b'")]
    [InlineData("prefix", "../x", "must be one or more names of letters, digits, '-', '_' and '.', with '/' between them, not '../x'")]
    [InlineData("hostname", "node1.example.org", null)]
    [InlineData("hostname", "node_1", "must be a host name, but 'node_1' has a label with other characters than letters, digits and hyphens: 'node_1' (write international names as xn--…)")]
    [InlineData("endpoints", "http://user:pass@127.0.0.1:2379", "must not hold a user or password: use `username` and `passwordFile`")]
    [InlineData("api", "v4", "must be one of v3, v2, auto, not 'v4'")]
    public void A_setting_is_taken_or_refused_with_what_is_wrong(string key, string text, string? problem)
    {
        var setting = SkyDnsOptions.SettingsSchema.Find(key)!;

        Assert.Equal(problem, setting.Assign(new SkyDnsOptions(), [text]));
    }

    [Fact]
    public void What_belongs_together_is_asked_for_together()
    {
        var options = new SkyDnsOptions { Username = "interlook", Tls = { Key = "key.pem" }, Endpoints = [] };

        var problems = SkyDnsOptions.SettingsSchema.Check(options).Select(problem => problem.Setting);

        Assert.Equal(["endpoints", "tlsKey", "username"], problems.Distinct().Order());
        Assert.Empty(SkyDnsOptions.SettingsSchema.Check(new SkyDnsOptions { Username = "interlook", Password = new Secret("x") }));
    }
}
