using System.Collections.Concurrent;
using System.Threading.Channels;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Dashboard.Tests;

/// <summary>A step that does what a test tells it, and sees the health that the test gives.</summary>
internal sealed class ScriptedStep : IProvisioner, IConditionSource
{
    private readonly ConcurrentDictionary<ServiceKey, ServiceCondition> conditions = new();
    private readonly Channel<ServiceKey> changed = Channel.CreateUnbounded<ServiceKey>();

    /// <summary>What a deploy does; by default it succeeds at once.</summary>
    public Func<ServiceDefinition, CancellationToken, Task<ServiceDefinition>> Deploy { get; set; } = (desired, _) => Task.FromResult(desired);

    /// <summary>Whether its system is reached.</summary>
    public Func<Task> Check { get; set; } = () => Task.CompletedTask;

    public void See(ServiceKey key, ServiceCondition condition)
    {
        conditions[key] = condition;
        changed.Writer.TryWrite(key);
    }

    public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task CheckAsync(CancellationToken stopping) => Check();

    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) => Deploy(desired, stopping);

    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) => Task.CompletedTask;

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        Task.FromResult(Observation.InPlace);

    public ServiceCondition? Find(ServiceKey key) => conditions.GetValueOrDefault(key);

    public IAsyncEnumerable<ServiceKey> WatchAsync(CancellationToken stopping) => changed.Reader.ReadAllAsync(stopping);
}
