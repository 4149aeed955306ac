using System.Runtime.CompilerServices;
using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Storage;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>Promise 1 broken: after its first snapshot nothing of a platform is heard.</summary>
internal sealed class HearsOnce : Mutant
{
    public override IProvider Of(IProvider provider, World world) => new ProviderMutant(provider, (events, stopping) => First(events, stopping));

    private static async IAsyncEnumerable<ProviderEvent> First(
        IAsyncEnumerable<ProviderEvent> events, [EnumeratorCancellation] CancellationToken stopping)
    {
        var heard = false;
        await foreach (var said in events.WithCancellation(stopping))
        {
            if (!heard)
                yield return said;
            heard = true;
        }
    }
}

/// <summary>Promise 2 broken: two calls for one service at once.</summary>
internal sealed class CallsTwice : Mutant
{
    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => new ProvisionerMutant(provisioner)
    {
        Deploy = async (key, desired, earlier, stopping) =>
            (await Task.WhenAll(provisioner.DeployAsync(key, desired, earlier, stopping), provisioner.DeployAsync(key, desired, earlier, stopping)))[0],
    };
}

/// <summary>Promise 3 broken: the load balancer's step is passed over on the way back.</summary>
internal sealed class SkipsTheWayBack : Mutant
{
    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => system is not SimulatedBalancer
        ? provisioner
        : new ProvisionerMutant(provisioner) { Undeploy = (_, _, _) => Task.CompletedTask };
}

/// <summary>Promise 4 broken: an older definition is applied after a newer one.</summary>
internal sealed class RemembersTheOld : Mutant
{
    private readonly Dictionary<ServiceKey, ServiceDefinition> old = [];

    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => system is not SimulatedAddresses
        ? provisioner
        : new ProvisionerMutant(provisioner)
        {
            Deploy = async (key, desired, earlier, stopping) =>
            {
                var applied = await provisioner.DeployAsync(key, desired, earlier, stopping);
                if (old.TryGetValue(key, out var before) && before != desired)
                    await provisioner.DeployAsync(key, before, earlier, stopping);
                old[key] = desired;
                return applied;
            },
        };
}

/// <summary>Promise 5 broken: everything is deployed again although nothing changed.</summary>
internal sealed class SeesDriftEverywhere : Mutant
{
    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => new ProvisionerMutant(provisioner)
    {
        Observe = (applied, _) => Task.FromResult(new Observation(applied.Keys.Select(key => new Drift(key, "imagined")).ToEquatableArray(), [])),
    };
}

/// <summary>Promise 6 broken: a failed call is repeated at once.</summary>
internal sealed class RetriesAtOnce : Mutant
{
    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => new ProvisionerMutant(provisioner)
    {
        Deploy = async (key, desired, earlier, stopping) =>
        {
            try
            {
                return await provisioner.DeployAsync(key, desired, earlier, stopping);
            }
            catch (ExtensionException)
            {
                return await provisioner.DeployAsync(key, desired, earlier, stopping);
            }
        },
    };
}

/// <summary>Promise 7 broken: a platform that cannot be read is taken for one that has nothing.</summary>
internal sealed class TakesErrorsForEmpty : Mutant
{
    public override IProvider Of(IProvider provider, World world) => new ProviderMutant(provider, Empty);

    private static async IAsyncEnumerable<ProviderEvent> Empty(
        IAsyncEnumerable<ProviderEvent> events, [EnumeratorCancellation] CancellationToken stopping)
    {
        await using var heard = events.GetAsyncEnumerator(stopping);
        while (true)
        {
            var more = false;
            var failed = false;
            try
            {
                more = await heard.MoveNextAsync();
            }
            catch (ExtensionException)
            {
                failed = true;
            }
            if (failed)
            {
                yield return new ProviderEvent.Snapshot([]);
                yield return new ProviderEvent.Snapshot([]);
            }
            if (!more)
                yield break;
            yield return heard.Current;
        }
    }
}

/// <summary>Promise 8 broken: a write is acknowledged before it is durable.</summary>
internal sealed class AcknowledgesTooEarly : Mutant
{
    private Action forget = () => { };

    public override IRecordStore<Entry> Of(IRecordStore<Entry> store) => Buffered(store);

