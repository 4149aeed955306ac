using System.Globalization;
using System.Text.RegularExpressions;

namespace Interlook.Api.Tests;

/// <summary>A strict reader of the Prometheus text format 0.0.4: what it takes, Prometheus takes.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, string> types = [];
    private readonly Dictionary<string, double> samples = [];
    private readonly List<string> families = [];

    private PrometheusText()
    {
    }

    /// <summary>The families in the order they stand.</summary>
    public IReadOnlyList<string> Families => families;

    /// <summary>The samples by name and labels as written.</summary>
    public IReadOnlyDictionary<string, double> Samples => samples;

    /// <summary>The family's type.</summary>
    public string TypeOf(string family) => types[family];

    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static PrometheusText Parse(string text)
    {
        var result = new PrometheusText();
        if (!text.EndsWith('\n'))
            throw new FormatException("the last line does not end");
        string? helped = null;
        string? current = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (HelpLine().Match(line) is { Success: true } help)
                helped = help.Groups[1].Value;
            else if (TypeLine().Match(line) is { Success: true } type)
                current = result.Begin(type.Groups[1].Value, type.Groups[2].Value, helped);
            else
                result.Add(line, current ?? throw new FormatException($"a sample before its TYPE: {line}"));
        }
        foreach (var family in result.families.Where(family => result.types[family] == "histogram"))
            result.CheckHistogram(family);
        return result;
    }

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ([^\\\\]|\\\\\\\\|\\\\n)+$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*",?)+)\})?) (NaN|\+Inf|-Inf|-?[0-9]+(?:\.[0-9]+)?(?:E[+-][0-9]+)?)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(,|$)""")]
    private static partial Regex Label();

    private string Begin(string family, string type, string? helped)
    {
        if (helped != family)
            throw new FormatException($"TYPE {family} does not follow its HELP");
        if (!types.TryAdd(family, type))
            throw new FormatException($"{family} stands twice");
        families.Add(family);
        return family;
    }

    private void Add(string line, string family)
    {
        var match = SampleLine().Match(line);
        if (!match.Success)
            throw new FormatException($"not a sample: {line}");
        var name = match.Groups[2].Value;
        string[] allowed = types[family] == "histogram" ? [$"{family}_bucket", $"{family}_sum", $"{family}_count"] : [family];
        if (!allowed.Contains(name))
            throw new FormatException($"{name} stands under {family}");
        var labels = Label().Matches(match.Groups[3].Value);
        if (labels.Sum(label => label.Length) != match.Groups[3].Length || labels.DistinctBy(label => label.Groups[1].Value).Count() != labels.Count)
            throw new FormatException($"labels are not written well: {line}");
        if (!samples.TryAdd(match.Groups[1].Value, Number(match.Groups[4].Value)))
            throw new FormatException($"the series stands twice: {line}");
    }

    private void CheckHistogram(string family)
    {
        var buckets = samples.Where(sample => sample.Key.StartsWith($"{family}_bucket{{", StringComparison.Ordinal))
            .GroupBy(sample => LePart().Replace(sample.Key[(family.Length + "_bucket".Length)..], ""));
        foreach (var series in buckets)
        {
            var counts = series.Select(sample => sample.Value).ToArray();
            if (!counts.Order().SequenceEqual(counts))
                throw new FormatException($"the buckets of {family} fall");
            if (!series.Last().Key.Contains("le=\"+Inf\""))
                throw new FormatException($"{family} has no +Inf bucket");
            var labels = series.Key == "{}" ? "" : series.Key;
            if (samples[$"{family}_count{labels}"] != counts[^1])
                throw new FormatException($"the count of {family} is not its last bucket");
            _ = samples[$"{family}_sum{labels}"];
        }
    }

    [GeneratedRegex(""",?le="[^"]*"(?=\}$)""")]
    private static partial Regex LePart();

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
