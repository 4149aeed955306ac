using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Etcd;

/// <summary>Keeps our records alive, and has all of them written again when etcd has lost them. One loop, for one caller.</summary>
internal sealed partial class RecordKeeper(
    IKeySpace keys, RecordWriter writer, KeepAlivePace pace, TimeProvider time, ILogger logger, string system)
{
    private HashSet<ServiceKey> conflicts = [];
    private bool isDue;

    /// <summary>Has everything written again at the next pass, whatever etcd says.</summary>
    internal void MakeDue() => Volatile.Write(ref isDue, true);

    internal async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(pace.Next(), time, stopping);
                await RunOnceAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Our own stop: the records stay as long as their lease.
        }
    }

    private async Task RunOnceAsync(CancellationToken stopping)
    {
        try
        {
            if (!await keys.KeepAsync(stopping) || pace.IsFailing) // after an outage no answer says what it took along
                MakeDue();
            if (Volatile.Read(ref isDue))
            {
                Volatile.Write(ref isDue, false);
                Report(await writer.RenewAsync(stopping));
                Log.WrittenAgain(logger, writer.Owned, system);
            }
            if (pace.IsFailing)
                Log.BackAgain(logger, system);
            pace.Succeeded();
        }
        catch (ExtensionException problem)
        {
            MakeDue();
            if (!pace.IsFailing)
                Log.CannotKeep(logger, system, problem.Message);
            pace.Failed();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            MakeDue();
            Log.PassFailed(logger, system, fault);
            pace.Failed();
        }
    }

    private void Report(IReadOnlyDictionary<ServiceKey, ExtensionException> found)
    {
        foreach (var (key, problem) in found)
        {
            if (!conflicts.Contains(key))
                Log.HeldByOthers(logger, key, problem.Message);
        }
        conflicts = [.. found.Keys];
    }
}
