using System.Collections.Immutable;
using Interlook.Engine;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Host.Commands;
using Interlook.Host.Configuration;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Running;

/// <summary>Makes all parts from a configuration, runs them until it is told to stop, and stops them within ten seconds.</summary>
internal sealed partial class Daemon(InterlookConfiguration configuration, ExtensionCatalog catalog, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan EngineFarewell = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(9);

    private readonly ILogger log = loggers.CreateLogger("interlook");

    /// <summary>Runs until the token is cancelled.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">A part cannot start; it and the reason are in the message.</exception>
    internal async Task<int> RunAsync(CancellationToken stopping)
    {
        Log.Starting(log, VersionCommand.Version, Environment.ProcessId, configuration.Core.Instance);
        await using var engine = new WorkflowEngine(configuration.Core.Engine, Parts());
        try
        {
            await engine.StartAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (Exception failure) when (failure is ExtensionException or StoreException)
        {
            throw new CommandFailedException(failure.Message, failure);
        }
        foreach (var workflow in configuration.Workflows)
            Log.WorkflowStarted(log, workflow.Name, string.Join(" → ", [workflow.Provider, .. workflow.Steps]));

        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stopping.Register(stopped.SetResult))
            await stopped.Task;
        return await StopAsync(engine);
    }

    private async Task<int> StopAsync(WorkflowEngine engine)
    {
        Log.Stopping(log);
        using var patience = new CancellationTokenSource(EngineFarewell, time);
        var ending = engine.StopAsync(patience.Token);
        if (await Task.WhenAny(ending, Task.Delay(LastMoment, time, CancellationToken.None)) != ending)
        {
            Log.StoppedLate(log);
            return ExitCode.Failed;
        }
        try
        {
            await ending;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            Log.CallsLeftOpen(log);
        }
        Log.Stopped(log);
        return ExitCode.Success;
    }

    private EngineParts Parts()
    {
        var stores = Stores();
        var made = configuration.Extensions.ToDictionary(section => section.Key, section => Make(section.Key, section.Value, stores));
        return new EngineParts
        {
            Workflows = configuration.Workflows,
            Providers = Only<IProvider>(made),
            Provisioners = Only<IProvisioner>(made),
            Store = EntryStore(stores),
            Time = time,
            Random = Random.Shared,
            Loggers = loggers,
        };
    }

    private IExtension Make(string name, object options, IRecordStores stores)
    {
        var extension = catalog.Find(name)!.Create(options, new ExtensionContext
        {
            Name = name,
            Instance = configuration.Core.Instance,
            Time = time,
            Random = Random.Shared,
            Loggers = loggers,
            Stores = stores,
        });
        Log.ExtensionMade(log, name);
        return extension;
    }

    private static ImmutableDictionary<string, T> Only<T>(IReadOnlyDictionary<string, IExtension> extensions)
        where T : class, IExtension =>
        extensions.Where(extension => extension.Value is T).ToImmutableDictionary(extension => extension.Key, extension => (T)extension.Value);

    private static IRecordStores Stores() => throw new NotSupportedException();

    private IRecordStore<Entry>? EntryStore(IRecordStores stores) => throw new NotSupportedException($"{stores}{configuration}");
}
