using System.Runtime.CompilerServices;
using Interlook.Extensions.Etcd.Calls;
using Interlook.Extensions.Etcd.Wire;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Etcd;

/// <summary>The records of one kind in etcd. Reads are linearizable, which is what etcd does unless told otherwise.</summary>
/// <param name="client">Speaks to etcd.</param>
/// <param name="format">How the records stand there.</param>
/// <param name="members">How many members are named: so many are tried before a watch gives up.</param>
/// <param name="time">The clock.</param>
internal sealed class EtcdClaimRecords<T>(EtcdClient client, EtcdRecordFormat<T> format, int members, TimeProvider time) : IClaimRecords<T>
    where T : class
{
    /// <summary>
    /// How long a watch may be silent before it is opened anew, at another member when this one does not answer. The connection to a member
    /// that hangs looks as one does on which nothing happens.
    /// </summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordView<T>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var view = await ListAsync(stopping);
        var next = view.At.Value + 1; // from the revision of the list on: nothing between the two is lost
        yield return view;
        for (var futile = 0; ;)
        {
            var isCompacted = false;
            var wasSilent = false;
            using (var stream = await client.WatchAsync(Create(next), $"following {format.Root}", stopping))
            {
                while (!isCompacted)
                {
                    var (message, silence) = await ReadAsync(stream, stopping);
                    wasSilent = silence;
                    if (message is null)
                        break;
                    if (message.Created && message.Header.Revision < next - 1)
                        await ListAsync(next - 1, stopping);
                    isCompacted = IsCompacted(message);
                    if (message.Events.Count == 0)
                        continue;
                    view = Apply(view, message.Events);
                    next = view.At.Value + 1;
                    futile = 0;
                    yield return view;
                }
            }
            if (isCompacted)
            {
                view = await ListAsync(next - 1, stopping);
                next = view.At.Value + 1;
                yield return view;
            }
            else if (!wasSilent && ++futile > members)
            {
                throw new ExtensionException(
                    Reason.Unreachable, $"{format.System}: following {format.Root} breaks off again and again; look at etcd, and at what stands between");
            }
        }
    }

    /// <inheritdoc/>
    public async Task<RecordView<T>> ListAsync(CancellationToken stopping)
    {
        var answer = await RangeAsync(new() { Key = format.First, RangeEnd = format.End }, $"reading {format.Root}", stopping);
        var records = RecordView<T>.Empty.Records.ToBuilder();
        foreach (var stored in answer.Kvs)
        {
            if (format.Read(stored) is { } record)
                records.Add(format.Name(stored), record);
        }
        return new(new Revision(answer.Header.Revision), records.ToImmutable());
    }

    /// <inheritdoc/>
    public async Task<StoredRecord<T>?> ReadAsync(string name, CancellationToken stopping) =>
        (await RangeAsync(new() { Key = format.Key(name) }, $"reading {format.Root}{name}", stopping)).Kvs is [var stored] ? format.Read(stored) : null;

    /// <inheritdoc/>
    public Task<WriteResult> CreateAsync(T record, CancellationToken stopping) =>
        WriteAsync(format.Name(record), Put(record), Revision.None, stopping);

    /// <inheritdoc/>
    public Task<WriteResult> UpdateAsync(T record, Revision expected, CancellationToken stopping) =>
        WriteAsync(format.Name(record), Put(record), expected, stopping);

    /// <inheritdoc/>
    public Task<WriteResult> DeleteAsync(string name, Revision expected, CancellationToken stopping) =>
        WriteAsync(name, new() { RequestDeleteRange = new() { Key = format.Key(name) } }, expected, stopping);

    private WireOperation Put(T record) =>
        new() { RequestPut = new() { Key = format.Key(format.Name(record)), Value = format.Write(record), Lease = 0 } };

    /// <summary>
    /// A compare-and-set. One that was sent again because its answer was lost may be refused though it was written: the caller reads, and finds
    /// its own.
    /// </summary>
    private async Task<WriteResult> WriteAsync(string name, WireOperation write, Revision expected, CancellationToken stopping)
    {
        var key = format.Key(name);
        var txn = new WireTxn
        {
            Compare = [new() { Key = key, ModRevision = expected.Value }],
            Success = [write],
            Failure = [new() { RequestRange = new() { Key = key, KeysOnly = true } }],
        };
        try
        {
            var answer = await client.TxnAsync(txn, $"writing {format.Root}{name}", stopping);
            if (answer.Succeeded)
                return new(WriteOutcome.Written, new Revision(answer.Header.Revision));
            if (expected == Revision.None)
                return new(WriteOutcome.Exists);
            return new(answer.Responses is [{ ResponseRange.Kvs.Count: > 0 }] ? WriteOutcome.Conflict : WriteOutcome.Missing);
        }
        catch (EtcdRefusal refusal)
        {
            throw refusal.Fault;
        }
    }

    private async Task<WireRangeAnswer> RangeAsync(WireRange range, string attempt, CancellationToken stopping)
    {
        try
        {
            return await client.RangeAsync(range, attempt, stopping);
        }
        catch (EtcdRefusal refusal)
        {
            throw refusal.Fault;
        }
    }

    private WireWatchCreate Create(long next) => new() { Key = format.First, RangeEnd = format.End, StartRevision = next };

    private async Task<(WireWatchMessage? Message, bool WasSilent)> ReadAsync(EtcdStream stream, CancellationToken stopping)
    {
        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        try
        {
            return (await stream.ReadAsync(either.Token), false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (null, true);
        }
    }

    /// <summary>
    /// A member may be behind what was seen through another. etcd as a whole may not, unless it was restored or begun anew, and then a watch
    /// from our revision on would wait in silence until it is reached again.
    /// </summary>
    private async Task<RecordView<T>> ListAsync(long known, CancellationToken stopping) => await ListAsync(stopping) is var view && view.At.Value >= known
        ? view
        : throw new ExtensionException(Reason.Unavailable, $"{format.System} has gone back in time: it was restored or begun anew; everything is read anew");

    private bool IsCompacted(WireWatchMessage message)
    {
        if (message.Canceled && message.CompactRevision == 0)
            throw new ExtensionException(Reason.Unavailable, $"{format.System}: following {format.Root} was ended by etcd: {message.CancelReason ?? "without a word"}");
        return message.Canceled;
    }

    /// <summary>
    /// Its revision is that of the last change: the header's may lie beyond changes that come in the next message, when there are many to
    /// catch up with.
    /// </summary>
    private RecordView<T> Apply(RecordView<T> view, List<WireEvent> events)
    {
        var records = view.Records.ToBuilder();
        var at = view.At.Value;
        foreach (var change in events)
        {
            var name = format.Name(change.Kv);
            at = Math.Max(at, change.Kv.ModRevision);
            if (!change.IsRemoval && format.Read(change.Kv) is { } record)
                records[name] = record;
            else
                records.Remove(name);
        }
        return new(new Revision(at), records.ToImmutable());
    }
}
