using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// The reports of a keeper: the latest, and what changes from one to the next, for readers and for the log. Safe for concurrent use.
/// </summary>
internal sealed partial class ReportStream(ILogger logger, string link)
{
    private readonly Lock gate = new();
    private (KeeperReport Report, TaskCompletionSource Overtaken) current = (new(), NewSign());

    /// <summary>The latest.</summary>
    internal KeeperReport Latest
    {
        get
        {
            lock (gate)
                return current.Report;
        }
    }

    /// <summary>Makes a report the latest, unless it says the same.</summary>
    internal void Publish(KeeperReport report)
    {
        TaskCompletionSource overtaken;
        lock (gate)
        {
            if (IsSame(current.Report, report))
                return;
            Tell(current.Report, report);
            overtaken = current.Overtaken;
            current = (report, NewSign());
        }
        overtaken.SetResult();
    }

    /// <summary>The latest, and every later one but those that are overtaken.</summary>
    internal async IAsyncEnumerable<KeeperReport> FollowAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            (KeeperReport Report, TaskCompletionSource Overtaken) seen;
            lock (gate)
                seen = current;
            yield return seen.Report;
            await seen.Overtaken.Task.WaitAsync(stopping);
        }
    }

    private void Tell(KeeperReport before, KeeperReport after)
    {
        if (before.HasLink && !after.HasLink)
            Log.LinkGone(logger, link);
        else if (before.IsRunning && !after.IsRunning)
            Log.LinkDown(logger, link);
        else if (!before.IsRunning && after.IsRunning)
            Log.LinkUp(logger, link);
        foreach (var address in after.Ours.Except(before.Ours))
            Log.Added(logger, address.ToString(), link);
        foreach (var address in before.Ours.Except(after.Ours))
            Log.Gone(logger, address.ToString(), link);
        foreach (var address in after.Foreign.Except(before.Foreign))
            Log.Foreign(logger, address.ToString(), link);
        foreach (var (address, hardware) in after.Conflicts)
        {
            if (!before.Conflicts.ContainsKey(address))
                Log.Conflict(logger, address.ToString(), link, hardware.ToString());
        }
        foreach (var address in before.Conflicts.Keys.Where(address => !after.Conflicts.ContainsKey(address)))
            Log.ConflictOver(logger, address.ToString(), link);
        foreach (var (address, problem) in after.Problems)
        {
            if (before.Problems.GetValueOrDefault(address) != problem)
                Log.Refused(logger, problem);
        }
    }

    private static bool IsSame(KeeperReport one, KeeperReport other) =>
        one.Wish == other.Wish && one.HasLink == other.HasLink && one.IsRunning == other.IsRunning
        && one.Ours.SetEquals(other.Ours) && one.Foreign.SetEquals(other.Foreign)
        && one.Conflicts.Count == other.Conflicts.Count && one.Conflicts.All(each => each.Value.Equals(other.Conflicts.GetValueOrDefault(each.Key)))
        && one.Problems.Count == other.Problems.Count && one.Problems.All(each => each.Value == other.Problems.GetValueOrDefault(each.Key));

    private static TaskCompletionSource NewSign() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
