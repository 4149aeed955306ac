using System.Net;
using System.Text.Json.Nodes;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>What <c>lb.f5ltm</c> makes of services with virtual servers of their own.</summary>
public sealed class BigIpVirtualModeTests : IAsyncLifetime
{
    private static readonly ServiceKey Key = BigIpBed.Key("shop");
    private static readonly string Name = BigIpBed.NameOf("shop");

    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Provider = "provider.test",
        PublicIp = IPAddress.Parse("10.8.0.1"),
        DnsNames = ["shop.example.org"],
        Targets = [new("10.0.0.1", 8080), new("10.0.0.2", 8080, 3)],
    };

    private readonly BigIpBed bed = new();

    public async ValueTask InitializeAsync() => await bed.StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task Folders_of_others_in_the_partition_may_hold_objects_of_any_name()
    {
        foreach (var folder in (string[])["app1", "app2"])
        {
            bed.Appliance.Edit("POST", "/tm/ltm/pool", BigIpBed.Body($$"""{"name":"web_pool","partition":"interlook","subPath":"{{folder}}"}"""));
            bed.Appliance.Edit("POST", "/tm/ltm/virtual", BigIpBed.Body(
                $$"""{"name":"web","partition":"interlook","subPath":"{{folder}}","destination":"10.77.1.{{folder[3]}}:80","ipProtocol":"tcp"}"""));
        }
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        var before = bed.Appliance.Lines.Where(line => line.Contains("/app", StringComparison.Ordinal)).ToList();

        await DeployAsync(provisioner, Shop);
        var seen = await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [BigIpBed.Key("shop")] = Shop }, BigIpBed.Stopping);

        Assert.Empty(seen.Drifts);
        Assert.Empty(seen.Orphans);
        Assert.Equal(before, bed.Appliance.Lines.Where(line => line.Contains("/app", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_service_has_a_pool_with_weights_and_a_virtual_server()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());

        await DeployAsync(provisioner, Shop);

        Assert.Equal(["10.0.0.1:8080 1 monitor-enabled", "10.0.0.2:8080 3 monitor-enabled"], Members());
        var found = Virtual();
        Assert.Equal("/interlook/10.8.0.1:80", (string?)found["destination"]);
        Assert.Equal($"/interlook/{Name}", (string?)found["pool"]);
        Assert.Equal("automap", (string?)found["sourceAddressTranslation"]!["type"]);
        Assert.Equal("interlook instance=test key=default%2Fshop (auto generated - do not edit)", (string?)found["description"]);
    }

    [Fact]
    public async Task Targets_and_weights_change_in_one_request_and_a_weight_of_zero_takes_no_new_connections()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(provisioner, Shop);
        bed.TakeCalls();

        await DeployAsync(provisioner, Shop with { Targets = [new("10.0.0.1", 8080, 5), new("10.0.0.2", 8080, 0)] }, Shop);

        Assert.Equal(["10.0.0.1:8080 5 monitor-enabled", "10.0.0.2:8080 1 user-disabled"], Members());
        var write = Assert.Single(bed.TakeCalls(), call => call.Method != "GET" && !call.Path.Contains("/sys/", StringComparison.Ordinal));
        Assert.Equal($"PATCH /mgmt/tm/ltm/pool/~interlook~{Name}", $"{write.Method} {write.Path}");
    }

    [Fact]
    public async Task Address_family_and_tls_change_in_place()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(provisioner, Shop);
        bed.TakeCalls();

        await DeployAsync(provisioner, Shop with { Tls = true, PublicIp = IPAddress.Parse("2001:db8::5") }, Shop);

        Assert.Equal("/interlook/2001:db8::5.443", (string?)Virtual()["destination"]);
        Assert.DoesNotContain(bed.TakeCalls(), call => call.Method is "POST" or "DELETE" && call.Path.Contains("/ltm/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ipv6_targets_have_members_and_nodes()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        var shop = Shop with { Targets = [new("2001:db8::1", 8080)] };

        await DeployAsync(provisioner, shop);
        var observed = await ObserveAsync(provisioner, shop);
        var deployed = Members();
        await UndeployAsync(provisioner, shop);

        Assert.Equal(["2001:db8::1.8080 1 monitor-enabled"], deployed);
        Assert.Equal("", observed);
        Assert.DoesNotContain(bed.Appliance.Lines, line => line.Contains("2001:db8::1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "%2")]
    [InlineData(2, "")]
    public async Task Addresses_lie_in_the_route_domain_that_the_settings_name(int partitionDefault, string written)
    {
        bed.Appliance.AddPartition("tenant", partitionDefault);
        bed.Appliance.Edit("POST", "/tm/ltm/node", BigIpBed.Body("""{"name":"elsewhere","address":"10.0.0.1"}"""));
        var options = bed.Options();
        (options.Partition, options.RouteDomain, options.GlobalHttpPolicy, options.GlobalSslPolicy) = ("tenant", 2, "", "");
        var provisioner = await bed.ProvisionerAsync(options);

        await DeployAsync(provisioner, Shop);
        var pool = bed.Appliance.Edit("GET", $"/tm/ltm/pool/~tenant~{Name}/members")!;
        var found = bed.Appliance.Edit("GET", $"/tm/ltm/virtual/~tenant~{Name}")!;
        var observed = await ObserveAsync(provisioner, Shop);
        await UndeployAsync(provisioner, Shop);

        Assert.Equal($"10.0.0.1{written}:8080", (string?)pool["items"]![0]!["name"]);
        Assert.Equal($"/tenant/10.8.0.1{written}:80", (string?)found["destination"]);
        Assert.Equal("", observed);
        Assert.DoesNotContain(bed.Appliance.Lines, line => line.Contains("/tenant/", StringComparison.Ordinal));
        Assert.Contains(bed.Appliance.Lines, line => line.StartsWith("ltm/node /Common/elsewhere ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_was_there_before_is_used_and_stays()
    {
        bed.Appliance.Edit("POST", "/tm/ltm/node", BigIpBed.Body("""{"name":"web1","address":"10.0.0.1","description":"by hand"}"""));
        var before = bed.Appliance.Lines;
        var provisioner = await bed.ProvisionerAsync(bed.Options());

        await DeployAsync(provisioner, Shop);
        var member = bed.Appliance.Edit("GET", $"/tm/ltm/pool/~interlook~{Name}/members")!["items"]![0]!;
        var observed = await ObserveAsync(provisioner, Shop);
        await UndeployAsync(provisioner, Shop);

        Assert.Equal("/Common/web1:8080", (string?)member["fullPath"]);
        Assert.Equal("", observed);
        Assert.Equal(before, bed.Appliance.Lines);
    }

    [Fact]
    public async Task A_node_goes_with_the_last_service_that_uses_it()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        var blog = Shop with { Name = "blog", PublicIp = IPAddress.Parse("10.8.0.2"), Targets = [new("10.0.0.1", 9090)] };
        await DeployAsync(provisioner, Shop);
        await provisioner.DeployAsync(BigIpBed.Key("blog"), blog, [], BigIpBed.Stopping);

        await UndeployAsync(provisioner, Shop);
        var shared = Nodes();
        await provisioner.UndeployAsync(BigIpBed.Key("blog"), [blog], BigIpBed.Stopping);

        Assert.Equal(["/interlook/10.0.0.1"], shared);
        Assert.Empty(Nodes());
    }

    [Fact]
    public async Task A_node_that_the_appliance_held_on_to_is_shown_and_goes_with_the_next_commit()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(provisioner, Shop);
        bed.Running.Faults.Add(new(FaultKind.Refuse, (method, path) => method == "DELETE" && path.EndsWith("10.0.0.1", StringComparison.Ordinal))
        {
            Status = 400,
            ContentType = "application/json",
            Body = """{"code":400,"message":"01070110:3: Node address '/interlook/10.0.0.1' is referenced by a member of pool '/interlook/x'.","apiError":3}""",
        });
        await UndeployAsync(provisioner, Shop);

        var observed = await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition>(), BigIpBed.Stopping);
        await provisioner.UndeployAsync(BigIpBed.Key("another"), [Shop with { Targets = [] }], BigIpBed.Stopping);

        Assert.Equal("node /interlook/10.0.0.1", Assert.Single(observed.Orphans).Subject);
        Assert.Empty(Nodes());
    }

    [Fact]
    public async Task A_slow_appliance_gets_smaller_transactions()
    {
        var time = new ManualTimeProvider();
        var gate = (GatedAppliance?)null;
        await using var slow = await new BigIpBed(time).StartAsync(appliance => gate = new GatedAppliance(appliance));
        var provisioner = await slow.ProvisionerAsync(slow.Options());
        slow.Running.Faults.Add(new(FaultKind.Refuse, (method, path) =>
        {
            if (method == "POST" && path.StartsWith("/mgmt/tm/ltm/", StringComparison.Ordinal))
                time.Advance(TimeSpan.FromSeconds(2));
            return false;
        }));
        var held = gate!.Shut();
        var first = DeployAsync(0);
        await held.Reached; // it is on its way alone; all others make the next commit
        var calls = Enumerable.Range(1, 11).Select(DeployAsync).Prepend(first).ToList();
        held.Raise();

        await Task.WhenAll(calls);

        Assert.Equal(12, slow.Appliance.Lines.Count(line => line.StartsWith("ltm/virtual /interlook/il_", StringComparison.Ordinal)));
        Assert.InRange(slow.TakeCalls().Count(call => call is { Method: "POST", Path: "/mgmt/tm/transaction" }), 3, 4); // one was too large

        Task DeployAsync(int i) =>
            provisioner.DeployAsync(BigIpBed.Key($"s{i}"), Shop with { Name = $"s{i}", PublicIp = IPAddress.Parse($"10.8.0.{i}") }, [], BigIpBed.Stopping);
    }

    [Fact]
    public async Task A_foreign_pool_of_the_same_name_is_a_conflict_and_stays()
    {
        bed.Appliance.Edit("POST", "/tm/ltm/pool", BigIpBed.Body($$"""{"name":"{{Name}}","partition":"interlook","description":"by hand"}"""));
        var before = bed.Appliance.Lines;
        var provisioner = await bed.ProvisionerAsync(bed.Options());

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, Shop));
        await UndeployAsync(provisioner, Shop);

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains($"pool /interlook/{Name} does not bear its mark", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, bed.Appliance.Lines);
    }

    [Fact]
    public async Task What_bears_our_mark_is_adopted_after_the_loss_of_all_state()
    {
        var first = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(first, Shop);
        var before = bed.Appliance.Lines;

        var second = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(second, Shop);

        Assert.Equal(before, bed.Appliance.Lines);
    }

    [Fact]
    public async Task One_service_that_is_refused_leaves_the_others_of_its_transaction_alone()
    {
        var gate = (GatedAppliance?)null;
        await using var gated = await new BigIpBed().StartAsync(appliance => gate = new GatedAppliance(appliance));
        gated.Appliance.Edit("POST", "/tm/ltm/virtual", BigIpBed.Body("""{"name":"theirs","destination":"10.8.0.3:80","ipProtocol":"tcp"}"""));
        var provisioner = await gated.ProvisionerAsync(gated.Options());
        var held = gate!.Shut();
        var calls = Enumerable.Range(0, 6)
            .Select(i => provisioner.DeployAsync(BigIpBed.Key($"s{i}"), Shop with { Name = $"s{i}", PublicIp = IPAddress.Parse($"10.8.0.{i}") }, [], BigIpBed.Stopping))
            .ToList();
        held.Raise();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => Task.WhenAll(calls));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("service s3", failure.Message, StringComparison.Ordinal);
        Assert.Equal([3], Enumerable.Range(0, 6).Where(i => calls[i].IsFaulted));
        Assert.Equal(5, gated.Appliance.Lines.Count(line => line.StartsWith("ltm/virtual /interlook/il_", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/tm/transaction/")]
    [InlineData("/tm/ltm/pool")]
    [InlineData("/tm/ltm/virtual")]
    public async Task A_lost_answer_is_resolved_by_looking_again(string path)
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.Running.Faults.Add(new(FaultKind.DropAfter, (method, at) => method != "GET" && at.StartsWith($"/mgmt{path}", StringComparison.Ordinal)));

        await DeployAsync(provisioner, Shop);

        Assert.Equal("", await ObserveAsync(provisioner, Shop));
    }

    [Fact]
    public async Task A_pool_that_somebody_attached_elsewhere_is_not_deleted_and_says_where_it_is_used()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(provisioner, Shop);
        bed.Appliance.Edit("POST", "/tm/ltm/virtual", BigIpBed.Body($$"""{"name":"theirs","destination":"10.8.0.3:80","ipProtocol":"tcp","pool":"/interlook/{{Name}}"}"""));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => UndeployAsync(provisioner, Shop));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("in use by a Virtual Server (/Common/theirs)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_by_hand_is_drift_and_is_put_right()
    {
        var options = bed.Options();
        options.TcpProfile = "tcp-lan-optimized";
        var provisioner = await bed.ProvisionerAsync(options);
        await DeployAsync(provisioner, Shop);
        var before = bed.Appliance.Lines;
        bed.Appliance.Edit("PATCH", $"/tm/ltm/pool/~interlook~{Name}", BigIpBed.Body("""{"monitor":"http","loadBalancingMode":"round-robin"}"""));
        bed.Appliance.Edit("PATCH", $"/tm/ltm/virtual/~interlook~{Name}", BigIpBed.Body("""{"disabled":true,"profiles":["tcp"],"destination":"10.8.0.9:80"}"""));

        var observed = await ObserveAsync(provisioner, Shop);
        await DeployAsync(provisioner, Shop, Shop);

        Assert.Contains("has another description, monitor or load balancing mode", observed, StringComparison.Ordinal);
        Assert.Contains("is not as it was written", observed, StringComparison.Ordinal);
        Assert.Equal("", await ObserveAsync(provisioner, Shop));
        Assert.Equal(before, bed.Appliance.Lines);
    }

    [Fact]
    public async Task A_target_that_a_monitor_finds_down_is_no_drift()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(provisioner, Shop);
        bed.Appliance.SetHealth("10.0.0.1", 8080, isUp: false);

        Assert.Equal("", await ObserveAsync(provisioner, Shop));
    }

    [Theory]
    [InlineData("no public address")]
    [InlineData("is no IP address")]
    public async Task What_the_appliance_cannot_be_told_is_invalid(string expected)
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.TakeCalls();
        var shop = expected == "no public address" ? Shop with { PublicIp = null } : Shop with { Targets = [new("web1.example.org", 80)] };

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, shop));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Empty(bed.TakeCalls());
    }

    private JsonObject Virtual() => bed.Appliance.Edit("GET", $"/tm/ltm/virtual/~interlook~{Name}")!;

    private IEnumerable<string> Members() => bed.Appliance.Edit("GET", $"/tm/ltm/pool/~interlook~{Name}/members")!["items"]!.AsArray()
        .Select(member => $"{(string?)member!["name"]} {(int)member["ratio"]!} {(string?)member["session"]}");

    private IEnumerable<string> Nodes() => bed.Appliance.Lines
        .Where(line => line.StartsWith("ltm/node /interlook/10.0.0.", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[1]);

    private static Task<ServiceDefinition> DeployAsync(BigIpProvisioner provisioner, ServiceDefinition desired, params ServiceDefinition[] earlier) =>
        provisioner.DeployAsync(Key, desired, [.. earlier], BigIpBed.Stopping);

    private static Task UndeployAsync(BigIpProvisioner provisioner, ServiceDefinition applied) => provisioner.UndeployAsync(Key, [applied], BigIpBed.Stopping);

    private static async Task<string> ObserveAsync(BigIpProvisioner provisioner, ServiceDefinition applied)
    {
        var observed = await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key] = applied }, BigIpBed.Stopping);
        return string.Join('\n', observed.Drifts.Select(drift => drift.Difference).Concat(observed.Orphans.Select(orphan => orphan.Subject)));
    }
}
