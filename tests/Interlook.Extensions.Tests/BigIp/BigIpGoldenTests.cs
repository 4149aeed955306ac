using System.Net;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>What is said for every operation, in both modes, is what the folder <c>Golden</c> holds.</summary>
public sealed class BigIpGoldenTests : IAsyncDisposable
{
    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Provider = "provider.docker",
        PublicIp = IPAddress.Parse("10.8.0.1"),
        DnsNames = ["shop.example.org", "www.example.org"],
        Targets = [new("10.0.0.1", 8080), new("10.0.0.2", 8080, 3)],
    };

    private readonly BigIpBed bed = new(new ManualTimeProvider());
    private RecordedExchanges recording = null!;

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task In_vs_mode_the_requests_are_as_expected()
    {
        var provisioner = await StartAsync(policies: false);
        Check("start");

        await DeployAsync(provisioner, Shop);
        Check("vs-create");
        await DeployAsync(provisioner, Shop, Shop);
        Check("vs-unchanged");
        var other = Shop with { Targets = [new("10.0.0.2", 8080, 0), new("2001:db8::3", 8080)] };
        await DeployAsync(provisioner, other, Shop);
        Check("vs-change-targets");
        var moved = other with { PublicIp = IPAddress.Parse("2001:db8::80"), Tls = true };
        await DeployAsync(provisioner, moved, other);
        Check("vs-change-address-and-tls");
        await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [BigIpBed.Key("shop")] = moved }, BigIpBed.Stopping);
        Check("vs-observe");
        await provisioner.UndeployAsync(BigIpBed.Key("shop"), [moved], BigIpBed.Stopping);
        Check("vs-delete");
        bed.Appliance.Edit("POST", "/tm/ltm/virtual", BigIpBed.Body("""{"name":"theirs","destination":"10.8.0.1:80","ipProtocol":"tcp"}"""));
        await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, Shop));
        Check("vs-conflict");
        await provisioner.CheckAsync(BigIpBed.Stopping);
        Check("check");
        await bed.StopAsync(provisioner);
        Check("stop");
    }

    [Fact]
    public async Task In_policy_mode_the_requests_are_as_expected()
    {
        var provisioner = await StartAsync(policies: true);
        Check("policy-start");

        await DeployAsync(provisioner, Shop);
        Check("policy-create");
        var renamed = Shop with { DnsNames = ["shop.example.org"] };
        await DeployAsync(provisioner, renamed, Shop);
        Check("policy-change-names");
        var secure = renamed with { Tls = true };
        await DeployAsync(provisioner, secure, renamed);
        Check("policy-change-tls");
        bed.Appliance.Edit("PATCH", $"/tm/ltm/policy/~interlook~{BigIpBed.SslPolicy}", BigIpBed.Body("""{"createDraft":true}"""));
        await provisioner.UndeployAsync(BigIpBed.Key("shop"), [secure], BigIpBed.Stopping);
        Check("policy-delete-with-a-draft-left-over");
    }

    private async Task<BigIpProvisioner> StartAsync(bool policies)
    {
        await bed.StartAsync(appliance => recording = new RecordedExchanges(appliance, "restaccess"));
        var options = bed.Options(policies);
        options.TcpProfile = "tcp-lan-optimized";
        options.ConfigSync = "pair";
        bed.Appliance.AddDeviceGroup("pair");
        return await bed.ProvisionerAsync(options);
    }

    private static Task<ServiceDefinition> DeployAsync(BigIpProvisioner provisioner, ServiceDefinition desired, params ServiceDefinition[] earlier) =>
        provisioner.DeployAsync(BigIpBed.Key("shop"), desired, [.. earlier], BigIpBed.Stopping);

    private void Check(string operation) => GoldenExchanges.Compare(recording, operation);
}
