using System.Globalization;
using System.Text.Json;
using Interlook.Entries;

namespace Interlook.Extensions.FileStore;

/// <summary>
/// A transition as a line of text: time, who, what; then what applies of: how long the call took, how often it failed and when last, the
/// reason; after a colon the message.
/// <code>2026-03-04T12:00:01.000Z dns.consul failed 12ms 3x 2026-03-04T12:00:09.000Z Unreachable: no answer from …</code>
/// </summary>
internal static class TransitionLine
{
    /// <summary>No line has more characters.</summary>
    internal const int Longest = LongestName + Transition.LongestMessage + 150;

    private const int LongestName = 200;
    private const string Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string BeforeMessage = ": ";

    /// <summary>Writes a line.</summary>
    /// <returns>Its length.</returns>
    internal static int Write(Span<char> line, Transition transition)
    {
        var length = 0;
        Add(line, ref length, transition.Time);
        Add(line, ref length, " ");
        Add(line, ref length, transition.By.AsSpan(0, Math.Min(LongestName, transition.By.Length)));
        Add(line, ref length, Word(transition.Kind));
        if (transition.Duration is { } took)
        {
            Add(line, ref length, " ");
            Add(line, ref length, (long)took.TotalMilliseconds);
            Add(line, ref length, "ms");
        }
        if (transition.Count > 1)
        {
            Add(line, ref length, " ");
            Add(line, ref length, transition.Count);
            Add(line, ref length, "x ");
            Add(line, ref length, transition.LastTime);
        }
        if (transition.Reason is { } reason)
        {
            Add(line, ref length, " ");
            Add(line, ref length, reason.ToString());
        }
        if (transition.Message is { } message)
        {
            Add(line, ref length, BeforeMessage);
            Add(line, ref length, message);
        }
        return length;
    }

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not a transition.</exception>
    internal static Transition Read(string line)
    {
        var colon = line.IndexOf(BeforeMessage, StringComparison.Ordinal);
        var words = (colon < 0 ? line : line[..colon]).Split(' ');
        if (words.Length < 3)
            throw new JsonException($"'{line}' is not a transition: time, who and what are expected");
        var read = new Transition(TimeOf(words[0], line), string.Intern(words[1]), KindOf(words[2], line));
        for (var at = 3; at < words.Length; at++)
        {
            var word = words[at];
            if (word.EndsWith("ms", StringComparison.Ordinal) && Number(word.AsSpan(0, word.Length - 2)) is { } took)
                read = read with { Duration = TimeSpan.FromMilliseconds(took) };
            else if (word.EndsWith('x') && at + 1 < words.Length && Number(word.AsSpan(0, word.Length - 1)) is { } count)
                read = read with { Count = (int)Math.Min(count, int.MaxValue), LastTime = TimeOf(words[++at], line) };
            else if (Enum.TryParse<Reason>(word, out var reason) && Enum.IsDefined(reason))
                read = read with { Reason = reason };
            else
                throw new JsonException($"'{word}' in '{line}' is not understood");
        }
        return colon < 0 ? read : read with { Message = line[(colon + BeforeMessage.Length)..] };
    }

    private static void Add(Span<char> line, ref int length, ReadOnlySpan<char> text)
    {
        text.CopyTo(line[length..]);
        length += text.Length;
    }

    private static void Add(Span<char> line, ref int length, long number)
    {
        number.TryFormat(line[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
    }

    private static void Add(Span<char> line, ref int length, DateTimeOffset time)
    {
        time.UtcDateTime.TryFormat(line[length..], out var letters, Milliseconds, CultureInfo.InvariantCulture);
        length += letters;
    }

    private static string Word(TransitionKind kind) => kind switch
    {
        TransitionKind.Detected => " detected",
        TransitionKind.Updated => " updated",
        TransitionKind.Withdrawn => " withdrawn",
        TransitionKind.Deployed => " deployed",
        TransitionKind.Undeployed => " undeployed",
        TransitionKind.Failed => " failed",
        _ => " drifted",
    };

    private static TransitionKind KindOf(string word, string line) => word switch
    {
        "detected" => TransitionKind.Detected,
        "updated" => TransitionKind.Updated,
        "withdrawn" => TransitionKind.Withdrawn,
        "deployed" => TransitionKind.Deployed,
        "undeployed" => TransitionKind.Undeployed,
        "failed" => TransitionKind.Failed,
        "drifted" => TransitionKind.Drifted,
        _ => throw new JsonException($"'{word}' in '{line}' is not a transition"),
    };

    private static long? Number(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset TimeOf(string word, string line) =>
        DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new JsonException($"'{word}' in '{line}' is not a time");
}
