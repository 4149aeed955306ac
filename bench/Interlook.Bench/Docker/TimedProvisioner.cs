using System.Collections.Concurrent;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Bench.Docker;

/// <summary>Another provisioner, and when its first deploy of each service was acknowledged.</summary>
internal sealed class TimedProvisioner(IProvisioner provisioner) : IProvisioner
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> ends = new();

    public int? ConcurrencyLimit => provisioner.ConcurrencyLimit;

    /// <summary>In nanoseconds of <see cref="RawReader.Now"/>.</summary>
    public Task<long> DeployedAsync(string service) => Of(service).Task;

    public Task StartAsync(CancellationToken stopping) => provisioner.StartAsync(stopping);

    public Task CheckAsync(CancellationToken stopping) => provisioner.CheckAsync(stopping);

    public Task StopAsync(CancellationToken stopping) => provisioner.StopAsync(stopping);

    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var applied = await provisioner.DeployAsync(key, desired, earlier, stopping);
        Of(key.Service).TrySetResult(RawReader.Now);
        return applied;
    }

    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        provisioner.UndeployAsync(key, earlier, stopping);

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        provisioner.ObserveAsync(applied, stopping);

    private TaskCompletionSource<long> Of(string service) =>
        ends.GetOrAdd(service, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
