using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Interlook.Simulators;
using Interlook.Simulators.BigIp;
using Interlook.Simulators.Faults;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>The simulator refuses what the appliance refuses: at least a test for each line of what the vendor's documents and users say of it.</summary>
public sealed class BigIpSimulatorTests : IAsyncLifetime
{
    private const string Pool = """{"name":"shop","partition":"interlook","members":[{"name":"10.0.0.1:80","address":"10.0.0.1"}]}""";

    private readonly ManualTimeProvider time = new();
    private readonly BigIpAppliance appliance;
    private RunningAppliance running = null!;
    private RawCalls calls = null!;

    public BigIpSimulatorTests() => appliance = new(time);

    public async ValueTask InitializeAsync()
    {
        appliance.AddPartition("interlook");
        running = await RunningAppliance.StartAsync(appliance);
        calls = new(running);
        await calls.LoginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        calls.Dispose();
        await running.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_answered_without_a_token_or_a_password()
    {
        calls.Token = null;
        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("api:restaccess")));

        var without = await calls.RefusedAsync("GET", "/tm/ltm/pool");
        var wrong = await calls.RefusedAsync("POST", "/shared/authn/login", RawCalls.Credentials("wrong"));
        var (status, _) = await calls.SendAsync("GET", "/tm/ltm/pool", basic: basic);
        calls.Token = "nonsense";
        var unknown = await calls.RefusedAsync("GET", "/tm/ltm/pool");

