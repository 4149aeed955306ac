using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Simulators.GestioIP;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary><c>ipam.gestioip</c> shows what every provisioner must, on a simulated GestioIP; on several kinds of it.</summary>
public abstract class GestioIPProvisionerSpecification : ProvisionerSpecification
{
    private const string Network = "127.10.0.0/16";

    private GestioIPBed bed = null!;

    protected abstract void Prepare(GestioIPAppliance gestioip);

    public override async ValueTask InitializeAsync()
    {
        bed = await GestioIPBed.StartAsync(networks: Network);
        bed.Inventory.AddHost("127.10.255.1", "theirs", "interlook");
        Prepare(bed.GestioIP);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override IProvisioner Create(string instance) => bed.Create(instance, networks: Network);

    protected override Task<IReadOnlyCollection<string>> ReadOutsideAsync() => Task.FromResult<IReadOnlyCollection<string>>(bed.Inventory.Describe());

    protected override Task PlaceForeignAsync(ServiceDefinition definition)
    {
        bed.Inventory.AddHost($"{definition.PublicIp}", "foreign", "somebody else's");
        return Task.CompletedTask;
    }

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => RemoveAsync(definition);

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) => RemoveAsync(applied);

    protected override Task StopServerAsync() => bed.Running.StopAsync();

    protected override Task StartServerAsync() => bed.Running.ResumeAsync();

    private Task RemoveAsync(ServiceDefinition definition)
    {
        bed.Inventory.RemoveHosts(definition.PublicIp!);
        return Task.CompletedTask;
    }
}
