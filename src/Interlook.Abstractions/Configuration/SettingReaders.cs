using System.Globalization;
using System.Net;
using System.Text;

namespace Interlook.Configuration;

/// <summary>
/// Reads the texts of settings. Every reader returns the value or throws <see cref="FormatException"/> with the end of a sentence that
/// begins with the key: "is not a number".
/// </summary>
public static class SettingReaders
{
    private const int LongestNumber = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 365);

    /// <summary>A whole number within bounds.</summary>
    public static int Number(string text, int min, int max)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"must be a whole number, not '{text}'");
        // YAML 1.1 reads 010 as 8, and others as 10.
        if (text[0] == '+' || (text.TrimStart('-') is ['0', _, ..]))
            throw new FormatException($"must be a whole number without sign or leading zeros, not '{text}': write {number}");
        if (number < min || number > max)
            throw new FormatException($"must be from {min} to {max}, not {number}");
        return (int)number;
    }

    /// <summary>A port, 1 to 65535.</summary>
    public static int Port(string text) => Number(text, 1, 65535);

    /// <summary><c>true</c> or <c>false</c>, and YAML 1.1's <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>.</summary>
    public static bool Flag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw new FormatException($"must be true or false, not '{text}'"),
    };

    /// <summary>One of several words, in the spelling of the list.</summary>
    public static string Choice(string text, IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"must be one of {string.Join(", ", words)}, not '{text}'");

    /// <summary>An IP address in canonical form; no zone, no leading zeros.</summary>
    public static IPAddress Address(string text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || address.ToString() == text)
        && !text.AsSpan().ContainsAny('%', '[', ']')
            ? address
            : throw new FormatException($"is not an IP address: '{text}'");

    /// <summary>An absolute http or https URL without query or fragment.</summary>
    public static Uri HttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query == "" && url.Fragment == ""
            ? url
            : throw new FormatException(NotAUrl(text));

    /// <summary>A length of time within bounds, as <see cref="Duration(string)"/> reads it.</summary>
    public static TimeSpan Duration(string text, TimeSpan min, TimeSpan max)
    {
        var duration = Duration(text);
        if (duration < min || duration > max)
            throw new FormatException($"must be from {Show(min)} to {Show(max)}, not {text}");
        return duration;
    }

    /// <summary>A length of time within bounds, for what counts in seconds only, such as the life of a DNS record.</summary>
    public static TimeSpan WholeSeconds(string text, TimeSpan min, TimeSpan max)
    {
        var duration = Duration(text, min, max);
        return duration.Ticks % TimeSpan.TicksPerSecond == 0 ? duration : throw new FormatException($"must be whole seconds, not '{text}'");
    }

    /// <summary>
    /// A length of time: numbers with units h, m, s, ms in falling order (<c>5s</c>, <c>1h30m</c>, <c>250ms</c>); a bare number is seconds.
    /// What is longer than a hundred years is a hundred years.
    /// </summary>
    public static TimeSpan Duration(string text)
    {
        var rest = text.AsSpan().Trim();
        if (rest is { Length: > 0 and <= LongestNumber } && !rest.ContainsAnyExceptInRange('0', '9'))
            return Sum(TimeSpan.Zero, long.Parse(rest, CultureInfo.InvariantCulture), TimeSpan.TicksPerSecond);
        var total = TimeSpan.Zero;
        var smallest = long.MaxValue;
        if (rest.IsEmpty)
            throw NotADuration(text);
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > LongestNumber)
                throw NotADuration(text);
            var number = long.Parse(rest[..digits], CultureInfo.InvariantCulture);
            var unitLength = rest[digits..].IndexOfAnyInRange('0', '9');
            var unit = unitLength < 0 ? rest[digits..] : rest.Slice(digits, unitLength);
            var ticks = unit switch
            {
                "h" => TimeSpan.TicksPerHour,
                "m" => TimeSpan.TicksPerMinute,
                "s" => TimeSpan.TicksPerSecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                _ => throw NotADuration(text),
            };
            if (ticks >= smallest)
                throw NotADuration(text);
            smallest = ticks;
            total = Sum(total, number, ticks);
            rest = rest[(digits + unit.Length)..];
        }
        return total;
    }

    /// <summary>Writes a length of time as <see cref="Duration(string)"/> reads it.</summary>
    public static string Show(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0";
        var text = new StringBuilder();
        Append(text, (long)duration.TotalHours, "h");
        Append(text, duration.Minutes, "m");
        Append(text, duration.Seconds, "s");
        Append(text, duration.Milliseconds, "ms");
        return text.ToString();
    }

    /// <summary>A secret; one with a line break can be sent nowhere, and is mostly two lines of a file.</summary>
    internal static Secret Secret(string text) =>
        text.Any(char.IsControl) ? throw new FormatException("must not hold a line break or another control character") : new Secret(text);

    internal static string? Report(Action assign)
    {
        try
        {
            assign();
            return null;
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }

    private static void Append(StringBuilder text, long number, string unit)
    {
        if (number > 0)
            text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
    }

    // Passwords stand before '@' and tokens behind '?': such a text is not repeated.
    private static string NotAUrl(string text) => text.AsSpan().ContainsAny("@?#")
        ? "must be an http:// or https:// address without user, query or fragment"
        : $"must be an http:// or https:// address, not '{text}'";

    private static TimeSpan Sum(TimeSpan total, long number, long ticks) =>
        number <= (Longest - total).Ticks / ticks ? total + TimeSpan.FromTicks(number * ticks) : Longest;

    private static FormatException NotADuration(string text) =>
        new($"must be a length of time such as 5s, 10m or 1h30m, not '{text}'");
}
