using Interlook.Api;
using Interlook.Engine;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Extensions.FileStore;
using Interlook.Host.Commands;
using Interlook.Host.Configuration;
using Interlook.Host.Logging;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Running;

/// <summary>Makes all parts from a configuration, runs them until it is told to stop, and stops them within ten seconds.</summary>
internal sealed partial class Daemon(InterlookConfiguration configuration, ExtensionCatalog catalog, ILoggerFactory loggers, TimeProvider time)
{
    // Together less than the ten seconds after which an operator or systemd loses patience.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(9);

    private readonly ILogger log = loggers.CreateLogger("interlook");

    /// <summary>Runs until the token is cancelled.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">A part cannot start; it and the reason are in the message.</exception>
    internal async Task<int> RunAsync(CancellationToken stopping)
    {
        Log.Starting(log, VersionCommand.Version, Environment.ProcessId, configuration.Core.Instance);
        var assembly = new EngineAssembly(configuration, catalog, loggers, time);
        var stores = new FileRecordStores(new LocalDisk(), loggers);
        var store = assembly.OpenEntries(stores);
        var histories = stores.Open($"{configuration.Core.FlowEntriesFile}.history", new HistoryCodec());
        var engine = new WorkflowEngine(configuration.Core.Engine, assembly.Make(stores, store, histories));
        var api = new ApiServer(ApiOptions(), engine, time, loggers);
        try
        {
            // The API first: it tells how the start is getting on, and a port that is taken is found before anything is published.
            await api.StartAsync(stopping);
            Log.ApiStarted(log, api.EndPoint);
            await engine.StartAsync(stopping);
        }
        catch (Exception failure) when (failure is ExtensionException or StoreException or ListenException)
        {
            // Standard error says it to whoever started us; a log that goes to a file is told as well.
            if (LogWriter.IsFile(configuration.Core.LogFile))
                Log.CannotStart(log, failure.Message);
            throw new CommandFailedException(failure.Message, failure);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log.Stopped(log);
            return ExitCode.Success;
        }
        foreach (var workflow in configuration.Workflows)
            Log.WorkflowStarted(log, workflow.Name, string.Join(" → ", [workflow.Provider, .. workflow.Steps]));

        await UntilCancelledAsync(stopping);
        return await StopAsync(engine, api, store, histories);
    }

    private async Task<int> StopAsync(WorkflowEngine engine, ApiServer api, IRecordStore<Entry> store, IRecordStore<EntryHistory> histories)
    {
        Log.Stopping(log);
        using var patience = new CancellationTokenSource(Farewell, time);
        var ending = Task.WhenAll(engine.StopAsync(patience.Token), api.StopAsync(patience.Token));
        if (await Task.WhenAny(ending, Task.Delay(LastMoment, time, CancellationToken.None)) != ending)
        {
            // Nothing is disposed of: what still runs uses it. The entries are safe at every instant, and the process ends now.
            Log.StoppedLate(log);
            return ExitCode.Failed;
        }
        await ending;
        await api.DisposeAsync();
        await engine.DisposeAsync();
        await Task.WhenAll(store.DisposeAsync().AsTask(), histories.DisposeAsync().AsTask());
        Log.Stopped(log);
        return ExitCode.Success;
    }

    private static async Task UntilCancelledAsync(CancellationToken stopping)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(cancelled.SetResult);
        await cancelled.Task;
    }

    private ApiOptions ApiOptions() => new()
    {
        ListenAddress = configuration.Core.ListenAddress,
        ListenPort = configuration.Core.ListenPort,
        ApiToken = configuration.Core.ApiToken,
        Version = VersionCommand.Version,
    };
}
