using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Interlook.Host.Configuration;

/// <summary>Collects everything that is wrong with one configuration file, so that it is all said at once.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<(Place Place, string Message)> problems = [];

    internal int Count => problems.Count;

    internal void Add(Place place, string message) => problems.Add((place, OnOneLine(message)));

    /// <summary>One line each, <c>file:line:column: message</c>, in the order of the file.</summary>
    internal ImmutableArray<string> Lines() =>
        [.. problems.OrderBy(problem => problem.Place).Select(problem => $"{file}:{problem.Place}: {problem.Message}").Distinct()];

    // What a user wrote comes back in messages; a line break or an escape sequence in it must not break the list of problems.
    private static string OnOneLine(string message)
    {
        if (!message.Any(char.IsControl))
            return message;
        var line = new StringBuilder(message.Length);
        foreach (var character in message)
        {
            if (character == '\n')
                line.Append("\\n");
            else if (char.IsControl(character))
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                line.Append(character);
        }
        return line.ToString();
    }
}
