using System.Net.Sockets;
using System.Text.RegularExpressions;
using Interlook.Fixtures;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Etcd.SkyDnsBed;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>What CoreDNS answers from what <c>dns.skydns</c> wrote into a real etcd.</summary>
public sealed partial class AnswerTests(EtcdServer etcd) : IClassFixture<EtcdServer>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_public_address_is_an_A_or_AAAA_record_and_an_SRV_record_with_the_usual_port()
    {
        await using var bed = new SkyDnsBed(etcd);
        var dns = await PublishAsync(bed, At("10.77.66.1", "shop"), At("2001:db8::1", "blog") with { Tls = true });

        Assert.Equal(["60 10.77.66.1"], dns.Addresses("shop.skydns.local", AddressFamily.InterNetwork));
        Assert.Empty(dns.Addresses("shop.skydns.local", AddressFamily.InterNetworkV6));
        Assert.Equal(["60 2001:db8::1"], dns.Addresses("BLOG.skydns.local.", AddressFamily.InterNetworkV6));
        Assert.Equal(["60 10 100 80 LEAF.shop.skydns.local."], Leaves(dns.Services("shop.skydns.local")));
        Assert.Equal(["60 10 100 443 LEAF.blog.skydns.local."], Leaves(dns.Services("blog.skydns.local")));
    }

    [Fact]
    public async Task Targets_are_SRV_records_with_their_ports_and_weights_whose_targets_resolve()
    {
        await using var bed = new SkyDnsBed(etcd);
        var dns = await PublishAsync(bed, Of("web", new("10.0.0.1", 8080), new("10.0.0.1", 8081, 3), new("db.example.org", 5432)));

        var services = dns.Services("web.skydns.local");

        Assert.Equal(
            ["60 10 20 5432 db.example.org.", "60 10 20 8080 LEAF.web.skydns.local.", "60 10 60 8081 LEAF.web.skydns.local."], Leaves(services));
        Assert.Equal(["60 10.0.0.1"], dns.Addresses("web.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["60 10.0.0.1"], dns.Addresses(services.First(line => line.Contains(" 8081 ", StringComparison.Ordinal)).Split(' ')[^1], AddressFamily.InterNetwork));
    }

    [Fact]
    public async Task Two_services_of_one_name_answer_together()
    {
        await using var bed = new SkyDnsBed(etcd);
        var provisioner = await bed.StartAsync();
        await provisioner.DeployAsync(Key("one"), Of("httpd", new Target("10.0.0.1", 8080)), [], Stopping);
        await provisioner.DeployAsync(Key("two"), Of("httpd", new Target("10.0.0.2", 8081)), [], Stopping);

        var dns = await ReaderAsync();

        Assert.Equal(["60 10.0.0.1", "60 10.0.0.2"], dns.Addresses("httpd.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["60 10 50 8080 LEAF.httpd.skydns.local.", "60 10 50 8081 LEAF.httpd.skydns.local."], Leaves(dns.Services("httpd.skydns.local")));
    }

    [Fact]
    public async Task A_name_does_not_answer_for_the_names_below_it()
    {
        await using var bed = new SkyDnsBed(etcd);
        var dns = await PublishAsync(bed, At("10.0.0.1", "app"), At("10.0.0.2", "db.app"), At("10.0.0.3", "x.y.app"));

        Assert.Equal(["60 10.0.0.1"], dns.Addresses("app.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["60 10.0.0.2"], dns.Addresses("db.app.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["60 10.0.0.3"], dns.Addresses("x.y.app.skydns.local", AddressFamily.InterNetwork));
    }

    [Fact]
    public async Task A_wildcard_in_the_question_gives_every_name_of_that_depth()
    {
        await using var bed = new SkyDnsBed(etcd);
        var dns = await PublishAsync(bed, At("10.0.0.1", "app"), At("10.0.0.2", "web"));

        Assert.Equal(["60 10.0.0.1", "60 10.0.0.2"], dns.Addresses("*.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["60 10.0.0.1", "60 10.0.0.2"], dns.Addresses("any.skydns.local", AddressFamily.InterNetwork));
    }

    [Fact]
    public async Task Records_of_others_beside_ours_are_answered_too_and_their_targetstrip_counts()
    {
        await using var bed = new SkyDnsBed(etcd);
        await etcd.ControlAsync("put", "/skydns/local/skydns/httpd/old", """{"host":"10.0.0.9","port":80,"targetstrip":1}""");
        var dns = await PublishAsync(bed, Of("httpd", new Target("10.0.0.1", 8080)));

        Assert.Equal(["300 10.0.0.9", "60 10.0.0.1"], dns.Addresses("httpd.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["300 10 83 80 httpd.skydns.local.", "60 10 16 8080 LEAF.httpd.skydns.local."], Leaves(dns.Services("httpd.skydns.local")));
    }

    [Fact]
    public async Task Legacy_keys_give_the_earlier_answers()
    {
        await using var bed = new SkyDnsBed(etcd);
        var options = bed.Options();
        options.LegacyKeys = true;
        var provisioner = await bed.StartAsync(options);
        await provisioner.DeployAsync(Key("httpd"), Of("httpd", new Target("10.77.66.0", 8080)), [], Stopping);

        var dns = await ReaderAsync();

        Assert.Equal(["60 10.77.66.0"], dns.Addresses("httpd.skydns.local", AddressFamily.InterNetwork));
        Assert.Equal(["60 10 100 8080 node1.httpd.skydns.local."], dns.Services("httpd.skydns.local"));
    }

    private async Task<CoreDnsReader> PublishAsync(SkyDnsBed bed, params ServiceDefinition[] services)
    {
        var provisioner = await bed.StartAsync();
        foreach (var service in services)
            await provisioner.DeployAsync(Key(service.Name), service, [], Stopping);
        return await ReaderAsync();
    }

    /// <summary>The lease of these tests is as long as the records' own time, so what is left of it is what the record says.</summary>
    private async Task<CoreDnsReader> ReaderAsync() =>
        new((await etcd.ReadAsync()).Select(each => (each.Key, each.Value, each.Lease == 0 ? 0L : 60L)));

    private static string[] Leaves(string[] services) =>
        [.. services.Select(line => Leaf().Replace(line, " LEAF.")).Order(StringComparer.Ordinal)];

    [GeneratedRegex(" node1-[0-9a-f]{12}\\.")]
    private static partial Regex Leaf();
}
