using System.Net;
using Interlook.EndToEnd.Tests.ExternalIp;
using Interlook.Fixtures;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary><c>interlook naive</c> on a machine of the laboratory, beside a real API server.</summary>
[Collection(VipCollection.Name)]
public sealed class NaiveTests(VipsInKubernetes vips) : IAsyncLifetime
{
    private static readonly IPAddress A = NetworkLaboratory.FreeAddress(1);
    private static readonly IPAddress B = NetworkLaboratory.FreeIpv6Address(1);

    private readonly VipLaboratory laboratory = vips.Laboratory;

    private LaboratoryMachine Node => laboratory.Nodes[0].Machine;

    public async ValueTask InitializeAsync() => await laboratory.ClearAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task External_ips_are_on_the_interface_while_a_service_asks_for_them()
    {
        await using var naive = Start("naive");
        await laboratory.Place.AskAsync("shop", A, B);
        await laboratory.Place.AskAsync("other", A);
        await Eventually.TrueAsync("both answer", async () => await laboratory.Client.PingAsync(A) && await laboratory.Client.PingAsync(B));

        await laboratory.Place.WithdrawAsync("shop");
        await Eventually.TrueAsync("the one that nobody asks for is gone", async () => !(await AddressesAsync()).Contains($"{B}/", StringComparison.Ordinal));
        Assert.Contains($"{A}/32", await AddressesAsync(), StringComparison.Ordinal);

        await Node.Namespace.IpAsync($"address delete {A}/32 dev eth0");
        await Eventually.TrueAsync("it comes back", async () => (await AddressesAsync()).Contains($"{A}/32", StringComparison.Ordinal));

        laboratory.Nodes[0].Door.Shut();
        await Eventually.TrueAsync("the cluster is missed", () => naive.Output.Contains("cannot be followed", StringComparison.Ordinal));
        Assert.Contains($"{A}/32", await AddressesAsync(), StringComparison.Ordinal);
        laboratory.Nodes[0].Door.Reopen();
        await laboratory.Place.WithdrawAsync("other");
        await Eventually.TrueAsync("it is gone", async () => !(await AddressesAsync()).Contains($"{A}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_sigterm_addresses_go_at_once_and_after_a_kill_by_their_lifetime()
    {
        await laboratory.Place.AskAsync("shop", A, B);
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
        Node.Namespace.Start("env", ["--", InterlookDaemon.Program, command, .. laboratory.Place.Flags, .. flags], InterlookDaemon.Variables);

    private Task<string> AddressesAsync() => Node.Namespace.ShowAsync("address show dev eth0");
}
