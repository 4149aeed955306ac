using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// When to send heartbeats, and when the last that succeeded was sent. A heartbeat that nobody answers is not waited for: the next may
/// succeed before the fence, and a late answer still counts from its own sending. Not for concurrent use.
/// </summary>
internal sealed class HeartbeatState(string name, FenceTimes times)
{
    private readonly Dictionary<long, (TimeSpan Sent, NodeRecord Record)> underWay = [];
    private StoredRecord<NodeRecord>? own;
    private bool isKnown;
    private TimeSpan next = TimeSpan.MinValue;
    private TimeSpan nextRead = TimeSpan.MinValue;
    private TimeSpan lastSent = TimeSpan.MinValue;
    private TimeSpan? oldestUnanswered;
    private bool hasFailed;
    private string? key;
    private TimeSpan? othersSeen;
    private long number;

    /// <summary>When the last heartbeat that succeeded was sent; null while none has.</summary>
    internal TimeSpan? LastSuccess { get; private set; }

    /// <summary>The newest count that stands in the store.</summary>
    internal long Count => own?.Value.Revision ?? 0;

    /// <summary>
    /// The peers that the node's record names in the store, and those that it may name, because a heartbeat was sent whose answer is not
    /// known. All of them have to be asked. In order.
    /// </summary>
    internal SortedSet<string> NamedPeers { get; } = new(StringComparer.Ordinal);

    /// <summary>True while nothing speaks against the store being reached.</summary>
    internal bool HasContact(TimeSpan now) =>
        LastSuccess is { } success
        && !hasFailed
        && now <= success + times.Heartbeat * 1.25
        && (oldestUnanswered is not { } unanswered || now < unanswered + times.Heartbeat / 4);

    /// <summary>True when another process has written this record since this one first did, and not long ago.</summary>
    internal bool IsShared(TimeSpan now) => othersSeen is { } seen && now < seen + times.Expiry;

    /// <summary>Takes the node's own record as a watch shows it: one that others write, too, need not be refused before it is read.</summary>
    internal void See(StoredRecord<NodeRecord>? record, TimeSpan now)
    {
        if (record is not { } seen || own is not { } known || seen.Revision.Value <= known.Revision.Value)
            return;
        NoticeOthers(seen.Value, now);
        if (isKnown && underWay.Count == 0)
            own = seen;
    }

    /// <summary>Lets the next heartbeat be sent at once: there is something to say.</summary>
    internal void Hurry(TimeSpan now) => next = now;

    /// <summary>Lets the next heartbeat be sent at once, to find out whether the store answers, when the last is not too young.</summary>
    internal void TryContact(TimeSpan now)
    {
        if (lastSent <= now - times.Heartbeat / 8 && next > now)
            next = now;
    }

    /// <summary>True when the node's own record has to be read before the next heartbeat.</summary>
    internal bool BeginRead(TimeSpan now)
    {
        if (isKnown || now < nextRead)
            return false;
        nextRead = now + times.Heartbeat / 2;
        oldestUnanswered ??= now;
        return true;
    }

    /// <summary>Takes the node's own record.</summary>
    internal void Read(StoredRecord<NodeRecord>? record, TimeSpan now)
    {
        if (record is { } read)
            NoticeOthers(read.Value, now);
        (own, isKnown, next) = (record, true, now);
    }

    /// <summary>The read failed.</summary>
    internal void ReadFailed(TimeSpan now)
    {
        hasFailed = true;
        nextRead = now + times.Heartbeat / 8;
    }

    /// <summary>True when a heartbeat is to be sent.</summary>
    internal bool IsDue(TimeSpan now) => isKnown && now >= next;

    /// <summary>The heartbeat to send now.</summary>
    internal HeartbeatWrite BeginHeartbeat(NodeStatus status, TimeSpan now)
    {
        var record = own is { } stored
            ? stored.Value with { Revision = stored.Value.Revision + 1, Status = status }
            : new NodeRecord { Metadata = ClaimMeta.Named(name), Revision = 1, Status = status };
        key = status.Key;
        underWay.Add(++number, (now, record));
        Name(record);
        lastSent = now;
        oldestUnanswered ??= now;
        next = now + times.Heartbeat / 2;
        return new HeartbeatWrite(number, own?.Revision ?? Revision.None, record);
    }

    /// <summary>Takes the answer of a heartbeat.</summary>
    /// <param name="heartbeat">The heartbeat.</param>
    /// <param name="result">The answer.</param>
    /// <param name="keepsPeers">True when peers that an earlier record named still have to be asked, because somebody may have decided on that record.</param>
    /// <param name="now">The moment.</param>
    /// <returns>When it was sent, if it succeeded.</returns>
    internal TimeSpan? Answered(HeartbeatWrite heartbeat, WriteResult result, bool keepsPeers, TimeSpan now)
    {
        if (!underWay.Remove(heartbeat.Number, out var sent))
            return null;
        if (!result.IsWritten)
        {
            // Another heartbeat of ours whose answer was lost, or somebody who edited the record.
            isKnown = false;
            nextRead = now;
            return null;
        }
        own = new(result.Revision, sent.Record);
        isKnown = true;
        hasFailed = false;
        oldestUnanswered = null;
        // Those that were sent before it cannot succeed any more.
        foreach (var old in underWay.Where(each => each.Key < heartbeat.Number).Select(each => each.Key).ToArray())
            underWay.Remove(old);
        if (!keepsPeers)
            NamedPeers.Clear();
        Name(sent.Record);
        foreach (var later in underWay.Values)
            Name(later.Record);
        LastSuccess = sent.Sent;
        next = sent.Sent + times.Heartbeat;
        return sent.Sent;
    }

    /// <summary>A heartbeat failed, or nobody knows what became of it.</summary>
    internal void Failed(HeartbeatWrite heartbeat, TimeSpan now)
    {
        if (!underWay.Remove(heartbeat.Number))
            return; // a later one succeeded meanwhile
        hasFailed = true;
        next = now + times.Heartbeat / 8;
    }

    /// <summary>Before the first success a foreign key is that of an earlier start of this process.</summary>
    private void NoticeOthers(NodeRecord record, TimeSpan now)
    {
        if (LastSuccess is not null && record.Status?.Key is { } other && other != key)
            othersSeen = now;
    }

    private void Name(NodeRecord record)
    {
        if (record.Status?.Peers is { } peers)
            NamedPeers.UnionWith(peers);
    }

    /// <summary>When something is due next.</summary>
    internal TimeSpan NextLook(TimeSpan now)
    {
        var due = isKnown ? next : nextRead;
        // The moment at which silence becomes lack of contact.
        return oldestUnanswered is { } unanswered && unanswered + times.Heartbeat / 4 is var doubt && doubt > now && doubt < due ? doubt : due;
    }
}
