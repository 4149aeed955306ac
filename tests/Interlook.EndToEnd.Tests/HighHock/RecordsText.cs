using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Interlook.EndToEnd.Tests.HighHock;

/// <summary>Keys and values of etcd as the golden files write them: a line each, in order, with names for what differs from run to run.</summary>
internal static partial class RecordsText
{
    /// <summary>Writes records.</summary>
    /// <param name="records">Keys and values.</param>
    /// <param name="names">Ports, and what the golden file calls them.</param>
    internal static string Of(IEnumerable<(string Key, string Value)> records, IReadOnlyDictionary<int, string> names) => string.Concat(
        records.Select(record => $"{Hash().Replace(record.Key, "-{hash}")} {Named(record.Value, names)}\n").Order(StringComparer.Ordinal));

    private static string Named(string value, IReadOnlyDictionary<int, string> names)
    {
        var json = JsonNode.Parse(value)!;
        if (names.TryGetValue((int)json["port"]!, out var name))
            json["port"] = $"{{{name}}}";
        return json.ToJsonString();
    }

    [GeneratedRegex("-[0-9a-f]{12}$")]
    private static partial Regex Hash();
}
