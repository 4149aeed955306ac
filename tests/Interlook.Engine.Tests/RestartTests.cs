using Interlook.Collections;
using Interlook.Engine.Tests.Simulation;
using Interlook.Entries;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Engine.Tests;

/// <summary>What a start makes of the entries that an earlier run left.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly SimulationLoop loop = new(new ManualTimeProvider(), new Random(1));
    private readonly KeptEntries kept = new();
    private readonly Dictionary<string, TestBed.Step> steps = new() { ["ipam.a"] = new(), ["lb.c"] = new() };
    private readonly TestBed.ScriptedPlatform platform = new();
    private WorkflowEngine? engine;

    [Fact]
    public void A_restart_with_nothing_changed_calls_nobody_and_writes_nothing()
    {
        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();
        var (calls, writes) = (steps["lb.c"].Calls.Count, kept.Writes);

        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        Assert.Equal(calls, steps["lb.c"].Calls.Count);
        Assert.Equal(writes, kept.Writes);
        Assert.Equal(Entry.Deployed, Entries().Single().State);
    }

    [Fact]
    public void After_a_restart_a_step_takes_up_what_it_acknowledged()
    {
        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();

        Start("default", "ipam.a", "lb.c");

        Assert.Equal(["shop:80"], steps["lb.c"].Resumed);
        Assert.Equal(["+shop:80"], steps["lb.c"].Calls);
    }

    [Fact]
    public void A_step_that_had_acknowledged_nothing_takes_up_nothing()
    {
        Start("default", "ipam.a");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();

        Start("default", "ipam.a", "lb.c");

        Assert.Empty(steps["lb.c"].Resumed);
    }

    [Fact]
    public void A_service_that_vanished_meanwhile_is_taken_back()
    {
        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();

        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([]));

        Assert.Equal(["+shop:80", "-shop"], steps["ipam.a"].Calls);
    }

    [Fact]
    public void A_step_that_the_workflow_lost_is_taken_back()
    {
        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();

        Start("default", "ipam.a");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        Assert.Equal(["+shop:80", "-shop"], steps["lb.c"].Calls);
        Assert.Equal(["+shop:80"], steps["ipam.a"].Calls);
        Assert.Equal(Entry.Deployed, Entries().Single().State);
    }

    [Fact]
    public void A_step_that_the_workflow_gained_is_deployed_for_what_is_there()
    {
        Start("default", "ipam.a");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();

        Start("default", "ipam.a", "lb.c");

        Assert.Equal(["+shop:80"], steps["lb.c"].Calls);
        Assert.Equal(["+shop:80"], steps["ipam.a"].Calls);
    }

    [Fact]
    public void The_entries_of_a_workflow_that_is_configured_no_more_are_taken_back()
    {
        Start("default", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        Stop();

        Start("blue", "ipam.a", "lb.c");
        Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        Assert.Contains("-shop", steps["lb.c"].Calls);
        Assert.Equal(
            [("blue", Entry.Deployed), ("default", Entry.Undeployed)],
            Entries().Select(entry => (entry.Key.Workflow, entry.State)).Order());
    }

    public void Dispose()
    {
        loop.Kill();
        engine?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private EquatableArray<Entry> Entries() => engine!.Entries().ToEquatableArray();

    private void Start(string workflow, params string[] walk)
    {
        engine = new WorkflowEngine(new EngineOptions(), new EngineParts
        {
            Workflows = [new Workflow(workflow, Sample.Provider, [.. walk])],
            Providers = new Dictionary<string, IProvider> { [Sample.Provider] = platform },
            Provisioners = steps.ToDictionary(step => step.Key, step => (IProvisioner)step.Value),
            Store = kept,
            Time = loop.Clock,
            Random = new Random(1),
            Loggers = NullLoggerFactory.Instance,
        });
        loop.Complete(() => engine.StartAsync(CancellationToken.None));
        loop.RunFor(TimeSpan.FromSeconds(1));
    }

    private void Say(ProviderEvent said)
    {
        platform.Events.Writer.TryWrite(said);
        loop.RunFor(TimeSpan.FromSeconds(1));
    }

    private void Stop()
    {
        loop.Complete(() => engine!.StopAsync(CancellationToken.None));
        engine!.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
