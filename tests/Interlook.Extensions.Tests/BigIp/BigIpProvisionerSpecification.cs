using Interlook.Extensions.BigIp;
using Interlook.Provisioners;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary><c>lb.f5ltm</c> shows what every provisioner must, on the simulated appliance; in each of its modes.</summary>
public abstract class BigIpProvisionerSpecification : ProvisionerSpecification
{
    internal BigIpBed Bed { get; } = new();

    protected abstract bool UsesPolicies { get; }

    public override async ValueTask InitializeAsync() => await Bed.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override IProvisioner Create(string instance) =>
        new BigIpProvisioner(Bed.Options(UsesPolicies), TestContexts.Create("lb.f5ltm", instance));

    protected override Task<IReadOnlyCollection<string>> ReadOutsideAsync() => Task.FromResult<IReadOnlyCollection<string>>(Bed.Appliance.Lines);

    protected override Task StopServerAsync() => Bed.Running.StopAsync();

    protected override Task StartServerAsync() => Bed.Running.ResumeAsync();
}
