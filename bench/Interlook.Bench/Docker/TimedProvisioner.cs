using System.Collections.Concurrent;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Bench.Docker;

/// <summary>Another provisioner, and when its first deploy and its first undeploy of each service were acknowledged.</summary>
internal sealed class TimedProvisioner(IProvisioner provisioner) : IProvisioner
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> deployed = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> undeployed = new();

    public int? ConcurrencyLimit => provisioner.ConcurrencyLimit;

    /// <summary>In nanoseconds of <see cref="RawReader.Now"/>.</summary>
    public Task<long> DeployedAsync(string service) => Of(deployed, service).Task;

    /// <summary>In nanoseconds of <see cref="RawReader.Now"/>.</summary>
    public Task<long> UndeployedAsync(string service) => Of(undeployed, service).Task;

    /// <summary>How many services were deployed.</summary>
    public int Count => deployed.Count(service => service.Value.Task.IsCompleted);

    public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        provisioner.ResumeAsync(applied, stopping);

    public Task StartAsync(CancellationToken stopping) => provisioner.StartAsync(stopping);

    public Task CheckAsync(CancellationToken stopping) => provisioner.CheckAsync(stopping);

    public Task StopAsync(CancellationToken stopping) => provisioner.StopAsync(stopping);

    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var applied = await provisioner.DeployAsync(key, desired, earlier, stopping);
        Of(deployed, key.Service).TrySetResult(RawReader.Now);
        return applied;
    }

    public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        await provisioner.UndeployAsync(key, earlier, stopping);
        Of(undeployed, key.Service).TrySetResult(RawReader.Now);
    }

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        provisioner.ObserveAsync(applied, stopping);

    private static TaskCompletionSource<long> Of(ConcurrentDictionary<string, TaskCompletionSource<long>> ends, string service) =>
        ends.GetOrAdd(service, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
