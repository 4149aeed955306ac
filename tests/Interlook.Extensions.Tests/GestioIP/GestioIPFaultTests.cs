using System.Net;
using Interlook.Extensions.GestioIP;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Xunit;
using static Interlook.Extensions.Tests.GestioIP.GestioIPBed;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>Lost answers, refusals, other systems' pages, and lists that cannot be read.</summary>
public sealed class GestioIPFaultTests : IAsyncLifetime
{
    private const string Reserve = "reserveFirstFreeNetworkAddress";

    private GestioIPBed bed = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => bed = await StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Theory]
    [InlineData(null, Reserve)]
    [InlineData("192.168.99.40", "createHost")]
    public async Task A_reservation_whose_answer_is_lost_is_read_back_and_not_made_again(string? asked, string type)
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        bed.Plan(FaultKind.DropAfter, type); // on a connection that was kept, where an HTTP client may send a second time by itself

        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop", asked), [], Stopping);

        Assert.Equal([$"{applied.PublicIp} interlook:test:default:shop"], bed.Reservations());
        Assert.Equal([type], bed.Writes);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore, Reason.Unreachable)]
    [InlineData(FaultKind.Refuse, Reason.Unavailable)]
    public async Task A_reservation_that_was_not_made_fails_and_the_next_attempt_makes_it(FaultKind kind, Reason reason)
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        bed.Plan(kind, Reserve);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping));
        await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);

        Assert.Equal(reason, failure.Reason);
        Assert.Contains("reserving an address of 192.168.99.0/24 for service shop failed", failure.Message, StringComparison.Ordinal);
        Assert.Single(bed.Reservations());
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_a_timeout_after_the_reservation_was_looked_for()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        bed.Plan(FaultKind.Hang, Reserve);

        var deploying = gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        await Eventually.TrueAsync("the reservation hangs", () => bed.Writes.Any());
        bed.Time.Advance(GestioIPTransport.AnswerTimeout);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => deploying);

        Assert.Equal(Reason.Timeout, failure.Reason);
        Assert.Equal(["usedNetworkAddresses", Reserve, "usedNetworkAddresses"], bed.Requests);
    }

    [Fact]
    public async Task A_release_whose_answer_is_lost_is_done()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Plan(FaultKind.DropAfter, "deleteHost");

        await gestioip.UndeployAsync(Key("shop"), [applied], Stopping);

        Assert.Empty(bed.Inventory.Hosts);
    }

    [Fact]
    public async Task A_host_whose_comment_changed_after_the_list_was_read_is_left_alone()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Running.Faults.Add(new Fault(FaultKind.Late, (_, path) => Changes(path)) { Delay = TimeSpan.Zero });

        await gestioip.UndeployAsync(Key("shop"), [applied], Stopping);

        Assert.Equal("taken over", Assert.Single(bed.Inventory.Hosts).Comment);

        bool Changes(string path)
        {
            if (path.Contains("readHost", StringComparison.Ordinal))
                bed.Inventory.Comment(applied.PublicIp!, "taken over");
            return false;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_in_a_reply_of_200_is_an_error(bool statuses)
    {
        bed.GestioIP.AnswersErrorsWithStatus = statuses;
        var gestioip = await bed.StartProvisionerAsync(Stopping, configure: options => options.Site = "Atlantis");

        var refused = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping));
        bed.GestioIP.Trouble = type => type == Reserve ? "ERROR: Can not lock table, sorry" : null;
        var locked = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping));

        Assert.Equal(Reason.Refused, refused.Reason);
        Assert.Contains("ERROR: SITE NOT FOUND: Atlantis", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Reason.Unavailable, locked.Reason);
        Assert.Contains("ERROR: Can not lock table, sorry", locked.Message, StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Hosts);
    }

    [Fact]
    public async Task A_start_says_what_is_wrong_with_the_settings()
    {
        bed.Inventory.AddNetwork("10.0.0.0/8", root: true);
        bed.Inventory.AddNetwork("172.16.0.0/24");
        bed.Inventory.AddNetwork("172.16.0.0/25");

        await FailsAsync(Reason.Invalid, "CLIENT NOT FOUND; set `client`", options => options.Client = "NOBODY");
        await FailsAsync(Reason.Unauthorized, "401; check username and passwordFile", options => options.Username = "nobody");
        await FailsAsync(Reason.Refused, "404; is `endpoint` the address of GestioIP", options => options.Endpoint = bed.Running.Url);
        await FailsAsync(Reason.Invalid, "it does not exist; create it there", options => options.Networks = [ReservableNetwork.Parse("192.168.98.0/24")]);
        await FailsAsync(Reason.Invalid, "it is a root network", options => options.Networks = [ReservableNetwork.Parse("10.0.0.0/8")]);
        await FailsAsync(Reason.Invalid, "its mask there is /24", options => options.Networks = [ReservableNetwork.Parse("192.168.99.0/25")]);
        await FailsAsync(Reason.Invalid, "there are several with that address", options => options.Networks = [ReservableNetwork.Parse("172.16.0.0/24")]);

        async Task FailsAsync(Reason reason, string words, Action<GestioIPOptions> configure)
        {
            var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartProvisionerAsync(Stopping, configure: configure));

            Assert.Equal(reason, failure.Reason);
            Assert.Contains(words, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("apiPassw0rd", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<html><body>Login</body></html>")]
    [InlineData("not at all")]
    [InlineData("<?xml version='1.0'?><help><x/></help>")]
    [InlineData("<?xml version='1.0'?><readNetworkResult><Network/></readNetworkResult>")]
    [InlineData("<?xml version='1.0'?><readNetworkResult><error></error></readNetworkResult>")]
    public async Task A_page_is_no_reply(string body)
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        bed.Running.Faults.Add(new Fault(FaultKind.Refuse) { Status = 200, Body = body });

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.CheckAsync(Stopping));

        Assert.Equal(Reason.Malformed, failure.Reason);
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_taken_for_empty()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.GestioIP.Trouble = type => type is "usedNetworkAddresses" or "readHost" ? "ERROR: Can not execute SQL statement" : null;
        bed.Running.ForgetCalls();

        var again = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("shop"), Define("shop"), [applied], Stopping));
        await Assert.ThrowsAsync<ExtensionException>(() => gestioip.UndeployAsync(Key("shop"), [applied], Stopping));
        await Assert.ThrowsAsync<ExtensionException>(
            () => gestioip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = applied }, Stopping));

        Assert.Equal(Reason.Unavailable, again.Reason);
        Assert.Empty(bed.Writes);
    }

    [Fact]
    public async Task A_foreign_host_that_spoils_the_list_is_worked_around_and_left_alone()
    {
        bed.Inventory.AddHost("192.168.99.1", "lab", "R&D <old>");
        var gestioip = await bed.StartProvisionerAsync(Stopping);

        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        var again = await gestioip.DeployAsync(Key("shop"), Define("shop"), [applied], Stopping);
        var observed = await gestioip.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = applied }, Stopping);
        bed.Inventory.AddHost("192.168.99.50", "printer");
        var taken = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("blog"), Define("blog", "192.168.99.50"), [], Stopping));
        await gestioip.UndeployAsync(Key("shop"), [applied], Stopping);

        Assert.Equal(applied, again);
        Assert.Empty(observed.Drifts);
        Assert.Equal(Reason.Conflict, taken.Reason);
        Assert.Contains("host 'printer'", taken.Message, StringComparison.Ordinal);
        Assert.Equal(["lab", "printer"], bed.Inventory.Hosts.Select(host => host.Hostname));
    }

    [Fact]
    public async Task Another_networks_comment_that_spoils_the_list_of_networks_does_not_stop_the_start()
    {
        bed.Inventory.AddNetwork("192.168.1.0/24", comment: "R&D");

        var gestioip = await bed.StartProvisionerAsync(Stopping);

        await gestioip.CheckAsync(Stopping);
    }

    [Fact]
    public async Task A_list_that_leaves_out_local_IPv6_addresses_is_never_trusted_with_them()
    {
        bed.Inventory.AddNetwork("fd00:1::/64");
        bed.GestioIP.Missing.Add("usedNetworkAddresses");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartProvisionerAsync(Stopping, networks: "fd00:1::/64"));

        Assert.Equal(Reason.Malformed, failure.Reason);
        Assert.Contains("leaves out unique local addresses", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_mark_cannot_be_seen_one_address_is_lost_and_not_one_with_every_attempt()
    {
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        bed.Running.Faults.Add(new Fault(FaultKind.Late, (_, _) => Forgets(), int.MaxValue) { Delay = TimeSpan.Zero });

        for (var i = 0; i < 3; i++)
        {
            var failure = await Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key($"s{i}"), Define($"s{i}"), [], Stopping));
            Assert.Equal(Reason.Malformed, failure.Reason);
            Assert.Contains("finding the reservation of 192.168.99.1 again failed", failure.Message, StringComparison.Ordinal);
        }

        Assert.Single(bed.Inventory.Hosts);

        bool Forgets()
        {
            foreach (var host in bed.Inventory.Hosts)
                bed.Inventory.Comment(host.Address, "");
            return false;
        }
    }

    [Fact]
    public async Task A_release_of_what_is_gone_is_done_whatever_the_words_are()
    {
        bed.GestioIP.HostAbsent = "ERROR: 4711";
        var gestioip = await bed.StartProvisionerAsync(Stopping);
        var applied = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        bed.Running.Faults.Add(new Fault(FaultKind.Late, (_, path) => Removes(path)));

        await gestioip.UndeployAsync(Key("shop"), [applied], Stopping);

        Assert.Equal(["usedNetworkAddresses", "readHost", "usedNetworkAddresses"], bed.Requests.TakeLast(3));

        bool Removes(string path)
        {
            if (path.Contains("readHost", StringComparison.Ordinal))
                bed.Inventory.RemoveHosts(IPAddress.Parse("192.168.99.1"));
            return false;
        }
    }
}
