using Interlook.Extensions.Etcd.Calls;
using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd;

/// <summary>
/// etcd v2: every key has a time to live of its own, and is written again before that ends. There are no transactions: a change is looked
/// at first, then written key by key, each only if it is as it was seen.
/// </summary>
internal sealed class ExpiringKeySpace : IKeySpace
{
    private readonly SkyDnsOptions options;
    private readonly RecordPlan plan;
    private readonly TimeProvider time;
    private readonly EtcdTransport transport;
    private readonly OldEtcdClient client;
    private long lastIndex;
    private long renewed;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal ExpiringKeySpace(SkyDnsOptions options, RecordPlan plan, TimeProvider time, bool isReadOnly = false)
    {
        this.options = options;
        this.plan = plan;
        this.time = time;
        transport = new(options, time, isReadOnly);
        client = new(transport, options);
        renewed = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken stopping) => ProbeAsync(stopping);

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken stopping) => await IndexAsync(stopping);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredRecord>> ReadAsync(string root, CancellationToken stopping)
    {
        var records = new List<StoredRecord>();
        Collect((await client.ReadAsync(root, recursive: true, stopping)).Node, records);
        return records;
    }

    /// <inheritdoc/>
    public async Task<bool> KeepAsync(CancellationToken stopping)
    {
        var before = Volatile.Read(ref lastIndex);
        var index = await IndexAsync(stopping);
        var isOlder = index < before; // begun anew, or restored from a backup
        if (isOlder)
            Volatile.Write(ref lastIndex, index);
        else
            Saw(index);
        if (!isOlder && time.GetElapsedTime(renewed) < options.LeaseTtl / 3)
            return true;
        renewed = time.GetTimestamp();
        return false;
    }

    /// <inheritdoc/>
    public Task<ExtensionException?[]> CommitAsync(IReadOnlyList<RecordChange> changes, CancellationToken stopping) =>
        Task.WhenAll(changes.Select(change => TryApplyAsync(change, stopping)));

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    /// <summary>Reads the prefix without what is below: etcd says its index also where there is no such key.</summary>
    private async Task<long> IndexAsync(CancellationToken stopping) =>
        (await client.ReadAsync($"/{options.Prefix}", recursive: false, stopping)).Index ?? 0;

    private void Saw(long index)
    {
        for (var last = Volatile.Read(ref lastIndex); index > last; last = Volatile.Read(ref lastIndex))
            Interlocked.CompareExchange(ref lastIndex, index, last);
    }

    private static void Collect(WireNode? node, List<StoredRecord> records)
    {
        if (node is { Dir: false, Value: { } value })
            records.Add(new(node.Key, value, IsKept: true));
        foreach (var child in node?.Nodes ?? [])
            Collect(child, records);
    }

    private async Task<ExtensionException?> TryApplyAsync(RecordChange change, CancellationToken stopping)
    {
        const int MostAttempts = 5;
        try
        {
            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (await ApplyAsync(change, stopping))
                    return null;
            }
            return RecordConflict.Restless(transport.Called, change);
        }
        catch (ExtensionException failure)
        {
            return failure;
        }
    }

    /// <returns>False when a key was changed between look and write.</returns>
    private async Task<bool> ApplyAsync(RecordChange change, CancellationToken stopping)
    {
        var seen = await Task.WhenAll(change.Wanted.Select(wanted => LookAsync(change, wanted, stopping)));
        var written = await Task.WhenAll(change.Wanted.Select(
            (wanted, i) => client.WriteAsync(wanted.Key, wanted.Value, options.LeaseTtl, seen[i]?.ModifiedIndex, stopping)));
        Saw(written.Max(answer => answer.Index) ?? 0);
        if (written.Any(answer => answer.Code != 0))
            return false;
        var removed = await Task.WhenAll(change.Unwanted.Select(key => RemoveAsync(change, key, stopping)));
        return removed.All(isGone => isGone);
    }

    /// <returns>Our own record there, or null when there is none.</returns>
    /// <exception cref="ExtensionException">Somebody else's is there, or in the way.</exception>
    private async Task<WireNode?> LookAsync(RecordChange change, SkyRecord wanted, CancellationToken stopping)
    {
        var answer = await client.ReadAsync(wanted.Key, recursive: false, stopping);
        if (answer.Code == WireNodeAnswer.NotADirectory)
            throw RecordConflict.Hidden(transport.Called, change, wanted);
        if (answer.Node is not { } node)
            return null;
        var mark = node.Dir ? null : RecordMark.Read(node.Value ?? "");
        return plan.IsOf(change.Key, mark) ? node : throw RecordConflict.Held(transport.Called, change, wanted, plan, mark);
    }

    private async Task<bool> RemoveAsync(RecordChange change, string key, CancellationToken stopping)
    {
        var answer = await client.ReadAsync(key, recursive: false, stopping);
        if (answer.Node is not { Dir: false, Value: { } value } node || !plan.IsOf(change.Key, RecordMark.Read(value)))
            return true;
        return (await client.RemoveAsync(key, node.ModifiedIndex, stopping)).Code is 0 or WireNodeAnswer.KeyNotFound;
    }
}
