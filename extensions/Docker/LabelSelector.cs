using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>
/// Which labels an object must have. The daemon filters by them, and we look again: a filter that a daemon does not know, it may ignore.
/// </summary>
/// <param name="Items">Each <c>key</c> or <c>key=value</c>; all must match.</param>
internal sealed record LabelSelector(EquatableArray<string> Items)
{
    internal static LabelSelector Everything { get; } = new([]);

    /// <summary>The labels that mean "publish this"; either is enough. The daemon's filters know no "or", so it is asked once for each.</summary>
    private static readonly string[] Askings = [PublicationLabels.Hosts, PublicationLabels.Host];

    internal static string ReadItem(string text)
    {
        var item = text.Trim();
        return item == "" || item[0] == '='
            ? throw new FormatException("holds an empty item; write a label as key or key=value")
            : item;
    }

    /// <summary>The values of the daemon's <c>label</c> filter for objects whose labels ask, one list for each request that must be made.</summary>
    internal IEnumerable<string[]> Filters() => Askings.Select(asking => (string[])[asking, .. ItemFilter()]);

    /// <summary>The values of that filter for objects that need not ask by labels.</summary>
    internal string[] ItemFilter() => [.. Items.Where(item => !IsAsking(item))];

    /// <summary>True when the labels ask for publication and match every item.</summary>
    internal bool Matches(IReadOnlyDictionary<string, string>? labels) =>
        labels is not null && PublicationLabels.Ask(labels) && MatchesItems(labels);

    /// <summary>True when the labels match every item, whether they ask or not.</summary>
    internal bool MatchesItems(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var item in Items)
        {
            if (!IsAsking(item) && (labels is null || !Has(labels, item)))
                return false;
        }
        return true;
    }

    // The selector of the earlier system named the label that marks a container; both spellings of it mean the same.
    private static bool IsAsking(string item) => item is PublicationLabels.Hosts or PublicationLabels.Host;

    private static bool Has(IReadOnlyDictionary<string, string> labels, string item)
    {
        var equals = item.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(item)
            : labels.TryGetValue(item[..equals], out var value) && value.AsSpan().SequenceEqual(item.AsSpan(equals + 1));
    }
}
