using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Collections;
using Interlook.Engine.Definitions;
using Interlook.Engine.Scheduling;
using Interlook.Engine.Tests.Simulation;
using Interlook.Entries;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Engine.Tests;

/// <summary>Sequences of events that are easily overlooked.</summary>
public class SequenceTests
{
    private static readonly Workflow Inside = new("inside", Sample.Provider, ["ipam.a"]);
    private static readonly Workflow Outside = new("outside", Sample.Provider, ["ipam.a"]);

    [Fact]
    public void A_service_that_only_one_of_two_workflows_recorded_before_a_crash_walks_both_after_it()
    {
        using var bed = new Bed([Inside, Outside]);
        bed.Store.Keep(Deployed(Inside, Sample.Definition()));
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(Entry.Deployed, bed.Entry("outside")?.State);
    }

    [Fact]
    public void A_workflow_that_recorded_an_older_definition_before_a_crash_gets_the_newest_after_it()
    {
        using var bed = new Bed([Inside, Outside]);
        bed.Store.Keep(Deployed(Inside, Sample.Definition(port: 1)));
        bed.Store.Keep(Deployed(Outside, Sample.Definition(port: 2)));
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(port: 2)]));
        bed.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(2, bed.Entry("inside")?.Desired.Targets[0].Port);
    }

    [Fact]
    public void An_answer_to_a_refresh_does_not_undo_an_event_that_came_after_the_question()
    {
        using var bed = new Bed([Inside]);
        var answer = new TaskCompletionSource<ServiceDefinition?>();
        bed.Platform.Answer = _ => answer.Task;
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(port: 1)]));
        bed.Post(() => bed.Engine.RefreshAsync(new ServiceKey("inside", "shop"), CancellationToken.None));

        bed.Say(new ProviderEvent.Published(Sample.Definition(port: 2)));
        answer.SetResult(null); // what the platform knew before the event
        bed.Run(TimeSpan.FromSeconds(10));

        Assert.Equal(Entry.Deployed, bed.Entry("inside")?.State);
    }

    [Fact]
    public void A_provider_that_breaks_its_contract_at_a_refresh_does_not_end_the_housekeeping()
    {
        using var bed = new Bed([Inside]);
        bed.Platform.Answer = _ => throw new InvalidOperationException("a bug");
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(), Sample.Definition("gone")]));
        bed.Run(TimeSpan.FromMinutes(5));

        bed.Say(new ProviderEvent.Withdrawn("gone"));
        bed.Run(TimeSpan.FromMinutes(30));

        Assert.Null(bed.Entry("inside", "gone"));
    }

    [Fact]
    public void A_provider_that_never_answers_a_refresh_does_not_end_the_housekeeping()
    {
        using var bed = new Bed([Inside]);
        bed.Platform.Answer = _ => new TaskCompletionSource<ServiceDefinition?>().Task;
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition(), Sample.Definition("gone")]));
        bed.Run(TimeSpan.FromMinutes(5));

        bed.Say(new ProviderEvent.Withdrawn("gone"));
        bed.Run(TimeSpan.FromMinutes(30));

        Assert.Null(bed.Entry("inside", "gone"));
    }

    [Fact]
    public void A_service_deployed_while_the_outside_world_is_read_is_no_orphan()
    {
        using var bed = new Bed([Inside]);
        var answer = new TaskCompletionSource<Observation>();
        bed.Step.Answer = answer.Task;
        bed.Start(); // the first resync begins
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        answer.SetResult(new Observation([], [new Orphan("section shop", new ServiceKey("inside", "shop"))]));
        bed.Run(TimeSpan.FromSeconds(1));

        Assert.Empty(bed.Engine.Extensions().Single(each => each.Name == "ipam.a").Orphans);
    }

    [Fact]
    public void A_restart_with_nothing_to_do_writes_nothing()
    {
        using var bed = new Bed([Inside]);
        bed.Store.Keep(Deployed(Inside, Sample.Definition()));
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(0, bed.Store.Writes);
    }

    [Fact]
    public void A_snapshot_that_replaces_every_service_by_another_is_held()
    {
        var table = new DefinitionTable(maxWithdrawal: 0.5, alwaysAllowed: 10);
        table.TakeSnapshot(Enumerable.Range(0, 100).Select(i => Sample.Definition($"before-{i}")).ToEquatableArray());

        table.TakeSnapshot(Enumerable.Range(0, 100).Select(i => Sample.Definition($"after-{i}")).ToEquatableArray());

        Assert.Equal(100, table.Held.Count);
    }

    [Fact]
    public void A_slot_that_is_put_off_again_does_not_put_off_others()
    {
        var clock = new ManualTimeProvider();
        var closing = new StepLane("closing", 1);
        using var dispatcher = new Dispatcher([], closing, clock);
        var (one, other) = (new EntrySlot(Sample.Workflow, Sample.Detected()), new EntrySlot(Sample.Workflow, Sample.Detected()));
        dispatcher.PokeLater(one, TimeSpan.FromSeconds(10));
        dispatcher.PokeLater(other, TimeSpan.FromSeconds(20));

        dispatcher.PokeLater(one, TimeSpan.FromSeconds(300));
        clock.Advance(TimeSpan.FromSeconds(21));

        Assert.True(other.IsBusy);
    }

    [Fact]
    public void A_wait_longer_than_a_timer_can_measure_ends_no_pass()
    {
        using var dispatcher = new Dispatcher([], new StepLane("closing", 1), TimeProvider.System);

        // What an HTTP-date in Retry-After says to a machine whose clock is two months behind.
        Assert.Null(Record.Exception(() => dispatcher.PokeLater(new EntrySlot(Sample.Workflow, Sample.Detected()), TimeSpan.FromDays(60))));
    }

    [Fact]
    public void Room_that_is_made_while_a_call_finds_none_is_not_missed()
    {
        using var bed = new TestBed(null, "ipam.a");
        var holder = "first";
        bed.Steps["ipam.a"].Deploy = async (key, desired, stopping) =>
        {
            var none = holder != key.Service;
            await Task.Delay(TimeSpan.FromSeconds(1), bed.Time, stopping);
            return none ? throw new Extensions.ExtensionException(Extensions.Reason.Exhausted, "no address is left") : desired.WithAddress();
        };
        bed.Steps["ipam.a"].Undeploy = _ =>
        {
            holder = "second";
            return Task.CompletedTask;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition("first"), Sample.Definition("second")]));
        bed.Run(TimeSpan.FromMinutes(30));

        bed.Engine.Retry(new ServiceKey(ServiceKey.DefaultWorkflow, "second"));
        bed.Run(TimeSpan.FromSeconds(0.5));
        bed.Say(new ProviderEvent.Withdrawn("first"));
        bed.Run(TimeSpan.FromSeconds(10));

        Assert.Equal(Entry.Deployed, bed.Entry("second")?.State);
    }

    private static Entry Deployed(Workflow workflow, ServiceDefinition definition) => new()
    {
        Key = new ServiceKey(workflow.Name, definition.Name),
        Desired = definition,
        Expected = ExpectedState.Deployed,
        State = Entry.Deployed,
        Steps = [new StepRecord("ipam.a", definition, definition.WithAddress(), [])],
        TimeDetected = Sample.Noon,
        LastUpdate = Sample.Noon,
        CloseTime = Sample.Noon,
    };

    private sealed class Bed : IDisposable
    {
        private readonly SimulationLoop loop = new(new ManualTimeProvider(), new Random(1));

        internal Bed(EquatableArray<Workflow> workflows) => Engine = new WorkflowEngine(new EngineOptions(), new EngineParts
        {
            Workflows = [.. workflows],
            Providers = new Dictionary<string, IProvider> { [Sample.Provider] = Platform },
            Provisioners = new Dictionary<string, IProvisioner> { ["ipam.a"] = Step },
            Store = Store,
            Time = loop.Clock,
            Random = new Random(1),
            Loggers = NullLoggerFactory.Instance,
        });

        internal WorkflowEngine Engine { get; }

        internal Platform Platform { get; } = new();

        internal AddressStep Step { get; } = new();

        internal CountingStore Store { get; } = new();

        internal void Start() => loop.Complete(() => Engine.StartAsync(CancellationToken.None));

        internal void Post(Func<Task> work) => loop.Drain(() => _ = work());

        internal void Say(ProviderEvent said)
        {
            Platform.Events.Writer.TryWrite(said);
            Run(TimeSpan.Zero);
        }

        internal void Run(TimeSpan duration) => loop.RunFor(duration);

        internal Entry? Entry(string workflow, string name = "shop") => Engine.Find(new ServiceKey(workflow, name));

        public void Dispose()
        {
            loop.Kill();
            Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private sealed class Platform : IProvider
    {
        internal Channel<ProviderEvent> Events { get; } = Channel.CreateUnbounded<ProviderEvent>();

        internal Func<string, Task<ServiceDefinition?>> Answer { get; set; } =
            _ => throw new Extensions.ExtensionException(Extensions.Reason.Unavailable, "nobody asked this platform to answer");

        public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

        public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            while (await Events.Reader.WaitToReadAsync(stopping))
            {
                while (Events.Reader.TryRead(out var said))
                    yield return said;
            }
        }

        public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) => Answer(name);
    }

    private sealed class AddressStep : IProvisioner
    {
        internal Task<Observation> Answer { get; set; } = Task.FromResult(Observation.InPlace);

        public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task<ServiceDefinition> DeployAsync(
            ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
            Task.FromResult(desired.WithAddress());

        public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) => Task.CompletedTask;

        public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) => Answer;
    }

    private sealed class CountingStore : IRecordStore<Entry>
    {
        private readonly Dictionary<string, StoredRecord<Entry>> records = [];

        internal int Writes { get; private set; }

        internal void Keep(Entry entry) => records.Add(entry.Key.Path, new StoredRecord<Entry>(new Revision(1), entry));

        public Task<IReadOnlyDictionary<string, StoredRecord<Entry>>> ReadAllAsync(CancellationToken stopping) =>
            Task.FromResult<IReadOnlyDictionary<string, StoredRecord<Entry>>>(records);

        public Task<Revision> WriteAsync(RecordWrite<Entry> write, CancellationToken stopping)
        {
            Writes++;
            return Task.FromResult(new Revision(write.Expected.Value + 1));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
