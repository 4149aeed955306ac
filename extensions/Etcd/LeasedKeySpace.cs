using System.Text;
using Interlook.Extensions.Etcd.Calls;
using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd;

/// <summary>
/// etcd v3: all our records hang on one lease of this process. Changes of many services go in one transaction, which says for each key at
/// which revision we know it; where it does not hold, its answer has what really stands there. Commits come one after another; the other
/// calls may come at any time.
/// </summary>
internal sealed class LeasedKeySpace : IKeySpace
{
    private const int PageSize = 1000;

    private readonly SkyDnsOptions options;
    private readonly RecordPlan plan;
    private readonly EtcdTransport transport;
    private readonly EtcdClient client;
    private readonly HeldKeys held;
    private readonly bool isReadOnly;
    private long lease;
    private long lastRevision;
    private ulong cluster;
    private int renewalIsDue;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal LeasedKeySpace(SkyDnsOptions options, RecordPlan plan, TimeProvider time, bool isReadOnly = false)
    {
        this.options = options;
        this.plan = plan;
        held = new(plan);
        this.isReadOnly = isReadOnly;
        transport = new(options, time, isReadOnly);
        client = new(transport, options);
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken stopping)
    {
        await ProbeAsync(stopping);
        await GrantAsync(stopping);
    }

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken stopping) =>
        RangeAsync(new() { Key = Bytes(plan.Root + "/"), RangeEnd = Bytes(plan.Root + "0"), Limit = 1, KeysOnly = true }, stopping);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredRecord>> ReadAsync(string root, CancellationToken stopping)
    {
        var records = new List<StoredRecord>();
        var from = Bytes(root + "/");
        long? revision = null;
        while (true)
        {
            var page = await RangeAsync(
                new() { Key = from, RangeEnd = Bytes(root + "0"), Limit = PageSize, Revision = revision }, stopping); // '0' follows '/'
            var ours = Volatile.Read(ref lease);
            records.AddRange(page.Kvs.Select(kv => new StoredRecord(Text(kv.Key), Text(kv.Value), isReadOnly ? kv.Lease != 0 : kv.Lease == ours)));
            if (!page.More || page.Kvs.Count == 0)
                return records;
            revision ??= page.Header.Revision;
            from = [.. page.Kvs[^1].Key, 0];
        }
    }

    /// <inheritdoc/>
    public async Task<bool> KeepAsync(CancellationToken stopping)
    {
        var kept = await client.KeepAliveAsync(Volatile.Read(ref lease), stopping);
        if (kept.Ttl <= 0)
        {
            await GrantAsync(stopping);
            return false;
        }
        var isOlder = kept.Header is { } header && IsOlder(header);
        return Interlocked.Exchange(ref renewalIsDue, 0) == 0 && !isOlder;
    }

    /// <inheritdoc/>
    public async Task<ExtensionException?[]> CommitAsync(IReadOnlyList<RecordChange> changes, CancellationToken stopping)
    {
        var failures = new ExtensionException?[changes.Count];
        foreach (var batch in KeyWrite.Batches(changes))
        {
            var open = batch.Where(write => failures[write.Change] is null).ToList();
            await SettleAsync(changes, open, failures, stopping);
        }
        return failures;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        transport.Dispose();
    }

    private async Task SettleAsync(
        IReadOnlyList<RecordChange> changes, List<KeyWrite> batch, ExtensionException?[] failures, CancellationToken stopping)
    {
        var services = batch.Select(write => write.Change).Distinct().ToList();
        try
        {
            await TrySettleAsync(changes, batch, failures, stopping);
        }
        catch (EtcdRefusal refusal) when (services.Count == 1)
        {
            failures[services[0]] = refusal.Fault;
        }
        catch (ExtensionException failure) when (services.Count == 1 || failure.Reason is not (Reason.Refused or Reason.Unauthorized))
        {
            foreach (var service in services)
                failures[service] ??= failure;
        }
        catch (Exception failure) when (failure is EtcdRefusal or ExtensionException)
        {
            // Refused together; alone, those pass that have no part in the reason: removals need no space, other keys other rights.
            foreach (var service in services.Where(service => failures[service] is null))
                await SettleAsync(changes, [.. batch.Where(write => write.Change == service)], failures, stopping);
        }
    }

    private async Task TrySettleAsync(
        IReadOnlyList<RecordChange> changes, List<KeyWrite> batch, ExtensionException?[] failures, CancellationToken stopping)
    {
        const int MostAttempts = 5;
        var open = batch;
        for (var attempt = 0; attempt < MostAttempts && open.Count > 0; attempt++)
        {
            var ours = Volatile.Read(ref lease);
            var txn = held.Transaction(open, ours);
            WireTxnAnswer answer;
            try
            {
                answer = await client.TxnAsync(txn, $"writing {open[0].Key}{(open.Count > 1 ? $" and {open.Count - 1} others" : "")}", stopping);
            }
            catch (EtcdRefusal refusal) when (refusal.Cause == EtcdRefusal.Kind.LeaseGone)
            {
                await GrantAsync(stopping);
                Volatile.Write(ref renewalIsDue, 1);
                continue;
            }
            Seen(answer.Header);
            if (answer.Succeeded)
            {
                held.Written(open, ours, answer.Header.Revision);
                return;
            }
            open = Judge(changes, open, held.Learn(txn, answer), failures);
        }
        foreach (var change in open.Select(write => write.Change).Distinct())
            failures[change] ??= RecordConflict.Restless(transport.Called, changes[change]);
    }

    /// <summary>Drops what others hold: of a removal just that key, of a wish the whole service.</summary>
    private List<KeyWrite> Judge(
        IReadOnlyList<RecordChange> changes, List<KeyWrite> open, IReadOnlySet<string> occupied, ExtensionException?[] failures)
    {
        var left = new List<KeyWrite>(open.Count);
        foreach (var write in open)
        {
            var change = changes[write.Change];
            var there = held.Find(write.Key);
            var isForeign = there is not null && !plan.IsOf(change.Key, there.Mark);
            if (write.Wanted is not { } wanted)
            {
                if (!isForeign)
                    left.Add(write);
            }
            else if (isForeign)
                failures[write.Change] ??= RecordConflict.Held(transport.Called, change, wanted, plan, there!.Mark);
            else if (occupied.Contains(wanted.NameKey))
                failures[write.Change] ??= RecordConflict.Hidden(transport.Called, change, wanted);
            else
                left.Add(write);
        }
        left.RemoveAll(write => failures[write.Change] is not null);
        return left;
    }

    private async Task GrantAsync(CancellationToken stopping)
    {
        var granted = await client.GrantAsync(options.LeaseTtl, stopping);
        Volatile.Write(ref lease, granted.Id);
        if (granted.Header is { } header)
            Seen(header);
    }

    private async Task<WireRangeAnswer> RangeAsync(WireRange range, CancellationToken stopping)
    {
        try
        {
            return await client.RangeAsync(range, $"reading {plan.Root}", stopping);
        }
        catch (EtcdRefusal refusal)
        {
            throw refusal.Fault;
        }
    }

    private void Seen(WireHeader header)
    {
        Volatile.Write(ref cluster, header.ClusterId);
        Volatile.Write(ref lastRevision, header.Revision);
    }

    /// <summary>True when etcd is another one, or has gone back in time: restored from a backup, or begun anew.</summary>
    private bool IsOlder(WireHeader header)
    {
        var isOlder = header.ClusterId != Volatile.Read(ref cluster) || header.Revision < Volatile.Read(ref lastRevision);
        Seen(header);
        return isOlder;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
