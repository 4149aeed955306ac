using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Extensions.FileStore;
using Interlook.Providers;
using Interlook.Services;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>Everything outside the process, and the process that is killed and started in it.</summary>
internal sealed class World : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Random random;
    private readonly Mutant mutant;
    private readonly ImmutableArray<SimulatedSystem> systems;
    private readonly SimulatedDisk disk;
    private WorkflowEngine? engine;
    private SimulationLoop loop;
    private bool isUp; // a disk that fails during the start fails the start, which is no promise's business

    public World(int seed, Mutant? mutant = null)
    {
        random = new Random(seed);
        this.mutant = mutant ?? new Mutant();
        Faults = new Faults(random);
        Watch = new CallWatch(Violations, Deadline);
        Platform = new SimulatedPlatform(Faults);
        Addresses = new SimulatedAddresses(Watch, Faults);
        systems = [Addresses, new SimulatedNames(Watch, Faults), new SimulatedBalancer(Watch, Faults)];
        disk = new SimulatedDisk(random) { Fails = (_, _) => isUp && Faults.Strike(0.02) };
        loop = new SimulationLoop(new ManualTimeProvider(), random);
        Watch.Attach(this);
    }

    public Violations Violations { get; } = new();

    public Faults Faults { get; }

    public CallWatch Watch { get; }

    public SimulatedPlatform Platform { get; }

    public SimulatedAddresses Addresses { get; }

    public IReadOnlyList<SimulatedSystem> Systems => systems;

    public WorkflowEngine Engine => engine ?? throw new InvalidOperationException("no process runs");

    public IEnumerable<SimulatedSystem> StepsAfter(string step) => systems.SkipWhile(system => system.Step != step).Skip(1);

    public void Start()
    {
        loop = new SimulationLoop(new ManualTimeProvider(), random);
        var clock = loop.Clock;
        var options = new EngineOptions
        {
            Concurrency = 1 + random.Next(4),
            ServiceWipTimeout = Deadline,
            ResyncInterval = TimeSpan.FromSeconds(60),
            CleanUndeployedServiceAfter = TimeSpan.FromSeconds(90),
            HousekeeperInterval = TimeSpan.FromSeconds(30),
        };
        engine = new WorkflowEngine(options, new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, SimulatedPlatform.Provider, [.. systems.Select(system => system.Step)])],
            Providers = new Dictionary<string, IProvider> { [SimulatedPlatform.Provider] = mutant.Of(Platform.Connect(clock), this) },
            Provisioners = systems.ToDictionary(system => system.Step, system => mutant.Of(system.Connect(clock), system, clock)),
            Store = mutant.Of(OpenStore()),
            Time = clock,
            Random = random,
            Loggers = NullLoggerFactory.Instance,
        });
        loop.Complete(() => engine.StartAsync(CancellationToken.None));
        isUp = true;
    }

    // Folded often in some runs, so that a crash meets every moment of it.
    private IRecordStore<Entry> OpenStore()
    {
        var steps = systems.Select(system => system.Step).ToEquatableArray();
        return new FileRecordStores(disk.Mount(), NullLoggerFactory.Instance, foldAfter: 8192L << random.Next(6))
            .Open("entries.db", new EntryCodec(SimulatedPlatform.Provider, steps, step => step));
    }

    public void Run(TimeSpan duration) => loop.RunFor(duration);

    public void Dispose() => Crash();

    /// <summary>An operator asks about one service; the answer comes when the platform gives it.</summary>
    public void Refresh(string service) => loop.Drain(() => _ = RefreshAsync(new ServiceKey(ServiceKey.DefaultWorkflow, service)));

    private async Task RefreshAsync(ServiceKey key)
    {
        try
        {
            await Engine.RefreshAsync(key, CancellationToken.None);
        }
        catch (ExtensionException)
        {
            // The platform could not be read: nothing changed.
        }
    }

    /// <summary>kill -9.</summary>
    public void Crash()
    {
        isUp = false;
        loop.Kill();
        engine?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        engine = null;
        disk.Crash();
        mutant.ProcessDied();
        Watch.ProcessDied();
    }

    /// <summary>SIGTERM.</summary>
    public void Stop()
    {
        loop.Complete(() => Engine.StopAsync(CancellationToken.None));
        mutant.Stopped(this);
        Crash();
    }

    /// <summary>Why the world is not yet as the platform wants it; null when it is.</summary>
    public string? Disagreement()
    {
        foreach (var (name, wanted) in Platform.Services)
        {
            var key = new ServiceKey(ServiceKey.DefaultWorkflow, name);
            var entry = Engine.Find(key);
            if (name == Faults.Poisoned)
            {
                if (entry?.Failure is null)
                    return $"{name} is refused for ever and its entry shows no error";
                continue;
            }
            if (entry is not { State: Entry.Deployed, Expected: ExpectedState.Deployed, Failure: null })
                return $"{name} stands at {entry?.State ?? "nothing"} ({entry?.Failure?.Message})";
            var applied = wanted with { PublicIp = Addresses.Leases.GetValueOrDefault(key) };
            if (entry.Service != applied || applied.PublicIp is null)
                return $"{name} is applied as {entry.Service}, not as {applied}";
            foreach (var system in systems)
            {
                var objects = system.Objects.GetValueOrDefault(key) ?? [];
                if (!objects.SetEquals(system.Wanted(applied)))
                    return $"{system.Step} has [{string.Join(", ", objects)}] for {name}";
            }
        }
        return Leftover();
    }

    private string? Leftover()
    {
        foreach (var system in systems)
        {
            foreach (var (key, objects) in system.Objects)
            {
                if (objects.Count > 0 && !Platform.Services.ContainsKey(key.Service))
                    return $"{system.Step} still has [{string.Join(", ", objects)}] for {key}, which is gone";
            }
        }
        foreach (var key in Addresses.Leases.Keys)
        {
            if (!Platform.Services.ContainsKey(key.Service))
                return $"{key} is gone and still holds {Addresses.Leases[key]}";
        }
        return Engine.Entries().FirstOrDefault(entry => entry.Expected == ExpectedState.Deployed && !Platform.Services.ContainsKey(entry.Key.Service)) is { } ghost
            ? $"{ghost.Key} is gone and its entry does not know"
            : null;
    }
}
