using Interlook.Extensions.Kemp;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Kemp.KempServices;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>Which commands a change costs, and what the appliance has afterwards.</summary>
public sealed class KempDeployTests : IAsyncLifetime
{
    private const string Place = "vs=127.10.0.1 port=80 prot=tcp";

    private KempBed bed = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static ServiceDefinition Shop => Define("shop", "127.10.0.1", new("10.0.0.1", 8080), new("10.0.0.2", 8080, 3));

    public async ValueTask InitializeAsync() => bed = await KempBed.StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task A_new_service_costs_a_list_an_addition_and_one_command_for_each_target()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);

        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);

        Assert.Equal(
            [
                "listvs",
                $"addvs {Place} nickname=interlook@test@default@shop enable=Y vstype=gen schedule=wrr checktype=tcp",
                $"addrs {Place} rs=10.0.0.1 rsport=8080 weight=1 non_local=1",
                $"addrs {Place} rs=10.0.0.2 rsport=8080 weight=3 non_local=1",
            ],
            bed.Kemp.Commands);
    }

    [Fact]
    public async Task What_is_in_place_is_read_only()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Kemp.ForgetCommands();

        await kemp.DeployAsync(Key("shop"), Shop, [Shop], Stopping);
        await kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = Shop }, Stopping);

        Assert.Equal(["listvs", "listvs"], bed.Kemp.Commands);
    }

    [Fact]
    public async Task Targets_come_before_others_go_and_those_that_go_are_drained()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Time.Advance(TimeSpan.FromSeconds(10)); // its servers pass their check
        bed.Kemp.ForgetCommands();
        var begin = bed.Time.GetUtcNow();

        await kemp.DeployAsync(Key("shop"), Define("shop", "127.10.0.1", new("10.0.0.2", 8080, 5), new("10.0.0.3", 8080)), [Shop], Stopping);

        Assert.Equal(
            [
                $"addrs {Place} rs=10.0.0.3 rsport=8080 weight=1 non_local=1",
                $"modrs {Place} rs=10.0.0.2 rsport=8080 weight=5 enable=Y",
                $"modrs {Place} rs=10.0.0.1 rsport=8080 enable=N",
                $"delrs {Place} rs=10.0.0.1 rsport=8080",
            ],
            bed.Writes);
        Assert.True(bed.Time.GetUtcNow() - begin >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Without_drain_time_and_from_one_that_is_down_a_target_goes_at_once()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping, options => options.DrainTime = TimeSpan.Zero);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Time.Advance(TimeSpan.FromSeconds(10));
        bed.Kemp.ForgetCommands();
        await kemp.DeployAsync(Key("shop"), Shop with { Targets = [new("10.0.0.1", 8080)] }, [Shop], Stopping);
        var draining = await bed.StartProvisionerAsync(Stopping);
        bed.Kemp.ServerAnswers = (_, _) => false;

        await draining.DeployAsync(Key("shop"), Shop with { Targets = [] }, [Shop], Stopping);

        Assert.Equal(["[]"], bed.Outline().Select(line => line.Split(' ')[^1]));
        Assert.DoesNotContain(bed.Writes, command => command.StartsWith("modrs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_drain_that_was_cut_off_is_not_waited_for_again()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Time.Advance(TimeSpan.FromSeconds(10));
        bed.Kemp.Run("modrs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("rs", "10.0.0.1"), ("rsport", "8080"), ("enable", "N"));
        bed.Kemp.ForgetCommands();

        await kemp.DeployAsync(Key("shop"), Shop with { Targets = [new("10.0.0.2", 8080, 3)] }, [Shop], Stopping);

        Assert.Equal([$"delrs {Place} rs=10.0.0.1 rsport=8080"], bed.Writes);
    }

    [Fact]
    public async Task A_target_of_weight_0_is_there_and_gets_no_new_traffic()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);

        await kemp.DeployAsync(Key("shop"), Define("shop", "127.10.0.1", new Target("10.0.0.1", 8080, 0), new("10.0.0.2", 8080)), [], Stopping);
        var first = bed.Outline();
        await kemp.DeployAsync(Key("shop"), Define("shop", "127.10.0.1", new Target("10.0.0.1", 8080, 2), new("10.0.0.2", 8080, 0)), [], Stopping);

        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1- 10.0.0.2:8080*1]"], first);
        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*2 10.0.0.2:8080*1-]"], bed.Outline());
    }

    [Fact]
    public async Task A_new_address_and_TLS_move_the_service_in_place()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping, options => options.VsType = "http");
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        var index = bed.Services().Single().Element("Index")!.Value;
        bed.Kemp.ForgetCommands();

        var moved = Define("shop", "127.10.0.2", [.. Shop.Targets]) with { Tls = true };
        await kemp.DeployAsync(Key("shop"), moved, [Shop], Stopping);

        Assert.Equal([$"modvs {Place} vsaddress=127.10.0.2 vsport=443 vstype=gen"], bed.Writes);
        Assert.Equal(index, bed.Services().Single().Element("Index")!.Value);
    }

    [Fact]
    public async Task What_somebody_changed_by_hand_is_drift_and_a_deploy_changes_only_that()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Kemp.Run("modvs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("schedule", "lc"), ("enable", "N"), ("idletime", "900"));
        bed.Kemp.ForgetCommands();

        var seen = await kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = Shop }, Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [Shop], Stopping);

        var drift = Assert.Single(seen.Drifts);
        Assert.Equal("virtual service 41 at 127.10.0.1:80 'interlook@test@default@shop' has enable N and not Y", drift.Difference);
        Assert.Equal([$"modvs {Place} enable=Y schedule=wrr"], bed.Writes);
    }

    [Fact]
    public async Task Every_setting_arrives_and_is_found_in_place()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping, options =>
        {
            (options.HttpPort, options.VsType, options.CheckType, options.CheckPort) = (8080, "http", "icmp", 9000);
            (options.Schedule, options.Persistence, options.PersistenceTimeout) = ("wlc", "src", TimeSpan.FromMinutes(10));
            options.Transparent = true;
        });

        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [Shop], Stopping);

        Assert.Equal(
            [
                "addvs vs=127.10.0.1 port=8080 prot=tcp nickname=interlook@test@default@shop enable=Y vstype=http schedule=wlc checktype=icmp checkport=9000 transparent=Y persist=src persisttimeout=600",
                "addrs vs=127.10.0.1 port=8080 prot=tcp rs=10.0.0.1 rsport=8080 weight=1",
                "addrs vs=127.10.0.1 port=8080 prot=tcp rs=10.0.0.2 rsport=8080 weight=3",
            ],
            bed.Writes);
    }

    [Fact]
    public async Task Settings_that_were_taken_back_are_taken_back_on_the_appliance()
    {
        var before = await bed.StartProvisionerAsync(Stopping, options => (options.Persistence, options.CheckPort) = ("src", 9000));
        await before.DeployAsync(Key("shop"), Shop, [], Stopping);
        var after = await bed.StartProvisionerAsync(Stopping);

        await after.DeployAsync(Key("shop"), Shop, [Shop], Stopping);
        await after.DeployAsync(Key("shop"), Shop, [Shop], Stopping);

        Assert.Equal([$"modvs {Place} checkport=0 persist=none"], bed.Writes);
    }

    [Fact]
    public async Task TLS_is_passed_through_and_checked_over_TLS()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping, options => (options.VsType, options.CheckType) = ("http", "http"));

        await kemp.DeployAsync(Key("shop"), Shop with { Tls = true }, [], Stopping);

        Assert.Contains("port=443 prot=tcp nickname=interlook@test@default@shop enable=Y vstype=gen schedule=wrr checktype=https", bed.Writes.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IPv6_and_host_names_work()
    {
        bed.Kemp.Names["app.example.org"] = "10.0.0.9";
        var kemp = await bed.StartProvisionerAsync(Stopping);
        var shop = Define("shop", "2001:db8::1", new("2001:db8::a", 8080), new("app.example.org", 8080));

        await kemp.DeployAsync(Key("shop"), shop, [], Stopping);
        await kemp.DeployAsync(Key("shop"), shop, [shop], Stopping);
        var seen = await kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = shop }, Stopping);

        Assert.Empty(seen.Drifts);
        Assert.Equal(3, bed.Writes.Count());
        await kemp.DeployAsync(Key("shop"), shop with { Targets = [new("app.example.org", 8080, 4)] }, [shop], Stopping);
        Assert.Equal(["2001:db8::1:80/tcp interlook@test@default@shop [10.0.0.9:8080*4]"], bed.Outline());
    }

    [Fact]
    public async Task An_address_takes_the_place_of_a_name_that_meant_it()
    {
        bed.Kemp.Names["app.example.org"] = "10.0.0.9";
        var kemp = await bed.StartProvisionerAsync(Stopping);
        var shop = Define("shop", "127.10.0.1", new Target("app.example.org", 8080));
        await kemp.DeployAsync(Key("shop"), shop, [], Stopping);

        await kemp.DeployAsync(Key("shop"), shop with { Targets = [new("10.0.0.9", 8080)] }, [shop], Stopping);

        Assert.Equal("", bed.Services().Single().Element("Rs")!.Element("DnsName")!.Value);
    }

    [Fact]
    public async Task Real_servers_added_by_hand_to_a_service_of_ours_go()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Kemp.Run("addrs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("rs", "10.0.0.7"), ("rsport", "8080"));

        await kemp.DeployAsync(Key("shop"), Shop, [Shop], Stopping);

        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1 10.0.0.2:8080*3]"], bed.Outline());
    }

    [Fact]
    public async Task What_an_interrupted_run_left_twice_becomes_one()
    {
        foreach (var address in new[] { "127.10.0.8", "127.10.0.9" })
            bed.Kemp.Run("addvs", ("vs", address), ("port", "80"), ("prot", "tcp"), ("nickname", "interlook@test@default@shop"));
        var kemp = await bed.StartProvisionerAsync(Stopping);

        var seen = await kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = Shop }, Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);

        Assert.Single(seen.Drifts);
        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1 10.0.0.2:8080*3]"], bed.Outline());
    }

    [Fact]
    public async Task A_list_that_leaves_out_real_servers_costs_one_more_read()
    {
        bed.Kemp.ListsRealServers = false;
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        bed.Kemp.ForgetCommands();

        await kemp.DeployAsync(Key("shop"), Shop, [Shop], Stopping);
        var seen = await kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = Shop }, Stopping);

        Assert.Empty(seen.Drifts);
        Assert.Equal(["listvs", $"showvs {Place}", "listvs", $"showvs {Place}"], bed.Kemp.Commands);
    }

    [Fact]
    public async Task A_place_held_by_another_service_of_ours_is_a_conflict_that_names_it()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("blog"), Shop with { Name = "blog" }, [], Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Equal(
            $"LoadMaster at {bed.Running.Url.AbsoluteUri.TrimEnd('/')}: blog cannot be published at 127.10.0.1:80: virtual service 41 at 127.10.0.1:80 "
            + "'interlook@test@default@shop' of service shop stands there; give one of the two another address",
            failure.Message);
    }

    [Fact]
    public async Task A_service_that_was_handed_over_by_its_nickname_is_adopted_as_it_is()
    {
        bed.Kemp.Run("addvs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("nickname", "shop"), ("vstype", "gen"), ("checktype", "icmp"));
        bed.Kemp.Run("addrs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("rs", "10.0.0.1"), ("rsport", "8080"));
        var kemp = await bed.StartProvisionerAsync(Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), Shop, [], Stopping));
        bed.Kemp.Run("modvs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("nickname", "interlook@test@default@shop"));
        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);

        Assert.EndsWith("hand it over by giving it the nickname interlook@test@default@shop", failure.Message, StringComparison.Ordinal);
        Assert.Equal("41", bed.Services().Single().Element("Index")!.Value);
        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1 10.0.0.2:8080*3]"], bed.Outline());
    }

    [Fact]
    public async Task Sub_services_and_other_protocols_at_the_address_are_left_alone()
    {
        bed.Kemp.Run("addvs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "udp"));
        bed.Kemp.Run("addvs", ("vs", "127.10.0.9"), ("port", "80"), ("prot", "tcp"));
        bed.Kemp.Run("modvs", ("vs", "42"), ("createsubvs", ""), ("nickname", "parent"));
        var before = bed.Describe();
        var kemp = await bed.StartProvisionerAsync(Stopping);

        await kemp.DeployAsync(Key("shop"), Shop, [], Stopping);
        await kemp.UndeployAsync(Key("shop"), [Shop], Stopping);

        Assert.Equal(before, bed.Describe());
    }

    [Fact]
    public async Task One_bad_target_does_not_keep_traffic_from_the_others()
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        var shop = Define("shop", "127.10.0.1", new("10.0.0.1", 8080), new("nowhere.example.org", 8080), new("10.0.0.2", 8080));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), shop, [], Stopping));

        Assert.Equal(Reason.Refused, failure.Reason);
        Assert.Contains("adding real server nowhere.example.org:8080 for shop", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["127.10.0.1:80/tcp interlook@test@default@shop [10.0.0.1:8080*1 10.0.0.2:8080*1]"], bed.Outline());
    }

    [Theory]
    [InlineData(null, "10.0.0.1", 8080, 1, "it has no public address")]
    [InlineData("0.0.0.0", "10.0.0.1", 8080, 1, "means every address")]
    [InlineData("fe80::1", "10.0.0.1", 8080, 1, "is link-local")]
    [InlineData("127.10.0.1", "a b", 8080, 1, "is neither an address nor a host name")]
    [InlineData("127.10.0.1", "10.0.0.1", 2, 1, "ports from 3 to 65530")]
    [InlineData("127.10.0.1", "10.0.0.1", 65531, 1, "ports from 3 to 65530")]
    [InlineData("127.10.0.1", "10.0.0.1", 80, 257, "weights from 0 to 256")]
    public async Task What_the_appliance_cannot_be_told_is_invalid_and_costs_no_call(string? address, string host, int port, int weight, string problem)
    {
        var kemp = await bed.StartProvisionerAsync(Stopping);
        var shop = Shop with { PublicIp = address is null ? null : System.Net.IPAddress.Parse(address), Targets = [new(host, port, weight)] };

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => kemp.DeployAsync(Key("shop"), shop, [], Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Empty(bed.Kemp.Commands);
    }

    [Fact]
    public async Task An_orphan_says_what_it_is()
    {
        bed.Kemp.Run("addvs", ("vs", "127.10.0.1"), ("port", "80"), ("prot", "tcp"), ("nickname", "interlook@test@default@old"));
        var kemp = await bed.StartProvisionerAsync(Stopping);

        var seen = await kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping);

        var orphan = Assert.Single(seen.Orphans);
        Assert.Equal(Key("old"), orphan.Key);
        Assert.Equal(
            $"virtual service 41 at 127.10.0.1:80 'interlook@test@default@old' on the LoadMaster at {bed.Running.Url.AbsoluteUri.TrimEnd('/')}", orphan.Subject);
    }

    [Fact]
    public void Both_names_of_the_step_are_known()
    {
        var catalog = ExtensionCatalog.Empty.AddKemp();

        Assert.Equal("lb.kemplm", catalog.Find("lb.kemplm")!.Name);
        Assert.Equal("lb.kemplm", catalog.Find("provisioner.kemplm")!.Name);
    }
}
