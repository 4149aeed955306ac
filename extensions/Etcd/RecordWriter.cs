using Interlook.Batching;
using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>
/// The one writer of our records: gathers the changes of many services, and knows what has to be written again when etcd has lost it.
/// What we own is noted where it is written, one commit after another, so that a renewal never brings back what was withdrawn. Safe for
/// concurrent use.
/// </summary>
internal sealed class RecordWriter
{
    private readonly IKeySpace keys;
    private readonly CancellationToken stopped;
    private readonly GroupCommit<RecordChange, bool> commits;
    private readonly Lock gate = new();
    private readonly Dictionary<ServiceKey, IReadOnlyList<SkyRecord>> owned = [];
    private readonly Dictionary<ServiceKey, HashSet<string>> known = [];

    /// <param name="keys">Where to write.</param>
    /// <param name="stopped">Ends a commit that goes on when its callers have left.</param>
    internal RecordWriter(IKeySpace keys, CancellationToken stopped)
    {
        this.keys = keys;
        this.stopped = stopped;
        commits = new(CommitAsync);
    }

    /// <summary>How many services have records that are kept alive.</summary>
    internal int Owned
    {
        get
        {
            lock (gate)
                return owned.Count;
        }
    }

    /// <summary>Writes what is wanted and removes what else the service has.</summary>
    /// <exception cref="ExtensionException">The service is not as wanted.</exception>
    internal Task WriteAsync(RecordChange change, CancellationToken stopping) => commits.CommitAsync(change, stopping);

    /// <summary>Notes what was acknowledged before a restart; <see cref="RenewAsync"/> writes it.</summary>
    internal void Resume(ServiceKey key, IReadOnlyList<SkyRecord> records)
    {
        lock (gate)
            owned[key] = records;
    }

    /// <summary>Writes everything again that we own.</summary>
    /// <returns>The services that somebody stands in the way of.</returns>
    /// <exception cref="ExtensionException">etcd cannot be used; nothing is known of some services.</exception>
    internal async Task<IReadOnlyDictionary<ServiceKey, ExtensionException>> RenewAsync(CancellationToken stopping)
    {
        List<RecordChange> renewals;
        lock (gate)
            renewals = [.. owned.Select(each => new RecordChange(each.Key, each.Value, []) { IsRenewal = true })];
        var outcomes = await Task.WhenAll(renewals.Select(renewal => TryAsync(renewal, stopping)));
        if (Array.Find(outcomes, outcome => outcome.Problem is { Reason: not Reason.Conflict }).Problem is { } failure)
            throw failure;
        return outcomes.Where(outcome => outcome.Problem is not null).ToDictionary(outcome => outcome.Key, outcome => outcome.Problem!);
    }

    private async Task<(ServiceKey Key, ExtensionException? Problem)> TryAsync(RecordChange renewal, CancellationToken stopping)
    {
        try
        {
            await WriteAsync(renewal, stopping);
            return (renewal.Key, null);
        }
        catch (ExtensionException problem)
        {
            return (renewal.Key, problem);
        }
    }

    private async Task CommitAsync(IReadOnlyList<PendingCommit<RecordChange, bool>> batch)
    {
        foreach (var wave in Waves(batch))
        {
            var changes = Prepare(wave);
            if (changes.Count == 0)
                continue;
            var failures = await keys.CommitAsync([.. changes.Select(each => each.Change)], stopped);
            for (var i = 0; i < changes.Count; i++)
            {
                var (pending, change) = changes[i];
                if (failures[i] is { } failure)
                {
                    pending.Fail(failure);
                    continue;
                }
                Note(change);
                pending.Succeed(true);
            }
        }
    }

    /// <summary>Changes of one key follow one another, in the order they came; all others go together.</summary>
    private static List<List<PendingCommit<RecordChange, bool>>> Waves(IReadOnlyList<PendingCommit<RecordChange, bool>> batch)
    {
        var waves = new List<List<PendingCommit<RecordChange, bool>>>();
        var lastOfKey = new Dictionary<string, int>(StringComparer.Ordinal);
        var lastOfService = new Dictionary<ServiceKey, int>();
        foreach (var pending in batch)
        {
            var change = pending.Request;
            var wave = change.Keys.Select(key => lastOfKey.GetValueOrDefault(key)).Append(lastOfService.GetValueOrDefault(change.Key)).Max();
            if (waves.Count == wave)
                waves.Add([]);
            waves[wave].Add(pending);
            foreach (var key in change.Keys)
                lastOfKey[key] = wave + 1;
            lastOfService[change.Key] = wave + 1;
        }
        return waves;
    }

    /// <summary>Leaves out renewals that are void by now, and adds what else we know of each service.</summary>
    private List<(PendingCommit<RecordChange, bool> Pending, RecordChange Change)> Prepare(List<PendingCommit<RecordChange, bool>> wave)
    {
        var changes = new List<(PendingCommit<RecordChange, bool>, RecordChange)>(wave.Count);
        lock (gate)
        {
            foreach (var pending in wave)
            {
                var change = pending.Request;
                if (change.IsRenewal)
                {
                    if (owned.TryGetValue(change.Key, out var records) && ReferenceEquals(records, change.Wanted))
                        changes.Add((pending, change));
                    else
                        pending.Succeed(true);
                    continue;
                }
                if (change.Wanted.Count == 0)
                    owned.Remove(change.Key); // also when etcd is away now: it is never written again
                changes.Add((pending, change with { Unwanted = Unwanted(change) }));
            }
        }
        return changes;
    }

    /// <summary>Other services' keys are not looked at here: the mark in etcd tells them apart.</summary>
    private HashSet<string> Unwanted(RecordChange change)
    {
        if (!known.TryGetValue(change.Key, out var mine))
            known[change.Key] = mine = new(StringComparer.Ordinal);
        var unwanted = new HashSet<string>(change.Unwanted, StringComparer.Ordinal);
        unwanted.UnionWith(mine);
        unwanted.ExceptWith(change.Wanted.Select(record => record.Key));
        mine.UnionWith(change.Wanted.Select(record => record.Key)); // before the call: the answer may get lost after etcd has taken it
        return unwanted;
    }

    private void Note(RecordChange change)
    {
        if (change.IsRenewal)
            return;
        lock (gate)
        {
            if (change.Wanted.Count > 0)
            {
                owned[change.Key] = change.Wanted;
                known[change.Key] = new(change.Wanted.Select(record => record.Key), StringComparer.Ordinal);
            }
            else
                known.Remove(change.Key);
        }
    }
}