        Assert.StartsWith("401 Authorization failed: no user authentication header or token detected. Uri:", without, StringComparison.Ordinal);
        Assert.StartsWith("401 ", wrong, StringComparison.Ordinal);
        Assert.Equal(200, status);
        Assert.Equal("401 X-F5-Auth-Token does not exist.", unknown);
    }

    [Fact]
    public async Task A_token_ends_some_time_after_its_start_and_not_after_its_last_change()
    {
        time.Advance(TimeSpan.FromSeconds(1000));
        await calls.OkAsync("PATCH", $"/shared/authz/tokens/{calls.Token}", """{"timeout":"36000"}""");
        var tooLong = await calls.RefusedAsync("PATCH", $"/shared/authz/tokens/{calls.Token}", """{"timeout":"36001"}""");
        time.Advance(TimeSpan.FromSeconds(34999));
        await calls.OkAsync("GET", "/tm/ltm/pool");
        time.Advance(TimeSpan.FromSeconds(1));
        var expired = await calls.RefusedAsync("GET", "/tm/ltm/pool");

        Assert.StartsWith("400 ", tooLong, StringComparison.Ordinal);
        Assert.Equal("401 X-F5-Auth-Token has expired.", expired);
    }

    [Fact]
    public async Task A_user_holds_so_many_tokens_until_some_are_given_back_or_end()
    {
        appliance.MostTokensPerUser = 2;
        await calls.OkAsync("POST", "/shared/authn/login", RawCalls.Credentials());

        var beyond = await calls.RefusedAsync("POST", "/shared/authn/login", RawCalls.Credentials());
        await calls.OkAsync("DELETE", $"/shared/authz/tokens/{calls.Token}");
        await calls.LoginAsync();
        time.Advance(TimeSpan.FromSeconds(1200));
        await calls.LoginAsync();

        Assert.StartsWith("400 user ", beyond, StringComparison.Ordinal);
        Assert.EndsWith(" has reached maximum active login tokens", beyond, StringComparison.Ordinal);
        Assert.Equal(1, appliance.LiveTokens);
    }

    [Fact]
    public async Task Names_have_a_case_and_a_partition_that_exists()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);

        var found = await calls.OkAsync("GET", "/tm/ltm/pool/~interlook~shop");
        var otherCase = await calls.RefusedAsync("GET", "/tm/ltm/pool/~interlook~Shop");
        var nowhere = await calls.RefusedAsync("POST", "/tm/ltm/pool", """{"name":"shop","partition":"nowhere"}""");
        var empty = await calls.RefusedAsync("POST", "/tm/ltm/pool", "{}");
        var markup = await calls.RefusedAsync("POST", "/tm/ltm/pool", """{"name":"x","description":"<b>bold</b>"}""");

        Assert.Equal("/interlook/shop", (string?)found["fullPath"]);
        Assert.Equal("404 01020036:3: The requested Pool (/interlook/Shop) was not found.", otherCase);
        Assert.Equal("400 The requested folder (/nowhere) was not found.", nowhere);
        Assert.Equal("400 one or more properties must be specified", empty);
        Assert.StartsWith("400 ", markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_may_lie_in_a_route_domain_which_is_not_shown_where_it_is_the_default()
    {
        appliance.AddPartition("tenant", routeDomain: 2);
        await calls.OkAsync("POST", "/tm/ltm/node", """{"name":"here","partition":"interlook","address":"10.0.0.1%2"}""");

        var same = await calls.RefusedAsync("POST", "/tm/ltm/node", """{"name":"there","partition":"tenant","address":"10.0.0.1"}""");
        await calls.OkAsync("POST", "/tm/ltm/node", """{"name":"10.0.0.2%2","partition":"tenant","address":"10.0.0.2%2"}""");
        await calls.OkAsync("POST", "/tm/ltm/node", """{"name":"other","partition":"interlook","address":"10.0.0.1"}""");
        var shown = await calls.OkAsync("GET", "/tm/ltm/node/~tenant~10.0.0.2%252");

        Assert.StartsWith("400 0107176c:3: Invalid Node", same, StringComparison.Ordinal);
        Assert.Equal("10.0.0.2", (string?)shown["address"]);
    }

    [Fact]
    public async Task What_exists_is_not_made_twice_and_what_is_absent_is_not_found()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);

        Assert.Equal("409 01020066:3: The requested Pool (/interlook/shop) already exists in partition interlook.", await calls.RefusedAsync("POST", "/tm/ltm/pool", Pool));
        Assert.Equal("404 01020036:3: The requested Pool (/interlook/x) was not found.", await calls.RefusedAsync("DELETE", "/tm/ltm/pool/~interlook~x"));
        Assert.Equal("404 01020036:3: The requested Pool Member (/interlook/shop /interlook/10.0.0.9:80) was not found.", await calls.RefusedAsync("GET", "/tm/ltm/pool/~interlook~shop/members/~interlook~10.0.0.9:80"));
        Assert.Equal("404 Public URI path not registered: /mgmt/tm/ltm/nonsense", await calls.RefusedAsync("GET", "/tm/ltm/nonsense"));
    }

    [Fact]
    public async Task What_is_used_is_not_deleted()
    {
        await calls.OkAsync("POST", "/tm/ltm/monitor/http", """{"name":"probe","partition":"interlook","defaultsFrom":"/Common/http"}""");
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool.Replace("\"members\"", "\"monitor\":\"/interlook/probe\",\"members\"", StringComparison.Ordinal));
        await calls.OkAsync("POST", "/tm/ltm/pool", """{"name":"ruled","partition":"interlook"}""");
        await DraftAsync("web", Rule("one", "/interlook/ruled"));

        var byDraft = await calls.RefusedAsync("DELETE", "/tm/ltm/pool/~interlook~ruled");
        await PublishAsync("web");
        await calls.OkAsync(
            "POST", "/tm/ltm/virtual",
            """{"name":"front","partition":"interlook","destination":"/interlook/10.9.0.1:80","ipProtocol":"tcp","pool":"/interlook/shop","policies":["/interlook/web"]}""");

        Assert.StartsWith("400 01070265:3: The Pool (/interlook/ruled) cannot be deleted because it is in use by a policy action", byDraft, StringComparison.Ordinal);
        Assert.StartsWith("400 01070265:3:", await calls.RefusedAsync("DELETE", "/tm/ltm/pool/~interlook~ruled"), StringComparison.Ordinal);
        Assert.Equal("400 01070265:3: The Pool (/interlook/shop) cannot be deleted because it is in use by a Virtual Server (/interlook/front).", await calls.RefusedAsync("DELETE", "/tm/ltm/pool/~interlook~shop"));
        Assert.Equal("400 01070635:3: The policy (/interlook/web) is referenced by one or more virtuals.", await calls.RefusedAsync("DELETE", "/tm/ltm/policy/~interlook~web"));
        Assert.Equal("400 01070110:3: Node address '/interlook/10.0.0.1' is referenced by a member of pool '/interlook/shop'.", await calls.RefusedAsync("DELETE", "/tm/ltm/node/~interlook~10.0.0.1"));
        Assert.StartsWith("400 ", await calls.RefusedAsync("DELETE", "/tm/ltm/monitor/http/~interlook~probe"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_server_names_pools_and_policies_that_exist()
    {
        const string Front = """{"name":"front","partition":"interlook","destination":"10.9.0.1:80","ipProtocol":"tcp",""";

        Assert.StartsWith("404 01020036:3: The requested Pool", await calls.RefusedAsync("POST", "/tm/ltm/virtual", Front + "\"pool\":\"/interlook/x\"}"), StringComparison.Ordinal);
        Assert.StartsWith("404 01020036:3: The requested Policy", await calls.RefusedAsync("POST", "/tm/ltm/virtual", Front + "\"policies\":[\"x\"]}"), StringComparison.Ordinal);
        Assert.StartsWith("404 01020036:3: The requested profile", await calls.RefusedAsync("POST", "/tm/ltm/virtual", Front + "\"profiles\":[\"x\"]}"), StringComparison.Ordinal);
        Assert.StartsWith("404 01020036:3: The requested monitor", await calls.RefusedAsync("POST", "/tm/ltm/pool", """{"name":"p","monitor":"x"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.9.0.1:80", "/interlook/10.9.0.1:80")]
    [InlineData("/interlook/2001:db8::5.443", "/interlook/2001:db8::5.443")]
    public async Task Two_virtual_servers_never_share_a_destination(string written, string shown)
    {
        await calls.OkAsync("POST", "/tm/ltm/virtual", Virtual("one", written));

        var clash = await calls.RefusedAsync("POST", "/tm/ltm/virtual", Virtual("two", written));
        var one = await calls.OkAsync("GET", "/tm/ltm/virtual/~interlook~one");
        var addresses = await calls.OkAsync("GET", "/tm/ltm/virtual-address");
        await calls.OkAsync("DELETE", "/tm/ltm/virtual/~interlook~one");
        var after = await calls.OkAsync("GET", "/tm/ltm/virtual-address");

        Assert.Equal(
            "400 01070333:3: Virtual Server /interlook/two illegally shares destination address, source address, service port, ip-protocol, and vlan with Virtual Server /interlook/one.",
            clash);
        Assert.Equal(shown, (string?)one["destination"]);
        Assert.Single(addresses["items"]!.AsArray());
        Assert.Null(after["items"]);
    }

    [Fact]
    public async Task A_virtual_server_is_enabled_or_disabled()
    {
        await calls.OkAsync("POST", "/tm/ltm/virtual", Virtual("one", "10.9.0.1:80"));

        var both = await calls.RefusedAsync("PATCH", "/tm/ltm/virtual/~interlook~one", """{"enabled":true,"disabled":true}""");
        var disabled = await calls.OkAsync("PATCH", "/tm/ltm/virtual/~interlook~one", """{"disabled":true}""");

        Assert.StartsWith("400 ", both, StringComparison.Ordinal);
        Assert.True((bool)disabled["disabled"]!);
        Assert.Null(disabled["enabled"]);
    }

    [Fact]
    public async Task PATCH_changes_what_it_names_and_PUT_resets_the_rest()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool.Replace("\"members\"", "\"description\":\"d\",\"loadBalancingMode\":\"ratio-member\",\"members\"", StringComparison.Ordinal));

        var patched = await calls.OkAsync("PATCH", "/tm/ltm/pool/~interlook~shop", """{"description":"e"}""");
        var replaced = await calls.OkAsync("PUT", "/tm/ltm/pool/~interlook~shop", """{"slowRampTime":5}""");

        Assert.Equal("ratio-member", (string?)patched["loadBalancingMode"]);
        Assert.Equal("e", (string?)patched["description"]);
        Assert.Equal("round-robin", (string?)replaced["loadBalancingMode"]);
        Assert.Null(replaced["description"]);
        Assert.True((long)replaced["generation"]! > (long)patched["generation"]!);
    }

    [Fact]
    public async Task A_list_of_members_replaces_the_whole_list_and_an_address_stays()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);

        await calls.OkAsync("PATCH", "/tm/ltm/pool/~interlook~shop", """{"members":[{"name":"10.0.0.2:80","ratio":3},{"name":"2001:db8::7.80"}]}""");
        var members = await calls.OkAsync("GET", "/tm/ltm/pool/~interlook~shop/members");
        var moved = await calls.RefusedAsync("PATCH", "/tm/ltm/pool/~interlook~shop/members/~interlook~10.0.0.2:80", """{"address":"10.0.0.3"}""");
        var movedNode = await calls.RefusedAsync("PATCH", "/tm/ltm/node/~interlook~10.0.0.2", """{"address":"10.0.0.3"}""");

        Assert.Equal(["10.0.0.2:80", "2001:db8::7.80"], members["items"]!.AsArray().Select(member => (string?)member!["name"]));
        Assert.Equal(3, (int)members["items"]![0]!["ratio"]!);
        Assert.StartsWith("400 ", moved, StringComparison.Ordinal);
        Assert.StartsWith("400 ", movedNode, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_make_nodes_which_stay_and_of_which_an_address_has_one()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);

        var second = await calls.RefusedAsync("POST", "/tm/ltm/pool", """{"name":"other","partition":"Common","members":[{"name":"10.0.0.1:81","partition":"Common"}]}""");
        await calls.OkAsync("POST", "/tm/ltm/pool", """{"name":"other","partition":"Common","members":[{"name":"10.0.0.1:81","partition":"interlook"}]}""");
        var noFolder = await calls.RefusedAsync("POST", "/tm/ltm/pool/~interlook~shop/members", """{"name":"10.0.0.5:81","partition":"nowhere"}""");
        await calls.OkAsync("DELETE", "/tm/ltm/pool/~interlook~shop");
        await calls.OkAsync("DELETE", "/tm/ltm/pool/~Common~other");
        var node = await calls.OkAsync("GET", "/tm/ltm/node/~interlook~10.0.0.1");
        await calls.OkAsync("DELETE", "/tm/ltm/node/~interlook~10.0.0.1");

        Assert.Equal("400 0107176c:3: Invalid Node, the IP address 10.0.0.1 already exists.", second);
        Assert.Equal("400 01070734:3: Configuration error: Can't associate Pool Member (/nowhere/10.0.0.5:81) folder does not exist", noFolder);
        Assert.Equal("10.0.0.1", (string?)node["address"]);
    }

    [Fact]
    public async Task A_published_policy_changes_through_a_draft_that_publishing_consumes()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await DraftAsync("web", Rule("one", "/interlook/shop"));
        await PublishAsync("web");

        var direct = await calls.RefusedAsync("POST", "/tm/ltm/policy/~interlook~web/rules", Rule("two", "/interlook/shop"));
        var posted = await calls.RefusedAsync("POST", "/tm/ltm/policy", """{"name":"web","partition":"interlook","subPath":"Drafts","strategy":"/Common/first-match"}""");
        await calls.OkAsync("PATCH", "/tm/ltm/policy/~interlook~web", """{"createDraft":true}""");
        var twice = await calls.RefusedAsync("PATCH", "/tm/ltm/policy/~interlook~web?options=create-draft", "{}");
        await calls.OkAsync("POST", "/tm/ltm/policy/~interlook~Drafts~web/rules", Rule("two", "/interlook/shop"));
        var before = await calls.OkAsync("GET", "/tm/ltm/policy/~interlook~web/rules");
        await PublishAsync("web");
        var after = await calls.OkAsync("GET", "/tm/ltm/policy/~interlook~web/rules");
        var draft = await calls.RefusedAsync("DELETE", "/tm/ltm/policy/~interlook~Drafts~web");

        Assert.Equal(
            "400 01071abb:3: Cannot create/modify published policy '/interlook/web' directly, try specifying a draft folder like '/interlook/Drafts/web'.",
            direct);
        Assert.Equal("400 01070734:3: Configuration error: Published policy \"/interlook/web\" exists, use create-draft to create a draft copy .", posted);
        Assert.StartsWith("409 ", twice, StringComparison.Ordinal);
        Assert.Single(before["items"]!.AsArray());
        Assert.Equal(2, after["items"]!.AsArray().Count);
        Assert.StartsWith("404 ", draft, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_of_a_draft_are_written_as_a_whole_or_one_by_one()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await DraftAsync("web", Rule("one", "/interlook/shop"));

        await calls.OkAsync("PATCH", "/tm/ltm/policy/~interlook~Drafts~web", $$"""{"rules":[{{Rule("two", "/interlook/shop")}}]}""");
        var replaced = await calls.OkAsync("GET", "/tm/ltm/policy/~interlook~Drafts~web/rules");
        await calls.OkAsync("DELETE", "/tm/ltm/policy/~interlook~Drafts~web/rules/two");
        var emptied = await calls.OkAsync("GET", "/tm/ltm/policy/~interlook~Drafts~web/rules");

        Assert.Equal("two", (string?)Assert.Single(replaced["items"]!.AsArray())!["name"]);
        Assert.Null(emptied["items"]);
    }

    [Fact]
    public async Task A_rule_needs_an_operand_a_target_one_event_and_what_its_policy_offers()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await DraftAsync("web", Rule("one", "/interlook/shop"));
        var good = Rule("two", "/interlook/shop");

        Assert.StartsWith("400 one or more", await calls.RefusedAsync("POST", "/tm/ltm/policy", """{"name":"x","subPath":"Drafts"}"""), StringComparison.Ordinal);
        Assert.EndsWith("missing operand.", await RuleRefusedAsync(good.Replace("\"httpHost\":true,", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.EndsWith("missing or invalid target.", await RuleRefusedAsync(good.Replace("\"forward\":true,", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("\"select\" may not be", await RuleRefusedAsync(good.Replace("\"select\":true", "\"select\":true,\"replace\":true", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("same event", await RuleRefusedAsync(good.Replace("\"select\":true,\"request\"", "\"select\":true,\"sslClientHello\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("requires aspect", await RuleRefusedAsync(good.Replace("\"httpHost\":true,\"host\":true", "\"sslExtension\":true,\"serverName\":true", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("404 01020036:3: The requested Pool", await RuleRefusedAsync(Rule("two", "/interlook/none")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_and_actions_are_read_back_with_defaults()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await DraftAsync("web", Rule("one", "/interlook/shop"));

        var rules = await calls.OkAsync("GET", "/tm/ltm/policy/~interlook~Drafts~web/rules?expandSubcollections=true");
        var plain = await calls.OkAsync("GET", "/tm/ltm/policy/~interlook~Drafts~web/rules");

        var condition = rules["items"]![0]!["conditionsReference"]!["items"]![0]!;
        var action = rules["items"]![0]!["actionsReference"]!["items"]![0]!;
        Assert.All(new[] { "equals", "external", "present", "remote" }, name => Assert.True((bool)condition[name]!));
        Assert.Equal(0, (int)condition["index"]!);
        Assert.All(
            new[] { "code", "expirySecs", "length", "offset", "port", "status", "timeout", "vlanId" }, name => Assert.Equal(0, (int)action[name]!));
        Assert.NotNull(action["poolReference"]);
        Assert.Null(plain["items"]![0]!["actionsReference"]!["items"]);
    }

    [Fact]
    public async Task A_collection_without_anything_has_no_items_and_others_are_filtered_and_cut()
    {
        var empty = await calls.OkAsync("GET", "/tm/ltm/pool");
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await calls.OkAsync("POST", "/tm/ltm/pool", """{"name":"common"}""");

        var all = await calls.OkAsync("GET", "/tm/ltm/pool?$top=1&$skip=1&$select=name,selfLink");
        var ours = await calls.OkAsync("GET", "/tm/ltm/pool?$filter=partition+eq+interlook");
        var expanded = await calls.OkAsync("GET", "/tm/ltm/pool?$filter=partition+eq+interlook&expandSubcollections=true");

        Assert.False(empty.ContainsKey("items"));
        Assert.Equal("tm:ltm:pool:poolcollectionstate", (string?)empty["kind"]);
        Assert.Equal("""[{"name":"shop","selfLink":"https://localhost/mgmt/tm/ltm/pool/~interlook~shop?ver=14.1.2"}]""", all["items"]!.ToJsonString());
        Assert.Null(Assert.Single(ours["items"]!.AsArray())!["membersReference"]!["items"]);
        Assert.Single(Assert.Single(expanded["items"]!.AsArray())!["membersReference"]!["items"]!.AsArray());
    }

    [Fact]
    public async Task A_transaction_queues_runs_in_order_and_does_all_or_nothing()
    {
        await calls.OkAsync("POST", "/tm/ltm/virtual", Virtual("theirs", "10.9.0.9:80"));
        var id = await BeginAsync();
        var queued = await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await calls.OkAsync("POST", "/tm/ltm/virtual", Virtual("front", "10.9.0.9:80", "shop"));
        calls.Transaction = null;
        var commands = await calls.OkAsync("GET", $"/tm/transaction/{id}/commands");
        var untouched = await calls.RefusedAsync("GET", "/tm/ltm/pool/~interlook~shop");
        var failed = await calls.RefusedAsync("PATCH", $"/tm/transaction/{id}", Commit);
        var rolledBack = await calls.RefusedAsync("GET", "/tm/ltm/pool/~interlook~shop");

        id = await BeginAsync();
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await calls.OkAsync("POST", "/tm/ltm/virtual", Virtual("front", "10.9.0.1:80", "shop"));
        var withHeader = await calls.RefusedAsync("PATCH", $"/tm/transaction/{id}", Commit);
        calls.Transaction = null;
        var validated = await calls.OkAsync("PATCH", $"/tm/transaction/{id}", """{"state":"VALIDATING","validateOnly":true}""");
        var committed = await calls.OkAsync("PATCH", $"/tm/transaction/{id}", Commit);
        await calls.OkAsync("GET", "/tm/ltm/virtual/~interlook~front");

        Assert.Equal(1, (int)queued["commandId"]!);
        Assert.Equal(2, commands["items"]!.AsArray().Count);
        Assert.StartsWith("404 ", untouched, StringComparison.Ordinal);
        Assert.StartsWith("400 transaction failed:01070333:3:", failed, StringComparison.Ordinal);
        Assert.StartsWith("404 ", rolledBack, StringComparison.Ordinal);
        Assert.Contains("is not allowed to be added to transaction", withHeader, StringComparison.Ordinal);
        Assert.Equal("STARTED", (string?)validated["state"]);
        Assert.Equal("COMPLETED", (string?)committed["state"]);
    }

    [Fact]
    public async Task An_empty_or_late_or_dropped_transaction_is_not_committed()
    {
        var empty = await BeginAsync();
        calls.Transaction = null;
        var nothing = await calls.RefusedAsync("PATCH", $"/tm/transaction/{empty}", Commit);
        var late = await BeginAsync();
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        calls.Transaction = null;
        time.Advance(TimeSpan.FromSeconds(30));
        var gone = await calls.RefusedAsync("PATCH", $"/tm/transaction/{late}", Commit);
        var dropped = await BeginAsync();
        calls.Transaction = null;
        await calls.OkAsync("DELETE", $"/tm/transaction/{dropped}");

        Assert.Equal("400 there is no command to commit in the transaction", nothing);
        Assert.StartsWith("404 ", gone, StringComparison.Ordinal);
        Assert.Equal(0, appliance.OpenTransactions);
    }

    [Fact]
    public async Task It_fails_on_demand_and_forgets_its_sessions_when_it_starts_again()
    {
        running.Faults.Add(new(FaultKind.Refuse) { Status = 503, Body = "<html>Configuration Utility restarting...</html>" });
        using var http = new HttpClient();
        var busy = await http.GetAsync(running.Url, TestContext.Current.CancellationToken);
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);

        await running.RestartAsync();
        var unknown = await calls.RefusedAsync("GET", "/tm/ltm/pool");
        await calls.LoginAsync();
        await calls.OkAsync("GET", "/tm/ltm/pool/~interlook~shop");
        appliance.ExpireTokens();
        var expired = await calls.RefusedAsync("GET", "/tm/ltm/pool");

        Assert.Equal(503, (int)busy.StatusCode);
        Assert.Equal("401 X-F5-Auth-Token does not exist.", unknown);
        Assert.Equal("401 X-F5-Auth-Token has expired.", expired);
    }

    [Fact]
    public async Task A_reboot_goes_back_to_what_was_saved()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        await calls.OkAsync("POST", "/tm/sys/config", """{"command":"save"}""");
        await calls.OkAsync("POST", "/tm/ltm/pool", """{"name":"unsaved"}""");

        appliance.Reboot();
        await calls.LoginAsync();

        await calls.OkAsync("GET", "/tm/ltm/pool/~interlook~shop");
        await calls.RefusedAsync("GET", "/tm/ltm/pool/~Common~unsaved");
    }

    [Fact]
    public async Task The_other_device_has_changes_pending_until_the_group_is_synchronised()
    {
        appliance.AddDeviceGroup("pair");
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);

        var pending = await calls.OkAsync("GET", "/tm/cm/sync-status");
        var unknown = await calls.RefusedAsync("POST", "/tm/cm", """{"command":"run","utilCmdArgs":"config-sync to-group none"}""");
        await calls.OkAsync("POST", "/tm/cm", """{"command":"run","utilCmdArgs":"config-sync to-group pair"}""");
        var inSync = await calls.OkAsync("GET", "/tm/cm/sync-status");

        Assert.Contains("Changes Pending", pending.ToJsonString(), StringComparison.Ordinal);
        Assert.StartsWith("404 ", unknown, StringComparison.Ordinal);
        Assert.Contains("In Sync", inSync.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(appliance.Lines, appliance.PeerLines);
    }

    [Fact]
    public async Task Session_and_state_are_written_in_one_way_and_read_in_another()
    {
        await calls.OkAsync("POST", "/tm/ltm/pool", Pool);
        var fresh = await MemberAsync();

        var refused = await calls.RefusedAsync("PATCH", "/tm/ltm/pool/~interlook~shop/members/~interlook~10.0.0.1:80", """{"session":"monitor-enabled"}""");
        await calls.OkAsync("PATCH", "/tm/ltm/pool/~interlook~shop", """{"monitor":"http"}""");
        var up = await MemberAsync();
        appliance.SetHealth("10.0.0.1", 80, isUp: false);
        var down = await MemberAsync();
        await calls.OkAsync("PATCH", "/tm/ltm/pool/~interlook~shop/members/~interlook~10.0.0.1:80", """{"session":"user-disabled","state":"user-down"}""");
        var offline = await MemberAsync();
        var pool = await calls.OkAsync("GET", "/tm/ltm/pool/~interlook~shop");

        Assert.Equal("user-enabled unchecked", fresh);
        Assert.StartsWith("400 ", refused, StringComparison.Ordinal);
        Assert.Equal("monitor-enabled up", up);
        Assert.Equal("monitor-enabled down", down);
        Assert.Equal("user-disabled user-down", offline);
        Assert.Equal("/Common/http ", (string?)pool["monitor"]);
    }

    private const string Commit = """{"state":"VALIDATING","validateOnly":false}""";

    private static string Virtual(string name, string destination, string? pool = null) => new JsonObject
    {
        ["name"] = name,
        ["partition"] = "interlook",
        ["destination"] = destination,
        ["ipProtocol"] = "tcp",
        ["pool"] = pool,
    }.ToJsonString();

    private static string Rule(string name, string pool) =>
        $$"""{"name":"{{name}}","conditions":[{"httpHost":true,"host":true,"request":true,"values":["a.example.org"]}],"actions":[{"forward":true,"select":true,"request":true,"pool":"{{pool}}"}]}""";

    private Task<string> RuleRefusedAsync(string rule) => calls.RefusedAsync("POST", "/tm/ltm/policy/~interlook~Drafts~web/rules", rule);

    private async Task<string> MemberAsync()
    {
        var member = await calls.OkAsync("GET", "/tm/ltm/pool/~interlook~shop/members/~interlook~10.0.0.1:80");
        return $"{(string?)member["session"]} {(string?)member["state"]}";
    }

    private async Task DraftAsync(string name, string rule) => await calls.OkAsync(
        "POST", "/tm/ltm/policy",
        $$"""{"name":"{{name}}","partition":"interlook","subPath":"Drafts","strategy":"/Common/first-match","requires":["http"],"controls":["forwarding"],"rules":[{{rule}}]}""");

    private async Task PublishAsync(string name) =>
        await calls.OkAsync("POST", "/tm/ltm/policy", $$"""{"command":"publish","name":"/interlook/Drafts/{{name}}"}""");

    private async Task<string> BeginAsync()
    {
        var transaction = await calls.OkAsync("POST", "/tm/transaction", "{}");
        return calls.Transaction = ((long)transaction["transId"]!).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
