using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Kemp.KempServices;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>What is said for every operation, over both interfaces, is what the folder <c>Golden</c> holds.</summary>
public sealed class KempGoldenTests
{
    private static readonly ServiceDefinition Shop = Define("shop", "192.168.99.10", new("10.0.0.1", 8080), new("10.0.0.2", 8080, 3));

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Every_operation_says_what_it_said(string api)
    {
        await using var bed = await KempBed.StartAsync(record: true);
        var kemp = bed.Create("prod", options => options.Api = api);
        var changed = Shop with { Targets = [new("10.0.0.2", 8080, 5), new("10.0.0.3", 8080, 0)] };
        var moved = changed with { PublicIp = System.Net.IPAddress.Parse("192.168.99.11"), Tls = true };

        await OperationAsync("start", () => kemp.StartAsync(Stopping));
        await OperationAsync("deploy", () => DeployAsync(Shop));
        bed.Time.Advance(TimeSpan.FromSeconds(10));
        await OperationAsync("observe", () => kemp.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = Shop }, Stopping));
        await OperationAsync("change-targets", () => DeployAsync(changed));
        await OperationAsync("move", () => DeployAsync(moved));
        await OperationAsync("undeploy", () => kemp.UndeployAsync(Key("shop"), [moved], Stopping));
        bed.Time.Advance(TimeSpan.FromSeconds(10));
        await OperationAsync("check", () => kemp.CheckAsync(Stopping));
        bed.Kemp.Run("addvs", ("vs", "192.168.99.10"), ("port", "80"), ("prot", "tcp"), ("nickname", "theirs"));
        await OperationAsync("conflict", () => Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(Shop)));
        bed.Kemp.NonLocalServers = false;
        await OperationAsync("refused", () => Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(moved)));
        bed.Kemp.Users["api"] = "another";
        await OperationAsync("unauthorized", () => Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(Shop)));
        await kemp.StopAsync(Stopping);

        Task DeployAsync(ServiceDefinition definition) => kemp.DeployAsync(Key("shop"), definition, [], Stopping);

        async Task OperationAsync(string name, Func<Task> operateAsync)
        {
            await operateAsync();
            GoldenExchanges.Compare(bed.Exchanges!, Path.Combine(api, name));
        }
    }
}
