using System.Globalization;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>
/// <c>provider.file,ipam.ipalloc,vip.externalip</c> in the built executable, on a real etcd. The test writes what a scheduler and the agent of
/// a node write.
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

    private async Task StartAsync()
    {
        var configuration = folder.File("interlook.yml");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            core:
              workflow: provider.file,ipam.ipalloc,vip.externalip
              listenPort: {{port}}
              flowEntriesFile: {{folder.File("entries.db")}}
            provider: { file: { path: {{folder.File("services")}} } }
            ipam: { ipalloc: { network_cidr: 10.66.0.0/24, db_file: {{folder.File("leases.db")}} } }
            vip: { externalip: { endpoints: ["{{etcd.Url}}"], wait: 1s } }
            """));
        interlook = InterlookDaemon.Start(configuration, port, folder.Path);
        await interlook.ReadyAsync();
    }

    private Task EntryAsync(string what, Func<ShownEntry, bool> isSo) => Eventually.TrueAsync(
        $"the entry {what}", async () => (await interlook!.EntriesAsync()).TryGetValue("shop", out var entry) && isSo(entry), Patience);

    private async Task<JsonNode?> ReadAsync() =>
        await etcd.ReadAsync() is var all && all.FirstOrDefault(each => each.Key == Claim) is { Value: { } value } ? JsonNode.Parse(value) : null;

    private Task<string> WriteAsync(JsonNode claim, string node, string holder)
    {
        claim["spec"]!["nodeName"] = node;
        claim["status"]!["holder"] = holder;
        return etcd.ControlAsync("put", Claim, claim.ToJsonString());
    }
}
