using System.Net;
using Interlook.Configuration;
using Interlook.Extensions.Docker;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>Where the public host comes from, and what is said when it comes from nowhere.</summary>
public sealed class PublicHostTests
{
    private readonly Dictionary<string, string> environment = [];
    private readonly Dictionary<string, IReadOnlyList<IPAddress>> interfaces = new() { ["lo"] = [IPAddress.Loopback] };
    private Uri metadata = new("http://127.0.0.1:9");

    [Fact]
    public async Task The_setting_comes_first()
    {
        environment["EXTERNAL_IP"] = "192.0.2.1";
        Has("eth0", "192.0.2.2");

        var found = await FindAsync(("host", "Node1.example.org"));

        Assert.Equal(("node1.example.org", "setting host"), (found.Address, found.Origin));
    }

    [Fact]
    public async Task Then_the_variable()
    {
        environment["EXTERNAL_IP"] = " 2001:DB8::1 ";
        Has("eth0", "192.0.2.2");

        var found = await FindAsync();

        Assert.Equal(("2001:db8::1", "variable EXTERNAL_IP"), (found.Address, found.Origin));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task HighHock_16_an_empty_variable_is_none(string empty)
    {
        environment["EXTERNAL_IP"] = empty;
        Has("eth0", "192.0.2.2");

        Assert.Equal("192.0.2.2", (await FindAsync()).Address);
    }

    [Theory]
    [InlineData("a b", "the environment variable EXTERNAL_IP must be an IP address or a host name; 'a b' has a label")]
    [InlineData("0.0.0.0", "the environment variable EXTERNAL_IP must be an address that can be reached, not '0.0.0.0': mend it, empty it, or set host")]
    public async Task HighHock_16_a_variable_that_is_no_host_is_refused(string written, string message)
    {
        environment["EXTERNAL_IP"] = written;
        Has("eth0", "192.0.2.2");

        var refusal = await Assert.ThrowsAsync<ExtensionException>(() => FindAsync());

        Assert.Equal(Reason.Invalid, refusal.Reason);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "fe80::1%2", "2001:db8::1", "127.0.0.2", "169.254.3.4", "192.0.2.2", "192.0.2.3" }, "192.0.2.2")]
    [InlineData(new[] { "fe80::1%2", "fd00::5" }, "fd00::5")]
    public async Task HighHock_02_the_interfaces_own_first_usable_address_is_found_IPv4_before_IPv6(string[] has, string address)
    {
        Has("eth0", has);

        var found = await FindAsync();

        Assert.Equal((address, "interface eth0"), (found.Address, found.Origin));
    }

    [Fact]
    public async Task With_none_everything_that_was_tried_is_said()
    {
        Has("wlan0", "127.0.0.2", "fe80::1");
        Has("down");

        Assert.Equal(
            "no public host was found at which containers with DISCOVER could be announced: setting host is empty; variable EXTERNAL_IP is not set or empty; "
            + "setting metadata is off; interface eth0 does not exist (there are lo, wlan0, down). "
            + "Set host to this machine's address, or interface to one that has it",
            (await Assert.ThrowsAsync<ExtensionException>(() => FindAsync())).Message);
        Assert.Contains(
            "interface wlan0 has only addresses that others cannot use (127.0.0.2, fe80::1)",
            (await Assert.ThrowsAsync<ExtensionException>(() => FindAsync(("interface", "wlan0")))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "interface down has no address",
            (await Assert.ThrowsAsync<ExtensionException>(() => FindAsync(("interface", "down")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machines_own_interfaces_are_read()
    {
        Assert.Contains("lo", LocalInterfaces.Names());
        Assert.Contains(IPAddress.Loopback, LocalInterfaces.Addresses("lo")!);
        Assert.Null(LocalInterfaces.Addresses("no-such-interface"));
    }

    [Theory]
    [InlineData("aws", FakeMetadata.Kind.Aws, "203.0.113.1", "the metadata of aws")]
    [InlineData("aws", FakeMetadata.Kind.AwsWithoutIPv4, "2001:db8::a", "the metadata of aws")]
    [InlineData("gce", FakeMetadata.Kind.Gce, "203.0.113.2", "the metadata of gce")]
    [InlineData("digitalocean", FakeMetadata.Kind.DigitalOcean, "203.0.113.3", "the metadata of digitalocean")]
    [InlineData("auto", FakeMetadata.Kind.Aws, "203.0.113.1", "the metadata of aws")]
    [InlineData("auto", FakeMetadata.Kind.Gce, "203.0.113.2", "the metadata of gce")]
    [InlineData("auto", FakeMetadata.Kind.DigitalOcean, "203.0.113.3", "the metadata of digitalocean")]
    public async Task A_cloud_says_the_address(string setting, FakeMetadata.Kind kind, string address, string origin)
    {
        await using var cloud = await FakeMetadata.StartAsync(kind);
        metadata = cloud.Url;
        Has("eth0", "192.0.2.2");

        var found = await FindAsync(("metadata", setting));

        Assert.Equal((address, origin), (found.Address, found.Origin));
    }

    [Theory]
    [InlineData("aws", FakeMetadata.Kind.DigitalOcean, "the metadata service of aws knows no public address of this machine")]
    [InlineData("gce", FakeMetadata.Kind.Rubbish, "the metadata service of gce knows no public address of this machine")] // not Google's: the header is missing
    [InlineData("digitalocean", FakeMetadata.Kind.Rubbish, "the metadata service of digitalocean answers with something that is no public address")]
    [InlineData("digitalocean", FakeMetadata.Kind.Silent, "the metadata service of digitalocean gave no answer within 1 s")]
    [InlineData("aws", null, "the metadata service of aws cannot be reached")]
    public async Task A_cloud_without_an_answer_leaves_it_to_the_interface_and_is_named_when_that_has_none(string setting, FakeMetadata.Kind? kind, string said)
    {
        await using var cloud = kind is { } which ? await FakeMetadata.StartAsync(which) : null;
        metadata = cloud?.Url ?? metadata;

        var refusal = await Assert.ThrowsAsync<ExtensionException>(() => FindAsync(("metadata", setting)));
        Has("eth0", "192.0.2.2");
        var found = await FindAsync(("metadata", setting));

        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("192.0.2.2", found.Address);
    }

    [Fact]
    public async Task No_cloud_is_asked_unless_it_is_wanted()
    {
        await using var cloud = await FakeMetadata.StartAsync(FakeMetadata.Kind.Aws);
        metadata = cloud.Url;
        Has("eth0", "192.0.2.2");

        var found = await FindAsync();

        Assert.Equal("192.0.2.2", found.Address);
        Assert.Equal(0, cloud.Requests);
    }

    [Theory]
    [InlineData("host", "a b", null)]
    [InlineData("host", "::", "must be an address that can be reached, not '::'")]
    [InlineData("discovery", "labels", "must be one of label, env, both, not 'labels'")]
    [InlineData("metadata", "azure", "must be one of off, auto, aws, gce, digitalocean, not 'azure'")]
    public void HighHock_16_a_setting_that_cannot_be_meant_is_refused(string key, string text, string? problem)
    {
        var said = DockerOptions.Schema.Find(key)!.Assign(new DockerOptions(), [text]);

        Assert.NotNull(said);
        if (problem is not null)
            Assert.Equal(problem, said);
    }

    [Fact]
    public void Settings_for_labels_have_no_place_beside_the_variable_alone()
    {
        var alone = DockerContext.Options(DockerOptions.Schema, ("discovery", "env"), ("targetNetwork", "front"), ("hostAddress", "10.0.0.1"));
        var both = DockerContext.Options(DockerOptions.Schema, ("discovery", "both"), ("targetNetwork", "front"), ("hostAddress", "10.0.0.1"));

        Assert.Equal(
            [
                new SettingProblem("targetNetwork", "is for containers that ask by labels: remove it, or set discovery to both"),
                new SettingProblem("hostAddress", "is for containers that ask by labels: write host for those that ask by a variable"),
            ],
            DockerOptions.Schema.Check(alone));
        Assert.Empty(DockerOptions.Schema.Check(both));
    }

    private void Has(string name, params string[] addresses) => interfaces[name] = [.. addresses.Select(IPAddress.Parse)];

    private Task<PublicHost> FindAsync(params (string Key, string Text)[] settings)
    {
        var sources = new PublicHostSources
        {
            Environment = environment.GetValueOrDefault,
            Addresses = interfaces.GetValueOrDefault,
            Interfaces = () => [.. interfaces.Keys],
            Metadata = metadata,
        };
        var options = DockerContext.Options(DockerOptions.Schema, [("discovery", "env"), .. settings]);
        return new PublicHostSearch(options, sources, TimeProvider.System).FindAsync(NullLogger.Instance, TestContext.Current.CancellationToken);
    }
}
