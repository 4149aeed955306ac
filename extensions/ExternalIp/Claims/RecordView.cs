using System.Collections.Immutable;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>All records of one kind as they stood at one moment. Immutable.</summary>
/// <param name="At">The store's revision of that moment: every write with a smaller or equal one is in the view.</param>
/// <param name="Records">The records by name.</param>
internal sealed record RecordView<T>(Revision At, ImmutableSortedDictionary<string, StoredRecord<T>> Records)
    where T : class
{
    internal static RecordView<T> Empty { get; } =
        new(Revision.None, ImmutableSortedDictionary.Create<string, StoredRecord<T>>(StringComparer.Ordinal));
}
