using Interlook.Extensions.Kemp;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary><c>lb.kemplm</c> shows what every provisioner must, on a simulated appliance; over each of its interfaces.</summary>
public abstract class KempProvisionerSpecification : ProvisionerSpecification
{
    private KempBed bed = null!;

    protected abstract string Api { get; }

    public override async ValueTask InitializeAsync() => bed = await KempBed.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override IProvisioner Create(string instance) => bed.Create(instance, options => options.Api = Api);

    protected override Task<IReadOnlyCollection<string>> ReadOutsideAsync() => Task.FromResult<IReadOnlyCollection<string>>(bed.Describe());

    protected override Task PlaceForeignAsync(ServiceDefinition definition) => RunAsync("addvs", definition, ("nickname", "theirs"));

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => RunAsync("delvs", definition);

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) => RunAsync("delvs", applied);

    protected override Task StopServerAsync() => bed.Running.StopAsync();

    protected override Task StartServerAsync() => bed.Running.ResumeAsync();

    private Task RunAsync(string command, ServiceDefinition definition, params (string Name, string Value)[] more)
    {
        bed.Kemp.Run(command, [("vs", definition.PublicIp!.ToString()), ("port", "80"), ("prot", ServicePlace.Tcp), .. more]);
        return Task.CompletedTask;
    }
}
