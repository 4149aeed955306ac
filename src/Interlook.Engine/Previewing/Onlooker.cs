using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Engine.Previewing;

/// <summary>A provisioner of which nothing can be asked but what it sees: whoever holds this has no call that changes anything.</summary>
internal readonly struct Onlooker(IProvisioner provisioner)
{
    public Task StartAsync(CancellationToken stopping) => provisioner.StartAsync(stopping);

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        provisioner.ObserveAsync(applied, stopping);

    public Task StopAsync(CancellationToken stopping) => provisioner.StopAsync(stopping);
}
