using System.Net;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.GestioIP.GestioIPBed;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>What is reserved, kept, moved and released, and with which calls.</summary>
public sealed class GestioIPDeployTests : IAsyncLifetime
{
    private GestioIPBed bed = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => bed = await StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task A_service_gets_the_lowest_free_address_with_its_name_and_mark()
    {
        bed.Inventory.AddHost("192.168.99.1", "router");
        var gestioip = await bed.StartProvisionerAsync(Stopping, configure: options => (options.Site, options.Category) = ("Lon", "prod"));

        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);

        Assert.Equal(IPAddress.Parse("192.168.99.2"), applied.PublicIp);
        Assert.Equal("192.168.99.2 client 1 'shop' '' 'Lon' 'prod' n 'interlook:test:default:shop' 'man'", bed.Inventory.Describe()[1]);
    }

    [Fact]
    public async Task Two_calls_are_enough_and_the_first_reservation_is_looked_at_once()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);

        await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        await gestioip.DeployAsync(Key("blog"), Define("blog"), [], Stopping);

        Assert.Equal(
            ["usedNetworkAddresses", "reserveFirstFreeNetworkAddress", "usedNetworkAddresses", "usedNetworkAddresses", "reserveFirstFreeNetworkAddress"],
            bed.Requests);
    }

    [Fact]
    public async Task Targets_names_and_tls_change_without_a_write()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        var before = bed.Inventory.Describe();
        bed.Running.ForgetCalls();

        var changed = Define("shop") with { Tls = true, DnsNames = ["other.example.org"], Targets = [new("10.0.0.9", 1, 7)] };
        var again = await gestioip.DeployAsync(Key("shop"), changed, [applied], Stopping);

        Assert.Equal(applied.PublicIp, again.PublicIp);
        Assert.Equal(before, bed.Inventory.Describe());
        Assert.Empty(bed.Writes);
    }

    [Fact]
    public async Task A_requested_address_is_honoured_and_moves_with_the_request()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var first = await gestioip.DeployAsync(Key("shop"), Define("shop", "192.168.99.40"), [], Stopping);

        var second = await gestioip.DeployAsync(Key("shop"), Define("shop", "192.168.99.41"), [first], Stopping);
        var moved = bed.Reservations();
        var third = await gestioip.DeployAsync(Key("shop"), Define("shop"), [second], Stopping);

        Assert.Equal(["192.168.99.41 interlook:test:default:shop"], moved);
        Assert.Equal(second.PublicIp, third.PublicIp);
        Assert.Equal(["createHost", "createHost", "deleteHost"], bed.Writes);
    }

    [Fact]
    public async Task An_address_that_another_service_has_is_a_conflict_that_names_it()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        await gestioip.DeployAsync(Key("blog"), Define("blog"), [], Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("shop"), Define("shop", "192.168.99.1"), [], Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("service shop cannot have 192.168.99.1: host 'blog' with the comment 'interlook:test:default:blog' has it", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.168.98.1")]
    [InlineData("192.168.99.0")]
    [InlineData("192.168.99.255")]
    [InlineData("fd00::1")]
    public async Task An_address_outside_of_the_networks_is_invalid_and_costs_no_call(string address)
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("shop"), Define("shop", address), [], Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Empty(bed.Requests);
    }

    [Fact]
    public async Task After_the_loss_of_everything_a_service_finds_its_own_again()
    {
        var first = await bed.StartProvisionerAsync(Stopping);
        await first.DeployAsync(Key("blog"), Define("blog"), [], Stopping);
        var applied = await first.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        await first.UndeployAsync(Key("blog"), [Define("blog")], Stopping);

        var second = await bed.StartProvisionerAsync(Stopping);
        var again = await second.DeployAsync(Key("shop"), Define("shop"), [], Stopping);

        Assert.Equal(applied.PublicIp, again.PublicIp);
        Assert.Empty(bed.Writes);
    }

    [Fact]
    public async Task An_address_lost_by_hand_is_taken_again_while_it_is_free()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        await gestioip.DeployAsync(Key("blog"), Define("blog"), [], Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Inventory.RemoveHosts(IPAddress.Parse("192.168.99.1"));
        bed.Inventory.RemoveHosts(applied.PublicIp!);

        var again = await gestioip.DeployAsync(Key("shop"), Define("shop"), [applied], Stopping);
        bed.Inventory.RemoveHosts(applied.PublicIp!);
        bed.Inventory.AddHost($"{applied.PublicIp}", "theirs");
        var third = await gestioip.DeployAsync(Key("shop"), Define("shop"), [applied], Stopping);

        Assert.Equal(applied.PublicIp, again.PublicIp);
        Assert.Equal(IPAddress.Parse("192.168.99.1"), third.PublicIp);
    }

    [Fact]
    public async Task A_second_reservation_of_one_service_is_drift_and_the_next_deploy_gives_it_back()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Inventory.AddHost("192.168.99.77", "late", "interlook:test:default:shop");

        var observed = await gestioip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = applied }, Stopping);
        await gestioip.DeployAsync(Key("shop"), Define("shop"), [applied], Stopping);

        Assert.Equal([new Drift(Key("shop"), "192.168.99.77 is reserved for it too")], observed.Drifts);
        Assert.Equal(["192.168.99.1 interlook:test:default:shop"], bed.Reservations());
    }

    [Fact]
    public async Task An_address_that_two_hosts_have_is_never_deleted()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Inventory.AddHost("192.168.99.1", "theirs");
        var before = bed.Inventory.Describe();

        var observed = await gestioip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = applied }, Stopping);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.UndeployAsync(Key("shop"), [applied], Stopping));

        Assert.Equal("192.168.99.1 is host 'theirs' with the comment ''", Assert.Single(observed.Drifts).Difference);
        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Equal(before, bed.Inventory.Describe());
    }

    [Fact]
    public async Task The_next_network_is_used_when_one_is_full_and_then_nothing_is_left()
    {
        bed.Inventory.AddNetwork("192.168.50.0/30");
        bed.Inventory.AddNetwork("192.168.40.0/30");
        var gestioip = await bed.StartProvisionerAsync(Stopping, networks: ["192.168.50.0/30", "192.168.40.0/30"]);

        var given = new List<string>();
        for (var i = 0; i < 4; i++)
            given.Add($"{(await gestioip.DeployAsync(Key($"s{i}"), Define($"s{i}"), [], Stopping)).PublicIp}");
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("s5"), Define("s5"), [], Stopping));
        await gestioip.UndeployAsync(Key("s0"), [Define("s0")], Stopping);
        var freed = await gestioip.DeployAsync(Key("s5"), Define("s5"), [], Stopping);

        Assert.Equal(["192.168.50.1", "192.168.50.2", "192.168.40.1", "192.168.40.2"], given);
        Assert.Equal(Reason.Exhausted, failure.Reason);
        Assert.Equal(IPAddress.Parse("192.168.50.1"), freed.PublicIp);
    }

    [Fact]
    public async Task An_address_of_a_network_that_left_the_settings_is_kept_until_the_next_deploy()
    {
        bed.Inventory.AddNetwork("192.168.50.0/24");
        var before = await bed.StartProvisionerAsync(Stopping, networks: "192.168.50.0/24");
        var applied = await before.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Inventory.AddHost("192.168.50.9", "theirs", "another's");
        var after = await bed.StartProvisionerAsync(Stopping);

        var observed = await after.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = applied }, Stopping);
        var moved = await after.DeployAsync(Key("shop"), Define("shop"), [applied, Define("shop", "192.168.50.9"), Define("shop", "192.168.50.10")], Stopping);

        Assert.Empty(observed.Drifts);
        Assert.Equal(["192.168.99.1 interlook:test:default:shop"], bed.Reservations());
        Assert.Equal(IPAddress.Parse("192.168.99.1"), moved.PublicIp);
        Assert.Contains(bed.Inventory.Hosts, host => host.Hostname == "theirs");
    }

    [Theory]
    [InlineData("fd00:1::/64", "fd00:1::1")]
    [InlineData("2001:db8:1::/64", "2001:db8:1::1")]
    public async Task IPv6_addresses_are_reserved_and_found_again(string network, string expected)
    {
        bed.Inventory.AddNetwork(network);
        var gestioip = await bed.StartProvisionerAsync(Stopping, networks: network);

        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        var again = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        var requested = await gestioip.DeployAsync(Key("blog"), Define("blog", expected + "7"), [], Stopping);
        await gestioip.UndeployAsync(Key("shop"), [applied], Stopping);
        await gestioip.UndeployAsync(Key("blog"), [requested], Stopping);

        Assert.Equal(IPAddress.Parse(expected), applied.PublicIp);
        Assert.Equal(applied, again);
        Assert.Equal(IPAddress.Parse(expected + "7"), requested.PublicIp);
        Assert.Empty(bed.Inventory.Hosts);
    }

    [Fact]
    public async Task Undeploying_reads_compares_and_deletes()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Running.ForgetCalls();

        await gestioip.UndeployAsync(Key("shop"), [applied], Stopping);

        Assert.Equal(["usedNetworkAddresses", "readHost", "deleteHost"], bed.Requests);
        Assert.Empty(bed.Inventory.Hosts);
    }
}
