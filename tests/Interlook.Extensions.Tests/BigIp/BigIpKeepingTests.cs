using System.Net;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators.Faults;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>What is acknowledged survives a reboot, and is on the other device too.</summary>
public sealed class BigIpKeepingTests : IAsyncLifetime
{
    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Provider = "provider.test",
        PublicIp = IPAddress.Parse("10.8.0.1"),
        Targets = [new("10.0.0.1", 8080)],
    };

    private readonly BigIpBed bed = new();

    public async ValueTask InitializeAsync() => await bed.StartAsync();

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task What_is_acknowledged_survives_a_reboot()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        await DeployAsync(provisioner, Shop);
        var before = bed.Appliance.Lines;

        bed.Appliance.Reboot();

        Assert.Equal(before, bed.Appliance.Lines);
        Assert.Empty((await provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [BigIpBed.Key("shop")] = Shop }, BigIpBed.Stopping)).Drifts);
    }

    [Fact]
    public async Task What_many_were_told_at_once_survives_a_reboot()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        for (var round = 0; round < 5; round++)
        {
            await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stopping) =>
            {
                var (name, address) = ($"s{round}-{i}", new IPAddress([10, 9, (byte)round, (byte)(i + 1)]));
                await provisioner.DeployAsync(BigIpBed.Key(name), Shop with { Name = name, PublicIp = address }, [], stopping);
            });
            var before = bed.Appliance.Lines;

            bed.Appliance.Reboot();

            Assert.Equal(before, bed.Appliance.Lines);
        }
    }

    [Fact]
    public async Task A_save_that_runs_beside_a_change_does_not_count_for_it()
    {
        var appliance = (GatedAppliance?)null;
        await using var gated = await new BigIpBed().StartAsync(each => appliance = new GatedAppliance(each));
        var provisioner = await gated.ProvisionerAsync(gated.Options());
        var save = appliance!.Shut(request => request.Method == "POST" && request.Path.Value!.EndsWith("/sys/config", StringComparison.Ordinal));
        var first = DeployAsync("first", "10.8.0.1");
        await save.Reached;
        var secondCommit = appliance.Shut(IsCommit);
        var second = DeployAsync("second", "10.8.0.2");
        await secondCommit.Reached;
        var third = DeployAsync("third", "10.8.0.3");
        var thirdCommit = appliance.Shut(IsCommit);
        secondCommit.Raise();
        await thirdCommit.Reached; // the third is noted and not yet made, when the save for the second begins
        save.Raise();
        await Task.WhenAll(first, second);
        thirdCommit.Raise();
        await third;
        var before = gated.Appliance.Lines;

        gated.Appliance.Reboot();

        Assert.Equal(before, gated.Appliance.Lines);

        static bool IsCommit(Microsoft.AspNetCore.Http.HttpRequest request) =>
            request.Method == "PATCH" && request.Path.Value!.Contains("/tm/transaction/", StringComparison.Ordinal);

        Task DeployAsync(string name, string address) =>
            provisioner.DeployAsync(BigIpBed.Key(name), Shop with { Name = name, PublicIp = IPAddress.Parse(address) }, [], BigIpBed.Stopping);
    }

    [Fact]
    public async Task What_could_not_be_saved_is_not_acknowledged_and_is_saved_by_the_next_attempt()
    {
        var provisioner = await bed.ProvisionerAsync(bed.Options());
        bed.Running.Faults.Add(new(FaultKind.Refuse, (_, path) => path.EndsWith("/sys/config", StringComparison.Ordinal)));
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(provisioner, Shop));
        bed.TakeCalls();

        await DeployAsync(provisioner, Shop, Shop);

        Assert.Equal(Reason.Unavailable, failure.Reason);
        var write = Assert.Single(bed.TakeCalls(), call => call.Method != "GET");
        Assert.Equal("/mgmt/tm/sys/config", write.Path);
    }

    [Fact]
    public async Task Changes_reach_the_other_device_of_the_group()
    {
        bed.Appliance.AddDeviceGroup("pair");
        var options = bed.Options();
        options.ConfigSync = "pair";
        var provisioner = await bed.ProvisionerAsync(options);

        await DeployAsync(provisioner, Shop);

        Assert.Contains(bed.Appliance.PeerLines, line => line.StartsWith("ltm/virtual /interlook/il_shop_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_saved_twice_and_with_saveConfig_off_nothing_at_all()
    {
        var options = bed.Options();
        var saving = await bed.ProvisionerAsync(options);
        await DeployAsync(saving, Shop);
        await DeployAsync(saving, Shop, Shop);
        var saved = Saves();
        var idle = bed.Options();
        idle.SaveConfig = false;
        var other = await bed.ProvisionerAsync(idle);
        await other.UndeployAsync(BigIpBed.Key("shop"), [Shop], BigIpBed.Stopping);

        Assert.Equal(1, saved);
        Assert.Equal(1, Saves());
    }

    private int Saves() => bed.Running.Calls.Count(call => call.Path.EndsWith("/sys/config", StringComparison.Ordinal));

    private static Task<ServiceDefinition> DeployAsync(BigIpProvisioner provisioner, ServiceDefinition desired, params ServiceDefinition[] earlier) =>
        provisioner.DeployAsync(BigIpBed.Key("shop"), desired, [.. earlier], BigIpBed.Stopping);
}
