using System.Collections.Immutable;
using Interlook.Engine;
using Interlook.Engine.Changes;
using Interlook.Engine.Status;
using Interlook.Entries;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Api.Tests;

/// <summary>An engine that says what a test wrote into it and remembers what it was asked.</summary>
internal sealed class FakeEngine : IEngine
{
    private ImmutableDictionary<ServiceKey, Entry> byKey = ImmutableDictionary<ServiceKey, Entry>.Empty;
    private ImmutableArray<ServiceKey> order = [];

    public ImmutableArray<Workflow> Workflows { get; set; } = [new(ServiceKey.DefaultWorkflow, "provider.docker", ["ipam.ipalloc", "dns.consul"])];

    public ImmutableArray<ExtensionStatus> ExtensionList { get; set; } = [];

    public ImmutableArray<ProviderStatus> ProviderList { get; set; } = [];

    public bool IsReady { get; set; } = true;

    public List<ServiceKey> Refreshed { get; } = [];

    public List<ServiceKey> Retried { get; } = [];

    public List<string> Approved { get; } = [];

    public Exception? RefreshFailure { get; set; }

    public FakeEngine With(params IEnumerable<Entry> added)
    {
        var builder = byKey.ToBuilder();
        foreach (var entry in added)
            builder[entry.Key] = entry;
        byKey = builder.ToImmutable();
        order = order.AddRange(added.Select(entry => entry.Key));
        return this;
    }

    public ImmutableArray<Entry> Entries() => [.. order.Where(byKey.ContainsKey).Select(key => byKey[key])];

    /// <summary>Puts an entry in, and says so.</summary>
    public void Change(Entry entry)
    {
        if (!order.Contains(entry.Key))
            order = order.Add(entry.Key);
        byKey = byKey.SetItem(entry.Key, entry);
        Feed.Say(entry.Key);
    }

    /// <summary>Takes an entry out, and says so.</summary>
    public void Remove(ServiceKey key)
    {
        byKey = byKey.Remove(key);
        Feed.Say(key);
    }

    public ChangeFeed Feed { get; } = new();

    public ChangeReader ReadChanges() => Feed.Read();

    public Dictionary<ServiceKey, EntryHistory> Histories { get; } = [];

    public EntryHistory? History(ServiceKey key) => Find(key) is null ? null : Histories.GetValueOrDefault(key, EntryHistory.Empty);

    public Entry? Find(ServiceKey key) => byKey.GetValueOrDefault(key);

    public Dictionary<ServiceKey, ServiceCondition> Conditions { get; } = [];

    public ServiceCondition? Condition(ServiceKey key) => Conditions.GetValueOrDefault(key);

    public ImmutableArray<ExtensionStatus> Extensions() => ExtensionList;

    public ImmutableArray<ProviderStatus> Providers() => ProviderList;

    public Task<bool> RefreshAsync(ServiceKey key, CancellationToken stopping)
    {
        if (RefreshFailure is not null)
            return Task.FromException<bool>(RefreshFailure);
        Refreshed.Add(key);
        return Task.FromResult(Find(key) is not null);
    }

    public bool Retry(ServiceKey key)
    {
        Retried.Add(key);
        return Find(key) is not null;
    }

    public int OrphansRemoved { get; private set; }

    public int RemoveOrphans()
    {
        OrphansRemoved++;
        return ExtensionList.Sum(extension => extension.Orphans.Count);
    }

    public int? ApproveWithdrawals(string provider)
    {
        Approved.Add(provider);
        return ProviderList.FirstOrDefault(each => each.Name == provider)?.HeldWithdrawals.Count;
    }
}
