using System.Text.RegularExpressions;

namespace Interlook.Simulators.GestioIP;

/// <summary>
/// The <c>filter</c> of <c>listHosts</c>: <c>attribute::value|value,attribute::value</c>. The original compares within evaluated code: what
/// such code takes for its own makes rows silently not match.
/// </summary>
internal sealed class HostFilter
{
    private const string MatchAll = "[[MATCH_ALL]]";
    private const string All = "[[ALL]]";
    private static readonly char[] Evaluated = ['@', '$', '"'];

    private readonly List<(string Attribute, string[] Values)> conditions = [];
    private readonly bool matchesAll;
    private readonly bool shortNames;

    private HostFilter(string text, IReadOnlyCollection<string> columns)
    {
        matchesAll = text.Contains(MatchAll, StringComparison.Ordinal) && !text.StartsWith(MatchAll, StringComparison.Ordinal);
        if (matchesAll)
            text = text.Replace(MatchAll, "", StringComparison.Ordinal);
        shortNames = text.StartsWith(All, StringComparison.Ordinal);
        if (shortNames)
            text = text[All.Length..];
        string[] known = ["hostname", "description", "site", "category", "comment", .. columns];
        foreach (var condition in text.Split(','))
        {
            var parts = condition.Split("::");
            if (parts.Length < 2)
                throw new RefusedException("ERROR: SINGLE FILTER ARGUMENT WITHOUT VALUE IS NOT SUPPORTED");
            if (parts.Length > 2 || parts[0] == "" || parts[1] == "")
                throw new RefusedException("ERROR: INVALID FILTER ARGUMENT");
            if (!known.Contains(parts[0]))
                throw new RefusedException($"ERROR: UNKNOWN FILTER ATTRIBUTE: {parts[0]} - {string.Join(' ', known)}");
            conditions.Add((parts[0], matchesAll ? [parts[1]] : parts[1].Split('|')));
        }
    }

    internal static HostFilter? Read(string text, IReadOnlyCollection<string> columns) => text == "" ? null : new(text, columns);

    internal bool Matches(HostRow host) => conditions.TrueForAll(condition => Matches(host, condition.Attribute, condition.Values));

    private bool Matches(HostRow host, string attribute, string[] values)
    {
        var had = attribute switch
        {
            "hostname" => shortNames ? host.Hostname.Split('.')[0] : host.Hostname,
            "description" => host.Description,
            "site" => host.Site,
            "category" => host.Category,
            "comment" => host.Comment,
            _ => host.Custom.GetValueOrDefault(attribute, ""),
        };
        if (matchesAll && !host.Custom.ContainsKey(attribute))
            return !values[0].Contains('/', StringComparison.Ordinal) && Regex.IsMatch(had, values[0], RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return values.Any(value => value == had && value.IndexOfAny(Evaluated) < 0 && had.IndexOfAny(Evaluated) < 0);
    }
}
