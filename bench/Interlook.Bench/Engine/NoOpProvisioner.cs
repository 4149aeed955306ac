using System.Diagnostics;
using System.Net;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Bench.Engine;

/// <summary>A provisioner that has nothing outside. The first of a workflow sets an address, as a real address step does.</summary>
internal sealed class NoOpProvisioner(bool leases) : IProvisioner
{
    private int count;
    private int addresses;

    private TaskCompletionSource<long>? awaited;

    public int Calls => Volatile.Read(ref count);

    /// <summary>When the next deploy is called, as a timestamp of the stopwatch.</summary>
    public Task<long> NextCallAsync() => (awaited = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        Interlocked.Increment(ref count);
        awaited?.TrySetResult(Stopwatch.GetTimestamp());
        return Task.FromResult(leases ? desired with { PublicIp = new IPAddress(Interlocked.Increment(ref addresses)) } : desired);
    }

    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) => Task.CompletedTask;

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        Task.FromResult(Observation.InPlace);
}
