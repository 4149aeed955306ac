using System.Text;

namespace Interlook.Host.Configuration.Yaml;

/// <summary>Fills in environment variables: <c>${NAME}</c>; <c>$${</c> stands for <c>${</c> itself.</summary>
internal static class Variables
{
    /// <summary>Fills in a text; the same object when there is nothing to do.</summary>
    /// <param name="written">The text.</param>
    /// <param name="environment">Gives a variable's value, or null when it is not set.</param>
    /// <param name="problem">What is wrong, or null.</param>
    internal static string FillIn(string written, Func<string, string?> environment, out string? problem)
    {
        problem = null;
        if (!written.Contains("${", StringComparison.Ordinal))
            return written;
        var text = new StringBuilder();
        for (var i = 0; i < written.Length; i++)
        {
            if (IsAt(written, i, "$${"))
            {
                text.Append("${");
                i += 2;
            }
            else if (IsAt(written, i, "${"))
            {
                var end = written.IndexOf('}', i);
                var name = end < 0 ? written[(i + 2)..] : written[(i + 2)..end];
                if (end < 0 || !IsName(name))
                    problem ??= "holds '${' without a variable's name and '}': write ${NAME}, or $${ for the characters themselves";
                else if (environment(name) is { } value)
                    text.Append(value);
                else
                    problem ??= $"uses the environment variable {name}, which is not set";
                i = end < 0 ? written.Length : end;
            }
            else
            {
                text.Append(written[i]);
            }
        }
        return text.ToString();
    }

    private static bool IsAt(string text, int index, string part) => string.CompareOrdinal(text, index, part, 0, part.Length) == 0;

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