    public override void ProcessDied() => forget();

    private EarlyStore Buffered(IRecordStore<Entry> store)
    {
        var early = new EarlyStore(store);
        forget = early.Forget;
        return early;
    }

    private sealed class EarlyStore(IRecordStore<Entry> store) : IRecordStore<Entry>
    {
        private const int Kept = 40;

        private readonly Queue<RecordWrite<Entry>> buffer = new();
        private readonly Dictionary<string, Revision> durable = [];

        public void Forget() => buffer.Clear();

        public async Task<IReadOnlyDictionary<string, StoredRecord<Entry>>> ReadAllAsync(CancellationToken stopping)
        {
            var records = await store.ReadAllAsync(stopping);
            foreach (var (key, record) in records)
                durable[key] = record.Revision;
            return records;
        }

        public async Task<Revision> WriteAsync(RecordWrite<Entry> write, CancellationToken stopping)
        {
            buffer.Enqueue(write);
            if (buffer.Count > Kept)
            {
                while (buffer.TryDequeue(out var oldest))
                    durable[oldest.Key] = await store.WriteAsync(oldest with { Expected = durable.GetValueOrDefault(oldest.Key) }, stopping);
            }
            return new Revision(write.Expected.Value + 1);
        }

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}

/// <summary>Promise 9 broken: stopping takes back what is deployed.</summary>
internal sealed class UndeploysOnStop : Mutant
{
    private readonly List<(SimulatedSystem System, IProvisioner Provisioner)> connected = [];

    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time)
    {
        connected.Add((system, provisioner));
        return provisioner;
    }

    public override void Stopped(World world)
    {
        var entry = world.Engine.Entries().FirstOrDefault(entry => entry.Steps.Count > 0);
        if (entry is not null)
            _ = connected[^1].Provisioner.UndeployAsync(entry.Key, [entry.Service], CancellationToken.None);
    }
}

/// <summary>Promise 10 broken: an object without our mark is removed.</summary>
internal sealed class TakesWhatIsNotOurs : Mutant
{
    public override IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => new ProvisionerMutant(provisioner)
    {
        Undeploy = (key, earlier, stopping) =>
        {
            system.Foreign.Clear();
            return provisioner.UndeployAsync(key, earlier, stopping);
        },
    };
}

/// <summary>A provider whose events pass through a hand that changes them.</summary>
internal sealed class ProviderMutant(
    IProvider provider,
    Func<IAsyncEnumerable<ProviderEvent>, CancellationToken, IAsyncEnumerable<ProviderEvent>> change) : IProvider
{
    public Task StartAsync(CancellationToken stopping) => provider.StartAsync(stopping);

    public Task CheckAsync(CancellationToken stopping) => provider.CheckAsync(stopping);

    public Task StopAsync(CancellationToken stopping) => provider.StopAsync(stopping);

    public IAsyncEnumerable<ProviderEvent> WatchAsync(CancellationToken stopping) => change(provider.WatchAsync(stopping), stopping);

    public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) => provider.RefreshAsync(name, stopping);
}

/// <summary>A provisioner some of whose calls are replaced.</summary>
internal sealed class ProvisionerMutant(IProvisioner provisioner) : IProvisioner
{
    public Func<ServiceKey, ServiceDefinition, EquatableArray<ServiceDefinition>, CancellationToken, Task<ServiceDefinition>> Deploy { get; init; } =
        provisioner.DeployAsync;

    public Func<ServiceKey, EquatableArray<ServiceDefinition>, CancellationToken, Task> Undeploy { get; init; } = provisioner.UndeployAsync;

    public Func<IReadOnlyDictionary<ServiceKey, ServiceDefinition>, CancellationToken, Task<Observation>> Observe { get; init; } =
        provisioner.ObserveAsync;

    public Task StartAsync(CancellationToken stopping) => provisioner.StartAsync(stopping);

    public Task CheckAsync(CancellationToken stopping) => provisioner.CheckAsync(stopping);

    public Task StopAsync(CancellationToken stopping) => provisioner.StopAsync(stopping);

    public Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        Deploy(key, desired, earlier, stopping);

    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) => Undeploy(key, earlier, stopping);

    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) => Observe(applied, stopping);
}
