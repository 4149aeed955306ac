using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>
/// <c>interlook claimcontroller</c> on two machines of the laboratory and <c>interlook scheduler</c>, beside a real API server. In its own collection:
/// it wants a cluster without other Services.
/// </summary>
public sealed class ClaimsTests : IAsyncLifetime
{
    private static readonly string[] Times = ["--hb", "500ms", "--monitor", "1s"];
    private static readonly IPAddress A = NetworkLaboratory.FreeAddress(1);
    private static readonly IPAddress B = NetworkLaboratory.FreeIpv6Address(1);

    private readonly KubernetesServer server = new();
    private readonly List<NamespaceDoor> doors = [];
    private NetworkLaboratory? laboratory;

    private LaboratoryMachine Client => laboratory!["client"];

    public async ValueTask InitializeAsync()
    {
        laboratory = await NetworkLaboratory.CreateAsync("node1", "node2", "client");
        await server.StartAsync();
        foreach (var node in new[] { "node1", "node2" })
            doors.Add(NamespaceDoor.Open(laboratory[node].Namespace, server.Endpoint));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var door in doors)
            await door.DisposeAsync();
        if (laboratory is not null)
            await laboratory.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task External_ips_are_on_one_node_and_move_when_it_is_killed_or_stopped_and_go_with_their_service()
    {
        await using var scheduler = StartScheduler(["--leader-elect=true", .. Times]);
        await using var first = Start("node1");
        await CreateAsync("shop", A, B);
        await Eventually.TrueAsync("both are on the only node", async () => await HasAsync("node1", A) && await HasAsync("node1", B));
        await Eventually.TrueAsync("both answer", async () => await Client.PingAsync(A) && await Client.PingAsync(B));

        await using var second = Start("node2");
        await Eventually.TrueAsync("the first node knows the second", () => KnowsAsync("node1", "node2"));
        await first.SignalAsync("KILL");
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("both are on the other node", async () => await HasAsync("node2", A) && await HasAsync("node2", B));
        await Eventually.TrueAsync("and on no other", async () => !await HasAsync("node1", A) && !await HasAsync("node1", B));
        await Eventually.TrueAsync("both answer", async () => await Client.PingAsync(A) && await Client.PingAsync(B));

        await using var third = Start("node1");
        await Eventually.TrueAsync("the second node knows the first", () => KnowsAsync("node2", "node1"));
        await second.SignalAsync("TERM");
        Assert.Equal(0, await second.WaitForExitAsync(TestContext.Current.CancellationToken));
        await Eventually.TrueAsync("both moved", async () => await HasAsync("node1", A) && await HasAsync("node1", B) && !await HasAsync("node2", A) && !await HasAsync("node2", B));

        await server.Api.DeleteAsync("/api/v1/namespaces/default/services/shop");
        await Eventually.TrueAsync("both are gone", async () => !await HasAsync("node1", A) && !await HasAsync("node1", B));
    }

    [Fact]
    public async Task Impossible_times_are_refused_with_the_flag_to_change()
    {
        await using var scheduler = StartScheduler(["--hb", "2s", "--monitor", "1s"]);

        Assert.Equal(1, await scheduler.WaitForExitAsync(TestContext.Current.CancellationToken));

        await Eventually.TrueAsync("it says so", () => scheduler.Output.Contains("write --monitor", StringComparison.Ordinal));
    }

    private ServerProcess StartScheduler(string[] flags) => ServerProcess.Start(
        "env", ["--", InterlookDaemon.Program, "scheduler", "--kubeconfig", server.AdminKubeconfig, .. flags], environment: InterlookDaemon.Variables);

    private ServerProcess Start(string node) => laboratory![node].Namespace.Start(
        "env", ["--", InterlookDaemon.Program, "claimcontroller", "--kubeconfig", server.AdminKubeconfig, "--hostname", node, .. Times], environment: InterlookDaemon.Variables);

    private async Task<bool> KnowsAsync(string node, string peer)
    {
        var (status, text) = await server.Api.SendAsync(HttpMethod.Get, $"/apis/ipcontroller.ext/v1/ipnodes/{node}");
        return status == HttpStatusCode.OK && JsonNode.Parse(text)?["status"]?["peers"] is JsonArray peers && peers.Any(each => each?.GetValue<string>() == peer);
    }

    private async Task<bool> HasAsync(string node, IPAddress address) =>
        (await laboratory![node].Namespace.ShowAsync("address show dev eth0")).Contains($" {address}/", StringComparison.Ordinal);

    private async Task CreateAsync(string name, params IPAddress[] addresses)
    {
        var service = KubernetesObjects.Service("default", name, "ClusterIP");
        service["spec"]!["externalIPs"] = new JsonArray([.. addresses.Select(address => (JsonNode)address.ToString())]);
        await server.Api.CreateAsync("/api/v1/namespaces/default/services", service);
    }
}
