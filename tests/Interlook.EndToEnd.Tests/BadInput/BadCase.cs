using System.Text;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>One row of the table of bad input.</summary>
/// <param name="Name">What is wrong, in words.</param>
/// <param name="Given">What Interlook is given; <c>{tab}</c>, <c>{zero}</c>, <c>{10kB}</c> and the like stand for what a page cannot show.</param>
/// <param name="Says">What it says about it, line by line.</param>
internal sealed record BadCase(string Name, string Given, string Says)
{
    private static readonly (string Mark, byte[] Bytes)[] Marks =
    [
        ("{tab}", "\t"u8.ToArray()), ("{zero}", [0]), ("{bom}", [0xEF, 0xBB, 0xBF]), ("{cr}", "\r"u8.ToArray()), ("{0xFF}", [0xFF]),
        ("{escape}", [0x1B]), ("{64}", Letters(64)), ("{254}", Letters(254)), ("{10kB}", Letters(10_000)), ("{5MB}", Letters(5_000_000)),
    ];

    /// <summary>The name as a file's or a service's: letters, digits and hyphens.</summary>
    internal string Slug { get; } = Slugged(Name);

    /// <summary>What is given, with the marks replaced.</summary>
    internal byte[] Bytes()
    {
        var bytes = new List<byte>();
        for (var rest = Given.Replace("{slug}", Slug, StringComparison.Ordinal); rest.Length > 0;)
        {
            var mark = Array.Find(Marks, mark => rest.StartsWith(mark.Mark, StringComparison.Ordinal));
            var length = mark.Mark?.Length ?? (rest.IndexOf('{', 1) is > 0 and var next ? next : rest.Length);
            bytes.AddRange(mark.Bytes ?? Encoding.UTF8.GetBytes(rest[..length]));
            rest = rest[length..];
        }
        return [.. bytes];
    }

    /// <summary>What is given as text, with the marks replaced.</summary>
    internal string Text() => Encoding.UTF8.GetString(Bytes());

    private static byte[] Letters(int count) => Enumerable.Repeat((byte)'x', count).ToArray();

    private static string Slugged(string name) => string.Join(
        '-', string.Concat(name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
