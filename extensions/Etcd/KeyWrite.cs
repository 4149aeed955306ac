using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>What shall become of one key.</summary>
/// <param name="Key">The etcd key.</param>
/// <param name="Wanted">What shall stand there; null when nothing shall.</param>
/// <param name="Service">Whose it is to be.</param>
/// <param name="Change">The number of the change it belongs to.</param>
internal readonly record struct KeyWrite(string Key, SkyRecord? Wanted, ServiceKey Service, int Change)
{
    /// <summary>etcd takes 128 operations in a transaction unless told otherwise (<c>--max-txn-ops</c>); a key costs up to two compares.</summary>
    private const int MostKeys = 60;

    /// <summary>Puts changes into transactions, whole where they fit. What is new comes before what goes.</summary>
    internal static IEnumerable<List<KeyWrite>> Batches(IReadOnlyList<RecordChange> changes)
    {
        var batch = new List<KeyWrite>();
        for (var i = 0; i < changes.Count; i++)
        {
            List<KeyWrite> writes =
            [
                .. changes[i].Wanted.Select(record => new KeyWrite(record.Key, record, changes[i].Key, i)),
                .. changes[i].Unwanted.Select(key => new KeyWrite(key, null, changes[i].Key, i)),
            ];
            if (batch.Count > 0 && batch.Count + writes.Count > MostKeys)
            {
                yield return batch;
                batch = [];
            }
            foreach (var part in writes.Chunk(MostKeys))
            {
                if (batch.Count + part.Length > MostKeys)
                {
                    yield return batch;
                    batch = [];
                }
                batch.AddRange(part);
            }
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
