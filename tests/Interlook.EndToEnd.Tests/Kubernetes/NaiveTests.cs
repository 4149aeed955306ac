using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>
/// <c>interlook naive</c> on a machine of the laboratory, beside a real API server. In its own collection: it wants a cluster without other
/// Services.
/// </summary>
public sealed class NaiveTests : IAsyncLifetime
{
    private static readonly IPAddress A = NetworkLaboratory.FreeAddress(1);
    private static readonly IPAddress B = NetworkLaboratory.FreeIpv6Address(1);

    private readonly KubernetesServer server = new();
    private NetworkLaboratory? laboratory;
    private NamespaceDoor? door;

    private LaboratoryMachine Node => laboratory!["node"];

    private LaboratoryMachine Client => laboratory!["client"];

    public async ValueTask InitializeAsync()
    {
        laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        await server.StartAsync();
        door = NamespaceDoor.Open(Node.Namespace, server.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        if (door is not null)
            await door.DisposeAsync();
        if (laboratory is not null)
            await laboratory.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task External_ips_are_on_the_interface_while_a_service_asks_for_them()
    {
        await using var naive = Start("naive");
        await CreateAsync("shop", A, B);
        await CreateAsync("other", A);
        await Eventually.TrueAsync("both answer", async () => await Client.PingAsync(A) && await Client.PingAsync(B));

        await server.Api.DeleteAsync("/api/v1/namespaces/default/services/shop");
        await Eventually.TrueAsync("the one that nobody asks for is gone", async () => !(await AddressesAsync()).Contains($"{B}/", StringComparison.Ordinal));
        Assert.Contains($"{A}/32", await AddressesAsync(), StringComparison.Ordinal);

        await Node.Namespace.IpAsync($"address delete {A}/32 dev eth0");
        await Eventually.TrueAsync("it comes back", async () => (await AddressesAsync()).Contains($"{A}/32", StringComparison.Ordinal));

        door!.Shut();
        await Eventually.TrueAsync("the cluster is missed", () => naive.Output.Contains("cannot be followed", StringComparison.Ordinal));
        Assert.Contains($"{A}/32", await AddressesAsync(), StringComparison.Ordinal);
        door.Reopen();
        await server.Api.DeleteAsync("/api/v1/namespaces/default/services/other");
        await Eventually.TrueAsync("it is gone", async () => !(await AddressesAsync()).Contains($"{A}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_sigterm_addresses_go_at_once_and_after_a_kill_by_their_lifetime()
    {
        await CreateAsync("shop", A, B);
        await using (var first = Start("naivecontroller", "-logtostderr", "-v=5"))
        {
            await Eventually.TrueAsync("both are there", BothAsync);
            await first.SignalAsync("TERM");
            Assert.Equal(0, await first.WaitForExitAsync(TestContext.Current.CancellationToken));
            Assert.Contains("warning: --logtostderr", first.Output, StringComparison.Ordinal);
        }
        Assert.False(await AnyAsync());

        await using (var second = Start("n"))
        {
            await Eventually.TrueAsync("both are there", BothAsync);
            await second.SignalAsync("KILL");
            await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.True(await BothAsync());
        await Eventually.TrueAsync("the kernel removed them", async () => !await AnyAsync());

        async Task<bool> BothAsync() => await AddressesAsync() is var there && there.Contains($"{A}/", StringComparison.Ordinal) && there.Contains($"{B}/", StringComparison.Ordinal);

        async Task<bool> AnyAsync() => await AddressesAsync() is var there && (there.Contains($"{A}/", StringComparison.Ordinal) || there.Contains($"{B}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_said_at_once()
    {
        var naive = Start("naive", "--iface", "eth7");

        Assert.Equal(1, await naive.WaitForExitAsync(TestContext.Current.CancellationToken));

        await Eventually.TrueAsync("it says so", () => naive.Output.Contains("there is no interface eth7", StringComparison.Ordinal));
        await naive.DisposeAsync();
    }

    private ServerProcess Start(string command, params string[] flags) =>
        Node.Namespace.Start("env", ["--", InterlookDaemon.Program, command, "--kubeconfig", server.AdminKubeconfig, .. flags], InterlookDaemon.Variables);

    private Task<string> AddressesAsync() => Node.Namespace.ShowAsync("address show dev eth0");

    private async Task CreateAsync(string name, params IPAddress[] addresses)
    {
        var service = KubernetesObjects.Service("default", name, "ClusterIP");
        service["spec"]!["externalIPs"] = new JsonArray([.. addresses.Select(address => (JsonNode)address.ToString())]);
        await server.Api.CreateAsync("/api/v1/namespaces/default/services", service);
    }
}
