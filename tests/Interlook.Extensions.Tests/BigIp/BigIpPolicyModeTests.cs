using System.Net;
using System.Text.Json.Nodes;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>What <c>lb.f5ltm</c> makes of services with rules in shared policies.</summary>
public sealed class BigIpPolicyModeTests : IAsyncLifetime
{
    private static readonly ServiceKey Key = BigIpBed.Key("shop");
    private static readonly string Name = BigIpBed.NameOf("shop");

    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Provider = "provider.test",
        DnsNames = ["shop.example.org", "www.example.org"],
        Targets = [new("10.0.0.1", 8080)],
    };

    private readonly BigIpBed bed = new();
    private GatedAppliance gate = null!;

    public async ValueTask InitializeAsync() => await bed.StartAsync(appliance => gate = new GatedAppliance(appliance));

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Theory]
    [InlineData(false, BigIpBed.HttpPolicy, "httpHost", "host", "request")]
    [InlineData(true, BigIpBed.SslPolicy, "sslExtension", "serverName", "sslClientHello")]
    public async Task A_service_without_address_has_a_pool_and_a_rule_for_its_names(bool tls, string policy, string operand, string selector, string when)
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));

        await DeployAsync(provisioner, Shop with { Tls = tls });

        var rule = Assert.Single(OurRules(policy));
        Assert.Equal("interlook instance=test key=default%2Fshop (auto generated - do not edit)", (string?)rule["description"]);
        var condition = Items("GET", policy, "conditions");
        Assert.All(new[] { operand, selector, when, "caseInsensitive", "equals" }, name => Assert.True((bool)condition[name]!));
        Assert.Equal(["shop.example.org", "www.example.org"], condition["values"]!.AsArray().Select(host => (string?)host));
        var action = Items("GET", policy, "actions");
        Assert.Equal($"/interlook/{Name}", (string?)action["pool"]);
        Assert.True((bool)action[when]!);
    }

    [Fact]
    public async Task Rules_of_others_are_never_sent()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));

        await DeployAsync(provisioner, Shop);
        await DeployAsync(provisioner, Shop with { DnsNames = ["shop.example.org"] }, Shop);
        await UndeployAsync(provisioner, Shop);

        Assert.DoesNotContain(bed.TakeCalls(), call => call.Body.Contains("theirs.example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_tls_switched_on_the_rule_moves_and_the_new_one_is_there_first()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        await DeployAsync(provisioner, Shop);
        bed.TakeCalls();

        await DeployAsync(provisioner, Shop with { Tls = true }, Shop);

        Assert.Empty(OurRules(BigIpBed.HttpPolicy));
        Assert.Single(OurRules(BigIpBed.SslPolicy));
        var publications = bed.TakeCalls().Where(call => call.Body.Contains("\"publish\"", StringComparison.Ordinal)).Select(call => call.Body);
        Assert.Equal([BigIpBed.SslPolicy, BigIpBed.HttpPolicy], publications.Select(body => (string?)JsonNode.Parse(body)!["name"]).Select(path => path!.Split('/')[^1]));
    }

    [Fact]
    public async Task Services_that_wait_share_one_publication()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        bed.TakeCalls();

        await TogetherAsync(provisioner, Enumerable.Range(0, 12).Select(Numbered));

        var calls = bed.TakeCalls();
        Assert.Equal(1, calls.Count(call => call.Body.Contains("\"publish\"", StringComparison.Ordinal)));
        Assert.Equal(12, OurRules(BigIpBed.HttpPolicy).Count);
    }

    [Fact]
    public async Task A_publication_that_is_refused_is_halved_until_the_one_to_blame_is_found()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        bed.Running.Faults.Add(new(FaultKind.Refuse, IsPublicationOfFive, Times: 100)
        {
            Status = 400,
            ContentType = "application/json",
            Body = """{"code":400,"message":"01071706:3: Policy, rule; missing operand.","errorStack":[],"apiError":3}""",
        });

        var calls = await TogetherAsync(provisioner, Enumerable.Range(0, 8).Select(Numbered), mayFail: true);

        Assert.Equal([5], Enumerable.Range(0, 8).Where(i => calls[i].IsFaulted));
        Assert.Equal(7, OurRules(BigIpBed.HttpPolicy).Count);
        Assert.DoesNotContain(bed.Appliance.Lines, line => line.Contains("/Drafts/", StringComparison.Ordinal));

        // The appliance finds fault with a draft while the rule of s5 is in it.
        bool IsPublicationOfFive(string method, string path) =>
            method == "POST"
            && path.EndsWith("/ltm/policy", StringComparison.Ordinal)
            && bed.Appliance.Lines.Any(line => line.Contains("/Drafts/", StringComparison.Ordinal) && line.Contains("il_s5_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_that_was_left_over_is_recovered()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        await DeployAsync(provisioner, Shop);
        Draft(BigIpBed.HttpPolicy);
        bed.Appliance.Edit("DELETE", $"/tm/ltm/policy/~interlook~Drafts~{BigIpBed.HttpPolicy}/rules/{Name}");

        await UndeployAsync(provisioner, Shop);

        Assert.Empty(OurRules(BigIpBed.HttpPolicy));
        Assert.DoesNotContain(bed.Appliance.Lines, line => line.Contains("/Drafts/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_that_an_earlier_run_left_does_not_stand_in_the_way_of_deleting_a_pool()
    {
        var first = await bed.ProvisionerAsync(bed.Options(policies: true));
        await DeployAsync(first, Shop);
        Draft(BigIpBed.HttpPolicy);
        bed.Appliance.Edit("DELETE", $"/tm/ltm/policy/~interlook~Drafts~{BigIpBed.HttpPolicy}/rules/{Name}");
        bed.Appliance.Edit("POST", "/tm/ltm/policy", BigIpBed.Body($$"""{"command":"publish","name":"/interlook/Drafts/{{BigIpBed.HttpPolicy}}"}"""));
        var rule = $$"""{"name":"{{Name}}","description":"interlook instance=test key=default%2Fshop","actions":[{"forward":true,"select":true,"request":true,"pool":"/interlook/{{Name}}"}]}""";
        Draft(BigIpBed.HttpPolicy);
        bed.Appliance.Edit("POST", $"/tm/ltm/policy/~interlook~Drafts~{BigIpBed.HttpPolicy}/rules", BigIpBed.Body(rule));

        var second = await bed.ProvisionerAsync(bed.Options(policies: true));
        await UndeployAsync(second, Shop);

        Assert.DoesNotContain(bed.Appliance.Lines, line => line.Contains(Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_that_a_person_works_on_is_a_conflict_and_stays()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        Draft(BigIpBed.HttpPolicy);
        bed.Appliance.Edit(
            "PATCH", $"/tm/ltm/policy/~interlook~Drafts~{BigIpBed.HttpPolicy}/rules/theirs", BigIpBed.Body("""{"description":"being changed"}"""));
        var draft = bed.Appliance.Lines.Single(line => line.Contains("/Drafts/", StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, Shop));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains($"publish or delete /interlook/Drafts/{BigIpBed.HttpPolicy}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(draft, bed.Appliance.Lines.Single(line => line.Contains("/Drafts/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_draft_of_one_policy_does_not_keep_services_of_the_other_from_going_on()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        Draft(BigIpBed.HttpPolicy);
        bed.Appliance.Edit(
            "PATCH", $"/tm/ltm/policy/~interlook~Drafts~{BigIpBed.HttpPolicy}/rules/theirs", BigIpBed.Body("""{"description":"being changed"}"""));

        var plain = DeployAsync(provisioner, Shop);
        var secure = provisioner.DeployAsync(
            BigIpBed.Key("secure"), Shop with { Name = "secure", DnsNames = ["secure.example.org"], Tls = true }, [], BigIpBed.Stopping);

        Assert.Equal(Reason.Conflict, (await Assert.ThrowsAsync<ExtensionException>(() => plain)).Reason);
        await secure;
        Assert.Contains(bed.Appliance.Lines, line => line.Contains("secure.example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_belongs_to_the_rule_that_had_it_first()
    {
        bed.PlaceRule("catalogue", "WWW.example.org");
        var before = bed.Appliance.Lines;
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, Shop));
        var after = bed.Appliance.Lines;
        await DeployAsync(provisioner, Shop with { Tls = true });

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("cannot have www.example.org: rule catalogue of policy", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Of_two_services_with_one_name_one_gets_it_and_the_other_says_who_has_it()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));

        var calls = await TogetherAsync(provisioner, [Numbered(0), Numbered(1) with { DnsNames = Numbered(0).DnsNames }], mayFail: true);

        var failure = (ExtensionException)Assert.Single(calls, call => call.IsFaulted).Exception!.InnerException!;
        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Single(OurRules(BigIpBed.HttpPolicy));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_another_update_mode_services_move_over_and_leave_nothing_behind(bool toPolicies)
    {
        var shop = Shop with { PublicIp = IPAddress.Parse("10.8.0.1") };
        var first = await bed.ProvisionerAsync(bed.Options(policies: !toPolicies));
        await DeployAsync(first, shop);
        await bed.StopAsync(first);

        var second = await bed.ProvisionerAsync(bed.Options(policies: toPolicies));
        var before = await ObserveAsync(second, shop);
        await DeployAsync(second, shop, shop);
        var after = await ObserveAsync(second, shop);

        Assert.NotEqual("", before);
        Assert.Equal("", after);
        Assert.Equal(toPolicies, OurRules(BigIpBed.HttpPolicy).Count == 1);
        Assert.Equal(!toPolicies, bed.Appliance.Lines.Any(line => line.StartsWith($"ltm/virtual /interlook/{Name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("createDraft")]
    [InlineData("rules")]
    [InlineData("publish")]
    public async Task A_lost_answer_is_resolved_by_looking_again(string step)
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options(policies: true));
        bed.Running.Faults.Add(new(FaultKind.DropAfter, (method, path) => step switch
        {
            "createDraft" => method == "PATCH" && path.Contains("/policy/", StringComparison.Ordinal),
            "rules" => method == "POST" && path.EndsWith("/rules", StringComparison.Ordinal),
            _ => method == "POST" && path.EndsWith("/ltm/policy", StringComparison.Ordinal),
        }));

        await DeployAsync(provisioner, Shop);

        Assert.Equal("", await ObserveAsync(provisioner, Shop));
        Assert.DoesNotContain(bed.Appliance.Lines, line => line.Contains("/Drafts/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("names", "it has no host name")]
    [InlineData("wildcard", "'*.example.org' is a wildcard")]
    [InlineData("tls", "set globalSSLPolicy")]
    public async Task What_a_rule_cannot_hold_is_invalid(string what, string expected)
    {
        var options = bed.Options(policies: true);
        options.GlobalSslPolicy = "";
        var provisioner = await bed.ProvisionerAsync(options);
        var shop = what switch
        {
            "names" => Shop with { DnsNames = [] },
            "wildcard" => Shop with { DnsNames = ["*.example.org"] },
            _ => Shop with { Tls = true },
        };

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, shop));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_names_a_policy_that_does_not_exist()
    {
        var options = bed.Options(policies: true);
        options.GlobalSslPolicy = "absent";

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.ProvisionerAsync(options));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("policy /interlook/absent does not exist; create and publish it", failure.Message, StringComparison.Ordinal);
    }

    private static ServiceDefinition Numbered(int number) => Shop with { Name = $"s{number}", DnsNames = [$"s{number}.example.org"] };

    /// <summary>Deploys services in one commit: the first request of it waits until all have asked.</summary>
    private async Task<List<Task<ServiceDefinition>>> TogetherAsync(
        BigIpProvisioner provisioner, IEnumerable<ServiceDefinition> services, bool mayFail = false)
    {
        bed.TakeCalls();
        var held = gate.Shut();
        var leading = provisioner.UndeployAsync(BigIpBed.Key("nobody"), [Shop], BigIpBed.Stopping);
        await held.Reached;
        var calls = services.Select(service => provisioner.DeployAsync(BigIpBed.Key(service.Name), service, [], BigIpBed.Stopping)).ToList();
        held.Raise();
        await leading;
        try
        {
            await Task.WhenAll(calls);
        }
        catch (ExtensionException) when (mayFail)
        {
            // The test looks at each.
        }
        return calls;
    }

    private void Draft(string policy) =>
        bed.Appliance.Edit("PATCH", $"/tm/ltm/policy/~interlook~{policy}", BigIpBed.Body("""{"createDraft":true}"""));

    private List<JsonObject> OurRules(string policy) => [.. bed.Appliance.Edit("GET", $"/tm/ltm/policy/~interlook~{policy}/rules")!["items"]!.AsArray()
        .Select(rule => rule!.AsObject())
        .Where(rule => ((string?)rule["name"])!.StartsWith("il_", StringComparison.Ordinal))];

    private JsonObject Items(string method, string policy, string part) =>
        bed.Appliance.Edit(method, $"/tm/ltm/policy/~interlook~{policy}/rules/{Name}/{part}")!["items"]![0]!.AsObject();

    private static Task<ServiceDefinition> DeployAsync(BigIpProvisioner provisioner, ServiceDefinition desired, params ServiceDefinition[] earlier) =>
        provisioner.DeployAsync(Key, desired, [.. earlier], BigIpBed.Stopping);

    private static Task UndeployAsync(BigIpProvisioner provisioner, ServiceDefinition applied) => provisioner.UndeployAsync(Key, [applied], BigIpBed.Stopping);

    private static async Task<string> ObserveAsync(BigIpProvisioner provisioner, ServiceDefinition applied)
    {
        var observed = await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key] = applied }, BigIpBed.Stopping);
        return string.Join('\n', observed.Drifts.Select(drift => drift.Difference).Concat(observed.Orphans.Select(orphan => orphan.Subject)));
    }
}
