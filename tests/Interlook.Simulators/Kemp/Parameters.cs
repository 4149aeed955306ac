using System.Globalization;

namespace Interlook.Simulators.Kemp;

/// <summary>The parameters of one command. Names have no case; those that a command does not know are passed over.</summary>
internal sealed class Parameters(IEnumerable<KeyValuePair<string, string>> values)
{
    private readonly Dictionary<string, string> values = values
        .GroupBy(each => each.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(same => same.Key, same => same.First().Value, StringComparer.OrdinalIgnoreCase);

    internal string? Find(string name) => values.GetValueOrDefault(name);

    internal string Require(string name) => values.TryGetValue(name, out var value) && value != "" ? value : throw Refusal.Missing(name);

    /// <summary>A flag, in any of the three ways to write one; null when it is not there.</summary>
    internal bool? Flag(string name) => Find(name)?.ToUpperInvariant() switch
    {
        null => null,
        "Y" or "1" or "TRUE" => true,
        "N" or "0" or "FALSE" => false,
        var other => throw Refusal.UnknownValue(name, other),
    };

    /// <summary>A whole number within bounds; null when it is not there.</summary>
    internal int? Number(string name, int least, int most)
    {
        if (Find(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Refusal.UnknownValue(name, text);
    }
}
