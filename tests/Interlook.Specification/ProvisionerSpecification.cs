using System.Net;
using Interlook.Collections;
using Interlook.Extensions;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Specification;

/// <summary>
/// What every provisioner must show, against the real system it changes. A provisioner's tests inherit this class and fill in the hooks;
/// a hook that means nothing for a system calls <see cref="Assert.Skip(string)"/> with the reason. Each fact gets an outside of its own.
/// </summary>
public abstract partial class ProvisionerSpecification : IAsyncLifetime
{
    private readonly List<IProvisioner> started = [];

    /// <summary>The test's own stop.</summary>
    protected static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>True when other Interlooks may change the same outside system; false for one that is ours alone, such as a file.</summary>
    protected virtual bool IsShared => true;

    /// <summary>How many services the crowd of <see cref="Many_services_at_once_all_come_and_all_go"/> has.</summary>
    protected virtual int Crowd => 40;

    /// <summary>Waits until what was removed by hand is back, for a provisioner that watches what it made and puts it back itself.</summary>
    /// <param name="isBack">Whether it is.</param>
    /// <returns>False for a provisioner that does not; the default.</returns>
    protected virtual Task<bool> PutsBackAsync(Func<Task<bool>> isBack) => Task.FromResult(false);

    /// <summary>Starts the outside system, empty but for what is always there.</summary>
    public abstract ValueTask InitializeAsync();

    /// <summary>Stops every provisioner made here. Override to end the outside system too, after this.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var provisioner in started)
            await provisioner.StopAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the provisioner, not started. Called again it stands for Interlook after a restart: same outside, same records.</summary>
    /// <param name="instance">Who we are in ownership marks.</param>
    protected abstract IProvisioner Create(string instance);

    /// <summary>Makes one that only looks, beside one that works.</summary>
    /// <param name="instance">Who we are in ownership marks.</param>
    protected virtual IProvisioner CreateLooking(string instance) => TestContexts.Looking(() => Create(instance));

    /// <summary>
    /// Everything outside that a provisioner could have made or harmed, ours and others', one line an object that says all that matters
    /// of it (name, address, mark; no counters or times).
    /// </summary>
    protected abstract Task<IReadOnlyCollection<string>> ReadOutsideAsync();

    /// <summary>By somebody else's hand: makes an object that stands in the way of this definition.</summary>
    protected abstract Task PlaceForeignAsync(ServiceDefinition definition);

    /// <summary>Removes what <see cref="PlaceForeignAsync"/> made.</summary>
    protected abstract Task RemoveForeignAsync(ServiceDefinition definition);

    /// <summary>By somebody else's hand: removes at least one of the objects that a service has outside.</summary>
    protected abstract Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied);

    /// <summary>Stops the outside system; what it holds survives.</summary>
    protected abstract Task StopServerAsync();

    /// <summary>Starts it again, at the same address, and waits until it answers.</summary>
    protected abstract Task StartServerAsync();

    /// <summary>
    /// A definition. Different numbers share nothing; different revisions of one number share the public address and differ in targets
    /// and names. Override what the outside system needs otherwise, and keep these two rules.
    /// </summary>
    /// <param name="service">The service's name.</param>
    /// <param name="number">From 0 to 999.</param>
    /// <param name="revision">From 0 to 9.</param>
    protected virtual ServiceDefinition Define(string service, int number, int revision = 0) => new()
    {
        Name = service,
        Provider = "provider.test",
        Targets = [new($"127.0.0.{10 + revision}", 20000 + number), new($"127.0.0.{20 + revision}", 20000 + number, 3)],
        DnsNames = [$"app{number}", $"r{revision}.app{number}.example.org"],
        PublicIp = new IPAddress([127, 10, (byte)(number / 250), (byte)(1 + (number % 250))]),
    };

    /// <summary>A key in the default workflow.</summary>
    protected static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    /// <summary>Makes a provisioner and starts it; it is stopped with the test.</summary>
    protected async Task<IProvisioner> StartAsync(string instance = "test")
    {
        var provisioner = Create(instance);
        started.Add(provisioner);
        await provisioner.StartAsync(Stopping);
        return provisioner;
    }

    /// <summary>Stops a provisioner, and starts the one that a restarted Interlook would have.</summary>
    /// <param name="provisioner">What runs.</param>
    /// <param name="applied">What it last acknowledged.</param>
    protected async Task<IProvisioner> RestartAsync(IProvisioner provisioner, IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied)
    {
        started.Remove(provisioner);
        await provisioner.StopAsync(Stopping);
        var restarted = await StartAsync();
        await restarted.ResumeAsync(applied, Stopping);
        return restarted;
    }

    /// <summary>The outside in a fixed order, for comparisons.</summary>
    protected async Task<string[]> OutsideAsync() => [.. (await ReadOutsideAsync()).Order(StringComparer.Ordinal)];

    /// <summary>Deploys under the service's own key.</summary>
    protected static Task<ServiceDefinition> DeployAsync(
        IProvisioner provisioner, ServiceDefinition desired, params EquatableArray<ServiceDefinition> earlier) =>
        provisioner.DeployAsync(Key(desired.Name), desired, earlier, Stopping);

    /// <summary>Undeploys under the service's own key.</summary>
    protected static Task UndeployAsync(IProvisioner provisioner, params EquatableArray<ServiceDefinition> earlier) =>
        provisioner.UndeployAsync(Key(earlier[0].Name), earlier, Stopping);

    /// <summary>What the engine would ask to observe.</summary>
    protected static Dictionary<ServiceKey, ServiceDefinition> Applied(params IEnumerable<ServiceDefinition> definitions) =>
        definitions.ToDictionary(definition => Key(definition.Name));

    /// <summary>Expects a call to fail in the one way that extensions fail.</summary>
    protected static Task<ExtensionException> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<ExtensionException>(call);
}
