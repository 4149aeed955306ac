using System.Globalization;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>
/// <c>provider.file,ipam.ipalloc,vip.externalip</c> in the built executable, on a real etcd: once the test writes what a scheduler and the agent of
/// a node write, once they are there.
/// </summary>
public sealed class VipWorkflowTests : IAsyncLifetime
{
    private const string Claim = "/interlook/externalip/claims/10-66-0-1-32";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder folder = new();
    private readonly EtcdServer etcd = new();
    private readonly int port = TestMachine.FreePort();
    private InterlookDaemon? interlook;

    public async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        Directory.CreateDirectory(folder.File("services"));
    }

    public async ValueTask DisposeAsync()
    {
        if (interlook is not null)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(interlook.Log);
            await interlook.DisposeAsync();
        }
        await etcd.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_service_waits_for_a_living_node_is_deployed_when_it_has_one_and_gives_its_address_back()
    {
        var service = folder.File("services/shop.yml");
        await File.WriteAllTextAsync(service, "name: shop\nhosts: [shop.example.org]\ntargets: [{ host: 127.0.0.1, port: 8080 }]\n", TestContext.Current.CancellationToken);
        await StartAsync();

        await EntryAsync("says that no node lives", entry => entry is { Reason: "Unavailable", Step: "vip.externalip" } && entry.Error!.Contains("no living node", StringComparison.Ordinal));
        var claim = await ReadAsync();
        Assert.Equal("interlook/default/shop", (string)claim!["metadata"]!["ownerReferences"]![0]!["uid"]!);
        Assert.Equal("10.66.0.1/32", (string)claim["spec"]!["cidr"]!);

        await WriteAsync(claim, node: "node1", holder: "node1");
        await EntryAsync("is at rest", entry => entry is { IsAtRest: true, Address: "10.66.0.1" });

        File.Delete(service);
        await Eventually.TrueAsync("the claim is given up and still held", async () => (claim = await ReadAsync()) is not null && (string?)claim["spec"]!["nodeName"] == "", Patience);
        Assert.Equal("node1", (string)claim!["status"]!["holder"]!);
        await WriteAsync(claim, node: "", holder: "");

        await Eventually.TrueAsync("claim and entry are gone", async () => await ReadAsync() is null && (await interlook!.EntriesAsync()).Count == 0, Patience);
    }

    [Fact]
    public async Task With_a_scheduler_and_nodes_the_address_answers_moves_when_its_node_is_killed_and_is_gone_with_the_service()
    {
        var address = NetworkLaboratory.FreeAddress(1);
        var service = folder.File("services/shop.yml");
        await File.WriteAllTextAsync(
            service, $"name: shop\nhosts: [shop.example.org]\nip: {address}\ntargets: [{{ host: 127.0.0.1, port: 8080 }}]\n", TestContext.Current.CancellationToken);
        await using var laboratory = await NetworkLaboratory.CreateAsync("node1", "node2", "client");
        await using var one = NamespaceDoor.Open(laboratory["node1"].Namespace, etcd.Url);
        await using var two = NamespaceDoor.Open(laboratory["node2"].Namespace, etcd.Url);
        string[] flags = ["--etcd", etcd.Url.AbsoluteUri, "--hb", "500ms", "--monitor", "1s"];
        await using var scheduler = ServerProcess.Start("env", ["--", InterlookDaemon.Program, "scheduler", "--leader-elect", .. flags], environment: InterlookDaemon.Variables);
        await using var first = Agent("node1");
        await using var second = Agent("node2");
        await Eventually.TrueAsync("the nodes know each other", async () => await KnowsAsync("node1", "node2") && await KnowsAsync("node2", "node1"), Patience);

        await StartAsync($"{string.Join('.', address.GetAddressBytes().Take(3))}.0/24");
        await EntryAsync("is at rest", entry => entry.IsAtRest && entry.Address == address.ToString());
        await Eventually.TrueAsync("it answers", () => laboratory["client"].PingAsync(address));

        var holder = await HasAsync("node1") ? first : second;
        await holder.SignalAsync("KILL");
        await Eventually.TrueAsync("it is on the other node alone", async () => await HasAsync("node1") == (holder == second) && await HasAsync("node2") == (holder == first));
        await Eventually.TrueAsync("it answers again", () => laboratory["client"].PingAsync(address));

        File.Delete(service);
        await Eventually.TrueAsync("it is nowhere, and so is the entry", async () => !await HasAsync("node1") && !await HasAsync("node2") && (await interlook!.EntriesAsync()).Count == 0, Patience);

        ServerProcess Agent(string node) => laboratory[node].Namespace.Start(
            "env", ["--", InterlookDaemon.Program, "claimcontroller", "--hostname", node, .. flags], InterlookDaemon.Variables);

        async Task<bool> HasAsync(string node) =>
            (await laboratory[node].Namespace.ShowAsync("address show dev eth0")).Contains($" {address}/", StringComparison.Ordinal);
    }

    private async Task StartAsync(string network = "10.66.0.0/24")
    {
        var configuration = folder.File("interlook.yml");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            core:
              workflow: provider.file,ipam.ipalloc,vip.externalip
              listenPort: {{port}}
              flowEntriesFile: {{folder.File("entries.db")}}
            provider: { file: { path: {{folder.File("services")}} } }
            ipam: { ipalloc: { network_cidr: {{network}}, db_file: {{folder.File("leases.db")}} } }
            vip: { externalip: { endpoints: ["{{etcd.Url}}"], wait: 1s } }
            """));
        interlook = InterlookDaemon.Start(configuration, port, folder.Path);
        await interlook.ReadyAsync();
    }

    private Task EntryAsync(string what, Func<ShownEntry, bool> isSo) => Eventually.TrueAsync(
        $"the entry {what}", async () => (await interlook!.EntriesAsync()).TryGetValue("shop", out var entry) && isSo(entry), Patience);

    private Task<JsonNode?> ReadAsync() => ReadAsync(Claim);

    private async Task<JsonNode?> ReadAsync(string key) =>
        await etcd.ReadAsync() is var all && all.FirstOrDefault(each => each.Key == key) is { Value: { } value } ? JsonNode.Parse(value) : null;

    private async Task<bool> KnowsAsync(string node, string peer) =>
        (await ReadAsync($"/interlook/externalip/nodes/{node}"))?["status"]?["peers"] is JsonArray peers && peers.Any(each => (string?)each == peer);

    private Task<string> WriteAsync(JsonNode claim, string node, string holder)
    {
        claim["spec"]!["nodeName"] = node;
        claim["status"]!["holder"] = holder;
        return etcd.ControlAsync("put", Claim, claim.ToJsonString());
    }
}
