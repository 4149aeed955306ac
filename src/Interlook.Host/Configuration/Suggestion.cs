namespace Interlook.Host.Configuration;

/// <summary>Finds the word somebody may have meant.</summary>
internal static class Suggestion
{
    /// <summary>The end of a message: <c>; did you mean 'listenPort'?</c>, or nothing when no word is near.</summary>
    internal static string For(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } near ? $"; did you mean '{near}'?" : "";

    internal static string? Nearest(string written, IEnumerable<string> known)
    {
        // A typing error changes a letter or two; among short words everything is that near.
        var limit = Math.Max(1, Math.Min(3, written.Length / 3));
        return written.Length > 100
            ? null
            : known
                .Select(word => (Word: word, Distance: Distance(written, word)))
                .Where(candidate => candidate.Distance <= limit)
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
                .Select(candidate => candidate.Word)
                .FirstOrDefault();
    }

    // Letters inserted, deleted, replaced, and neighbours swapped (optimal string alignment), without regard to case.
    private static int Distance(string from, string to)
    {
        var beforeLast = new int[to.Length + 1];
        var last = Enumerable.Range(0, to.Length + 1).ToArray();
        var row = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = Same(from[i - 1], to[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[to.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
