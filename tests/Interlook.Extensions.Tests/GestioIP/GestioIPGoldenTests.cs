using Interlook.Services;
using Interlook.Simulators;
using Xunit;
using static Interlook.Extensions.Tests.GestioIP.GestioIPBed;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>What is said for every operation is what the folder <c>Golden</c> holds.</summary>
public sealed class GestioIPGoldenTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_says_what_it_said()
    {
        RecordedExchanges recorded = null!;
        await using var bed = await StartAsync(wrap: appliance => recorded = new(appliance));
        bed.Inventory.AddHost("192.168.99.1", "router", "the way out");
        var gestioip = bed.Create("prod", options => (options.Site, options.Category) = ("Lon", "prod"));
        ServiceDefinition shop = null!, asked = null!;

        await OperationAsync("start", () => gestioip.StartAsync(Stopping));
        await OperationAsync("check", () => gestioip.CheckAsync(Stopping));
        await OperationAsync("deploy", async () => shop = await gestioip.DeployAsync(Key("shop"), Define("shop"), [], Stopping));
        await OperationAsync("deploy-unchanged", () => gestioip.DeployAsync(Key("shop"), Define("shop"), [shop], Stopping));
        await OperationAsync("deploy-requested", async () => asked = await gestioip.DeployAsync(Key("a/b"), Define("a/b", "192.168.99.40"), [], Stopping));
        await OperationAsync("move", async () => asked = await gestioip.DeployAsync(Key("a/b"), Define("a/b", "192.168.99.41"), [asked], Stopping));
        await OperationAsync("observe", () => gestioip.ObserveAsync(
            new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = shop, [Key("a/b")] = asked }, Stopping));
        await OperationAsync("conflict", () => Assert.ThrowsAsync<ExtensionException>(
            () => gestioip.DeployAsync(Key("blog"), Define("blog", "192.168.99.1"), [], Stopping)));
        await OperationAsync("undeploy", () => gestioip.UndeployAsync(Key("shop"), [shop], Stopping));
        bed.GestioIP.Trouble = type => type == "reserveFirstFreeNetworkAddress" ? "ERROR: NETWORK HAS NO FREE ADDRESSES AVAILABLE" : null;
        await OperationAsync("full", () => Assert.ThrowsAsync<ExtensionException>(() => gestioip.DeployAsync(Key("blog"), Define("blog"), [], Stopping)));
        bed.GestioIP.Trouble = null;
        bed.Inventory.AddHost("192.168.99.9", "lab", "R&D");
        await OperationAsync("spoiled-list", () => gestioip.DeployAsync(Key("a/b"), Define("a/b", "192.168.99.41"), [asked], Stopping));
        bed.GestioIP.Users["api"] = "another";
        await OperationAsync("unauthorized", () => Assert.ThrowsAsync<ExtensionException>(() => gestioip.CheckAsync(Stopping)));

        async Task OperationAsync(string name, Func<Task> operateAsync)
        {
            await operateAsync();
            GoldenExchanges.Compare(recorded, name);
        }
    }
}
