using System.Runtime.CompilerServices;
using Interlook.Engine.Changes;
using Interlook.Engine.Scheduling;
using Interlook.Entries;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

/// <summary>Lets a step read along how the entries of its workflows fare; when it breaks it begins again, for ever.</summary>
/// <param name="step">The step.</param>
/// <param name="follower">Who reads along.</param>
/// <param name="changes">Says what changes.</param>
/// <param name="table">The entries.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of chance.</param>
/// <param name="logger">Says when the follower breaks.</param>
internal sealed partial class EntryFollowing(
    string step,
    IEntryFollower follower,
    ChangeFeed changes,
    EntryTable table,
    TimeProvider time,
    Random random,
    ILogger<EntryFollowing> logger)
{
    /// <summary>A reading that lasted so long was a good one: what breaks it later is a first failure again.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    /// <summary>Lets it read until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            var begun = time.GetTimestamp();
            try
            {
                await follower.FollowAsync(ReadAsync(stopping), stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Log.FollowerBroke(logger, fault, step);
            }
            failures = time.GetElapsedTime(begun) >= Settled ? 1 : failures + 1;
            try
            {
                await Task.Delay(Backoff.OfWatch.Delay(failures, random), time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async IAsyncEnumerable<EntryNews> ReadAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var reader = changes.Read(); // first: what changes while the entries are read comes again
        foreach (var slot in table.Slots)
        {
            if (Concerns(slot))
                yield return new EntryNews(slot.Entry.Key, slot.Entry, IsChange: false);
        }
        while (true)
        {
            foreach (var key in await reader.NextAsync(stopping))
            {
                if (table.Find(key) is not { } slot)
                    yield return new EntryNews(key, null, IsChange: true);
                else if (Concerns(slot))
                    yield return new EntryNews(key, slot.Entry, IsChange: true);
            }
        }
    }

    /// <summary>An entry on its way through a workflow with that step, or with traces of it from an earlier one.</summary>
    private bool Concerns(EntrySlot slot) => slot.Workflow.Steps.Contains(step) || slot.Entry.Find(step) is not null;
}
