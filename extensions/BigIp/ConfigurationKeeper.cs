using System.Text.Json;
using Interlook.Batching;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// Has changes synchronised to the device group and saved: once for all that wait. Safe for concurrent use.
/// </summary>
internal sealed class ConfigurationKeeper
{
    private readonly BigIpClient client;
    private readonly BigIpOptions options;
    private readonly CancellationToken stopped;
    private readonly GroupCommit<bool, bool> commits;
    private long changes;
    private int changed = 1; // what ran before us may have been cut off between a change and its saving

    internal ConfigurationKeeper(BigIpClient client, BigIpOptions options, CancellationToken stopped)
    {
        this.client = client;
        this.options = options;
        this.stopped = stopped;
        commits = new(KeepAsync);
    }

    /// <summary>How many times something was about to be written.</summary>
    internal long Changes => Volatile.Read(ref changes);

    /// <summary>Something is about to be written.</summary>
    internal void NoteChange()
    {
        Interlocked.Increment(ref changes);
        Volatile.Write(ref changed, 1);
    }

    /// <summary>Returns when everything written so far is kept.</summary>
    internal Task KeepAsync(CancellationToken stopping) =>
        Volatile.Read(ref changed) == 0 || (options.ConfigSync == "" && !options.SaveConfig)
            ? Task.CompletedTask
            : commits.CommitAsync(true, stopping);

    private async Task KeepAsync(IReadOnlyList<PendingCommit<bool, bool>> batch)
    {
        if (Interlocked.Exchange(ref changed, 0) == 1)
        {
            try
            {
                await KeepNowAsync();
            }
            catch
            {
                NoteChange();
                throw;
            }
        }
        foreach (var pending in batch)
            pending.Succeed(true);
    }

    private async Task KeepNowAsync()
    {
        if (options.ConfigSync != "")
        {
            var sync = new WireCommand("run") { UtilCmdArgs = $"config-sync to-group {options.ConfigSync}" };
            await RunAsync("/tm/cm", sync, $"synchronising to device group {options.ConfigSync}");
        }
        if (options.SaveConfig)
            await RunAsync("/tm/sys/config", new("save"), "saving the configuration");
    }

    private Task RunAsync(string path, WireCommand command, string attempt) => client.SendAsync(
        new(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(command, BigIpJson.Default.WireCommand), attempt), stopped);
}
