using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Collections;
using Interlook.Engine.Tests.Simulation;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Engine.Tests;

/// <summary>An engine in virtual time with one provider that says what the test tells it, and steps that do what the test tells them.</summary>
internal sealed class TestBed : IDisposable
{
    private readonly SimulationLoop loop = new(new ManualTimeProvider(), new Random(1));

    public TestBed(IRecordStore<EntryHistory> histories, IRecordStore<Entry>? entries = null)
        : this(null, histories, entries, [])
    {
    }

    public TestBed(EngineOptions? options = null, params string[] steps)
        : this(options, null, null, steps)
    {
    }

    private TestBed(EngineOptions? options, IRecordStore<EntryHistory>? histories, IRecordStore<Entry>? entries, string[] steps)
    {
        Steps = (steps.Length == 0 ? ["ipam.a", "lb.c"] : steps).ToDictionary(step => step, _ => new Step());
        Engine = new WorkflowEngine(options ?? new EngineOptions(), new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, Sample.Provider, Steps.Keys.ToEquatableArray())],
            Providers = new Dictionary<string, IProvider> { [Sample.Provider] = Platform },
            Provisioners = Steps.ToDictionary(step => step.Key, step => (IProvisioner)step.Value),
            Store = entries,
            Histories = histories,
            Time = loop.Clock,
            Random = new Random(1),
            Loggers = NullLoggerFactory.Instance,
        });
    }

    public WorkflowEngine Engine { get; }

    public ScriptedPlatform Platform { get; } = new();

    public IReadOnlyDictionary<string, Step> Steps { get; }

    public TimeProvider Time => loop.Clock;

    public void Start() => loop.Complete(() => Engine.StartAsync(CancellationToken.None));

    public void Complete(Func<Task> work) => loop.Complete(work);

    public void Say(ProviderEvent said)
    {
        Platform.Events.Writer.TryWrite(said);
        Run(TimeSpan.Zero);
    }

    public void Run(TimeSpan duration) => loop.RunFor(duration);

    public Entry? Entry(string name = "shop") => Engine.Find(new ServiceKey(ServiceKey.DefaultWorkflow, name));

    public void Dispose()
    {
        loop.Kill();
        Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>A platform that says what it is told.</summary>
    internal sealed class ScriptedPlatform : IProvider
    {
        public Channel<ProviderEvent> Events { get; private set; } = Channel.CreateUnbounded<ProviderEvent>();

        public Func<string, ServiceDefinition?> Refresh { get; set; } =
            _ => throw new ExtensionException(Reason.Unavailable, "nobody asked this platform to answer");

        public int Opened { get; private set; }

        public void Break()
        {
            var broken = Events;
            Events = Channel.CreateUnbounded<ProviderEvent>();
            broken.Writer.Complete(new ExtensionException(Reason.Unreachable, "the platform hung up"));
        }

        public Task StartAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken stopping) => Task.CompletedTask;

        public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

        // Not ReadAllAsync, which leaves the loop's thread.
        public async IAsyncEnumerable<ProviderEvent> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            Opened++;
            var reader = Events.Reader;
            while (await reader.WaitToReadAsync(stopping))
            {
                while (reader.TryRead(out var said))
                    yield return said;
            }
        }

        public Task<ServiceDefinition?> RefreshAsync(string name, CancellationToken stopping) => Task.FromResult(Refresh(name));
    }

    /// <summary>A step that does what it is told, and remembers its calls.</summary>
    internal sealed class Step : IProvisioner, IEntryFollower
    {
        /// <summary>What it reads along; null reads nothing.</summary>
        public Func<EntryNews, Task>? Follow { get; set; }

        public List<string> Calls { get; } = [];

        public List<string> Resumed { get; } = [];

        public Func<ServiceKey, ServiceDefinition, CancellationToken, Task<ServiceDefinition>> Deploy { get; set; } =
            (_, desired, _) => Task.FromResult(desired.WithAddress());

        public Func<ServiceKey, Task> Undeploy { get; set; } = _ => Task.CompletedTask;

        public Func<Task> Check { get; set; } = () => Task.CompletedTask;

        public Func<Task> Begin { get; set; } = () => Task.CompletedTask;

        public Func<IReadOnlyDictionary<ServiceKey, ServiceDefinition>, Observation> Observe { get; set; } = _ => Observation.InPlace;

        public bool IsStopped { get; private set; }

        public async Task FollowAsync(IAsyncEnumerable<EntryNews> news, CancellationToken stopping)
        {
            await foreach (var each in news)
                await (Follow?.Invoke(each) ?? Task.CompletedTask);
        }

        public Task StartAsync(CancellationToken stopping) => Begin();

        public Task CheckAsync(CancellationToken stopping) => Check();

        public Task StopAsync(CancellationToken stopping)
        {
            IsStopped = true;
            return Task.CompletedTask;
        }

        public Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
        {
            Resumed.AddRange(applied.Select(each => $"{each.Key.Service}:{each.Value.Targets[0].Port}"));
            return Task.CompletedTask;
        }

        public Task<ServiceDefinition> DeployAsync(
            ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
        {
            Calls.Add($"+{key.Service}:{desired.Targets[0].Port}");
            return Deploy(key, desired, stopping);
        }

        public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
        {
            Calls.Add($"-{key.Service}");
            return Undeploy(key);
        }

        public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
            Task.FromResult(Observe(applied));
    }
}
