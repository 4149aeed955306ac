using Interlook.Engine;
using Interlook.Entries;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Engine;

/// <summary>The engine with one scripted provider and three no-op provisioners.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private readonly WorkflowEngine engine;

    public BenchEngine(IRecordStore<Entry>? store, IRecordStore<EntryHistory>? histories = null)
    {
        Steps = [new NoOpProvisioner(leases: true), new NoOpProvisioner(leases: false), new NoOpProvisioner(leases: false)];
        var names = new[] { "ipam.noop", "dns.noop", "lb.noop" };
        engine = new WorkflowEngine(new EngineOptions(), new EngineParts
        {
            Workflows = [new Workflow(ServiceKey.DefaultWorkflow, ScriptedProvider.Name, [.. names])],
            Providers = new Dictionary<string, IProvider> { [ScriptedProvider.Name] = Provider },
            Provisioners = names.Zip(Steps).ToDictionary(each => each.First, each => (IProvisioner)each.Second),
            Store = store,
            Histories = histories,
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = NullLoggerFactory.Instance,
        });
    }

    public ScriptedProvider Provider { get; } = new();

    public IReadOnlyList<NoOpProvisioner> Steps { get; }

    public IEngine Engine => engine;

    public Task StartAsync() => engine.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await engine.StopAsync(CancellationToken.None);
        await engine.DisposeAsync();
    }

    public static ServiceDefinition Definition(int number, int version = 0) => new()
    {
        Name = $"service-{number}",
        Provider = ScriptedProvider.Name,
        Targets = [new Target($"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 8080 + version)],
        DnsNames = [$"service-{number}.example.org"],
    };
}
