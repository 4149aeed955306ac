using System.Net;
using Interlook.Collections;
using Interlook.Extensions;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>
/// An outside system of one step. It outlives every incarnation of Interlook, does exactly what it is told and no more: it removes only
/// objects of definitions that it is given, so that whatever the engine forgets stays behind and is seen.
/// </summary>
internal abstract class SimulatedSystem(string step, CallWatch watch, Faults faults)
{
    /// <summary>The marked objects of every service.</summary>
    public Dictionary<ServiceKey, HashSet<string>> Objects { get; } = [];

    /// <summary>Somebody else's.</summary>
    public HashSet<string> Foreign { get; } = ["foreign"];

    public string Step => step;

    public IProvisioner Connect(TimeProvider time) => new Connection(this, time);

    /// <summary>What must be outside for a definition.</summary>
    public abstract IEnumerable<string> Wanted(ServiceDefinition definition);

    /// <summary>What a deploy returns once its objects are there.</summary>
    protected abstract ServiceDefinition Decide(ServiceKey key, ServiceDefinition desired);

    /// <summary>What an undeploy lets go of.</summary>
    protected virtual void Release(ServiceKey key)
    {
    }

    /// <summary>Somebody removes an object by hand.</summary>
    public void Tamper(int choice)
    {
        foreach (var objects in Objects.Values.Where(objects => objects.Count > 0).Skip(choice % 3).Take(1))
            objects.Remove(objects.Order(StringComparer.Ordinal).First());
    }

    private HashSet<string> ObjectsOf(ServiceKey key)
    {
        if (!Objects.TryGetValue(key, out var objects))
            Objects.Add(key, objects = new HashSet<string>(StringComparer.Ordinal));
        return objects;
    }

    private sealed class Connection(SimulatedSystem system, TimeProvider time) : IProvisioner
    {
        public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

        public async Task<ServiceDefinition> DeployAsync(
            ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
        {
            using var call = system.Watch.DeployBegins(system.Step, key, desired, time);
            await system.TroubleAsync(key, time, stopping);
            var decided = system.Decide(key, desired);
            var objects = system.ObjectsOf(key);
            foreach (var wanted in system.Wanted(decided))
            {
                objects.Add(wanted);
                system.FailSometimes(0.2);
            }
            await Task.Yield();
            foreach (var old in earlier.SelectMany(system.Wanted).Except(system.Wanted(decided)).ToList())
            {
                objects.Remove(old);
                system.FailSometimes(0.2);
            }
            system.FailSometimes(0.3); // a lost answer: all is done and nobody knows
            call.Succeeded();
            return decided;
        }

        public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
        {
            using var call = system.Watch.UndeployBegins(system.Step, key, earlier, time);
            await system.TroubleAsync(key, time, stopping);
            var objects = system.ObjectsOf(key);
            foreach (var old in earlier.SelectMany(system.Wanted).ToList())
            {
                objects.Remove(old);
                system.FailSometimes(0.2);
            }
            if (objects.Count == 0)
                system.Objects.Remove(key);
            system.Release(key);
            system.FailSometimes(0.3);
            call.Succeeded();
        }

        public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
        {
            await Task.Yield();
            system.FailSometimes(1);
            var drifts = applied
                .Where(each => !system.Wanted(each.Value).All(system.ObjectsOf(each.Key).Contains))
                .Select(each => new Drift(each.Key, "an object is missing"));
            return new Observation(drifts.ToEquatableArray(), []);
        }
    }

    private CallWatch Watch => watch;

    private void FailSometimes(double scale)
    {
        if (faults.Strike(scale))
            throw new ExtensionException(Reason.Unavailable, $"{step} answers 503");
    }

    private async Task TroubleAsync(ServiceKey key, TimeProvider time, CancellationToken stopping)
    {
        if (key.Service == faults.Poisoned && step == "lb.simulated" && watch.IsDeploying(key))
            throw new ExtensionException(Reason.Refused, "this service is refused for ever");
        await Task.Yield();
        if (!faults.Strike())
            return;
        switch (faults.Choose(6))
        {
            case 0:
                throw new ExtensionException(Reason.Unreachable, $"{step} cannot be reached");
            case 1:
                throw new ExtensionException(Reason.Unavailable, $"{step} asks for patience", TimeSpan.FromSeconds(faults.Choose(20)));
            case 2:
                throw new InvalidOperationException("a bug of the provisioner");
            case 3:
                await Task.Delay(faults.Moment(8), time, stopping);
                break;
            case 4:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping); // hangs until it is cancelled
                break;
            default:
                await Task.Delay(faults.Moment(60), time, CancellationToken.None); // ignores its cancellation
                break;
        }
    }
}

/// <summary>An address range: gives each service an address of its own and the same one again.</summary>
internal sealed class SimulatedAddresses(CallWatch watch, Faults faults) : SimulatedSystem("ipam.simulated", watch, faults)
{
    private readonly Dictionary<ServiceKey, IPAddress> leases = [];

    public IReadOnlyDictionary<ServiceKey, IPAddress> Leases => leases;

    public override IEnumerable<string> Wanted(ServiceDefinition definition) => [];

    protected override ServiceDefinition Decide(ServiceKey key, ServiceDefinition desired)
    {
        if (!leases.TryGetValue(key, out var address))
        {
            var free = Enumerable.Range(1, 250).First(i => !leases.ContainsValue(Address(i)));
            leases.Add(key, address = Address(free));
        }
        return desired with { PublicIp = address };
    }

    protected override void Release(ServiceKey key) => leases.Remove(key);

    private static IPAddress Address(int number) => new([127, 77, 0, (byte)number]);
}

/// <summary>A name server: one object a name.</summary>
internal sealed class SimulatedNames(CallWatch watch, Faults faults) : SimulatedSystem("dns.simulated", watch, faults)
{
    public override IEnumerable<string> Wanted(ServiceDefinition definition) =>
        definition.DnsNames.Select(name => $"{name} {definition.PublicIp}");

    protected override ServiceDefinition Decide(ServiceKey key, ServiceDefinition desired) => desired;
}

/// <summary>A load balancer: one object a target.</summary>
internal sealed class SimulatedBalancer(CallWatch watch, Faults faults) : SimulatedSystem("lb.simulated", watch, faults)
{
    public override IEnumerable<string> Wanted(ServiceDefinition definition) =>
        definition.Targets.Select(target => $"{definition.PublicIp}/{definition.Tls} {target.Endpoint}");

    protected override ServiceDefinition Decide(ServiceKey key, ServiceDefinition desired) => desired;
}
