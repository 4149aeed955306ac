using System.Diagnostics.Metrics;

namespace Interlook.Api.Exposition;

/// <summary>Turns an instrument's name and unit into a name Prometheus allows, after its naming rules: base unit last, <c>_total</c> on counters.</summary>
internal static class MetricName
{
    /// <summary>The name of a metric family: <c>interlook.step.duration</c> in <c>s</c> is <c>interlook_step_duration_seconds</c>.</summary>
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = Allowed(instrument.Name, colon: true);
        var unit = instrument.Unit switch
        {
            null or "" or "1" => null,
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            _ when instrument.Unit.StartsWith('{') => null,
            _ => Allowed(instrument.Unit, colon: false),
        };
        if (unit is not null && !name.EndsWith($"_{unit}", StringComparison.Ordinal))
            name = $"{name}_{unit}";
        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? $"{name}_total" : name;
    }

    /// <summary>A label's name.</summary>
    public static string OfLabel(string tag) => Allowed(tag, colon: false);

    /// <summary>Metric names are <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, label names the same without the colon.</summary>
    private static string Allowed(string text, bool colon)
    {
        var allowed = string.Create(text.Length, (text, colon), static (letters, from) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                var letter = from.text[i];
                letters[i] = char.IsAsciiLetterOrDigit(letter) || (letter == ':' && from.colon) ? letter : '_';
            }
        });
        return allowed.Length == 0 || char.IsAsciiDigit(allowed[0]) ? $"_{allowed}" : allowed;
    }
}
