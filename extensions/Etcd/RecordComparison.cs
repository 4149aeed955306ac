using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>Compares what etcd has with what it should have. Pure.</summary>
internal static class RecordComparison
{
    /// <summary>Compares everything of ours.</summary>
    /// <param name="applied">What was acknowledged.</param>
    /// <param name="plan">Says what that means in etcd.</param>
    /// <param name="stored">Everything below the root, others' included.</param>
    internal static Observation Compare(
        IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, RecordPlan plan, IReadOnlyList<StoredRecord> stored)
    {
        var ours = stored.Where(record => plan.IsOurs(record.Mark)).ToDictionary(record => record.Key, StringComparer.Ordinal);
        var drifts = new Dictionary<ServiceKey, Drift>();
        var wantedKeys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, definition) in applied)
        {
            foreach (var wanted in Plan(key, definition, plan, drifts))
            {
                wantedKeys.Add(wanted.Key);
                if (Difference(key, wanted, ours.GetValueOrDefault(wanted.Key)) is { } difference)
                    drifts.TryAdd(key, new(key, $"record {wanted.Key} of {wanted.Name} {difference}"));
            }
        }
        var orphans = new List<Orphan>();
        foreach (var record in ours.Values)
        {
            if (wantedKeys.Contains(record.Key))
                continue;
            var owner = record.Mark!.Value.Key;
            if (applied.ContainsKey(owner))
                drifts.TryAdd(owner, new(owner, $"record {record.Key} is not wanted any more"));
            else
                orphans.Add(new($"key {record.Key} in etcd", owner));
        }
        return new(drifts.Values.ToEquatableArray(), orphans.ToEquatableArray());
    }

    /// <summary>A definition acknowledged under other settings may be one that these settings refuse.</summary>
    private static IReadOnlyList<SkyRecord> Plan(
        ServiceKey key, ServiceDefinition definition, RecordPlan plan, Dictionary<ServiceKey, Drift> drifts)
    {
        try
        {
            return plan.Of(key, definition);
        }
        catch (ExtensionException refusal)
        {
            drifts.TryAdd(key, new(key, refusal.Message));
            return [];
        }
    }

    private static string? Difference(ServiceKey key, SkyRecord wanted, StoredRecord? stored)
    {
        if (stored is null)
            return "is missing";
        if (stored.Mark!.Value.Key != key)
            return "bears another service's mark";
        if (stored.Value != wanted.Value)
            return $"says {stored.Value} and not {wanted.Value}";
        return stored.IsKept ? null : "hangs on a lease that is not ours";
    }
}
