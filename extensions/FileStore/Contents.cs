using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>Everything a document says.</summary>
/// <param name="Journal">The first journal whose lines the document does not hold.</param>
/// <param name="Revision">The last revision it holds; the first line of that journal bears the next.</param>
/// <param name="Records">The records by key.</param>
internal sealed record Contents<T>(long Journal, long Revision, IReadOnlyCollection<KeyValuePair<string, StoredRecord<T>>> Records)
    where T : class;
