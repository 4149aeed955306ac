using System.Text;
using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd;

/// <summary>
/// What we last knew to stand at the keys we write, so that a write is one call in the usual case. Never trusted: every transaction
/// compares it, and learns what is true when it does not hold. For one commit at a time.
/// </summary>
internal sealed class HeldKeys(RecordPlan plan)
{
    private readonly Dictionary<string, Held> keys = new(StringComparer.Ordinal);

    /// <summary>What stands at a key as far as we know; null when nothing does.</summary>
    internal Held? Find(string key) => keys.GetValueOrDefault(key);

    /// <summary>What a service may write over; what another holds is expected to be gone, so that it is read again before it is judged.</summary>
    private Held? FindOwn(KeyWrite write) => Find(write.Key) is { } held && plan.IsOf(write.Service, held.Mark) ? held : null;

    /// <summary>Makes a transaction that does what is wanted if everything is as we know it, and else reads how it is.</summary>
    internal WireTxn Transaction(IReadOnlyList<KeyWrite> writes, long lease)
    {
        var compare = new List<WireCompare>(writes.Count * 2);
        var success = new List<WireOperation>(writes.Count);
        var failure = new List<WireOperation>(writes.Count * 2);
        foreach (var name in writes.Select(write => write.Wanted?.NameKey).OfType<string>().Distinct(StringComparer.Ordinal))
            Look(name, 0);
        foreach (var write in writes)
        {
            var there = FindOwn(write);
            var key = Look(write.Key, there?.Revision ?? 0);
            if (write.Wanted is not { } wanted)
            {
                if (there is not null)
                    success.Add(new() { RequestDeleteRange = new() { Key = key } });
            }
            else if (there is not { } held || held.Value != wanted.Value || held.Lease != lease)
                success.Add(new() { RequestPut = new() { Key = key, Value = Encoding.UTF8.GetBytes(wanted.Value), Lease = lease } });
        }
        return new() { Compare = compare, Success = success, Failure = failure };

        byte[] Look(string text, long revision)
        {
            var key = Encoding.UTF8.GetBytes(text);
            compare.Add(new() { Key = key, ModRevision = revision });
            failure.Add(new() { RequestRange = new() { Key = key } });
            return key;
        }
    }

    /// <summary>Notes that a transaction has been carried out.</summary>
    internal void Written(IReadOnlyList<KeyWrite> writes, long lease, long revision)
    {
        foreach (var write in writes)
        {
            if (write.Wanted is not { } wanted)
                keys.Remove(write.Key);
            else if (FindOwn(write) is not { } held || held.Value != wanted.Value || held.Lease != lease)
                keys[write.Key] = new(revision, wanted.Value, lease);
        }
    }

    /// <summary>Takes over what a transaction that did not hold has read.</summary>
    /// <returns>Every key that something stands at.</returns>
    internal IReadOnlySet<string> Learn(WireTxn asked, WireTxnAnswer answer)
    {
        var occupied = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < asked.Failure.Count; i++)
        {
            var key = Encoding.UTF8.GetString(asked.Failure[i].RequestRange!.Key);
            if (i < answer.Responses.Count && answer.Responses[i].ResponseRange?.Kvs is [var there, ..])
            {
                occupied.Add(key);
                keys[key] = new(there.ModRevision, Encoding.UTF8.GetString(there.Value), there.Lease);
            }
            else
                keys.Remove(key);
        }
        return occupied;
    }

    /// <param name="Revision">When it was last changed.</param>
    /// <param name="Value">What stands there.</param>
    /// <param name="Lease">What it hangs on.</param>
    internal sealed record Held(long Revision, string Value, long Lease)
    {
        /// <summary>Whose it is; null when it is not Interlook's.</summary>
        internal RecordMark? Mark { get; } = RecordMark.Read(Value);
    }
}
