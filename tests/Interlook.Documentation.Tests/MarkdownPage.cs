using System.Text;
using System.Text.RegularExpressions;
using Interlook.Fixtures;

namespace Interlook.Documentation.Tests;

/// <summary>A page of the repository, as far as the tests look at it: code blocks, headings, links.</summary>
internal sealed partial class MarkdownPage(string path)
{
    private readonly string[] lines = File.ReadAllLines(Repository.File(path));

    /// <summary>From the root of the repository.</summary>
    internal string Path => path;

    /// <summary>The fenced blocks of a language, each with the last line of text before it.</summary>
    internal IEnumerable<(string Before, string Code)> Blocks(string language)
    {
        var before = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                before = lines[i].Length > 0 ? lines[i] : before;
                continue;
            }
            var (wanted, code) = (lines[i] == $"```{language}", new StringBuilder());
            for (i++; lines[i] != "```"; i++)
                code.Append(lines[i]).Append('\n');
            if (wanted)
                yield return (before, code.ToString());
        }
    }

    /// <summary>What an anchor may name: the headings, as GitHub shortens them.</summary>
    internal IEnumerable<string> Anchors() => Text()
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Where its links lead that do not leave the repository.</summary>
    internal IEnumerable<string> Links() => Text()
        .SelectMany(line => Link().Matches(CodeSpan().Replace(line, "")))
        .Select(match => match.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>The lines outside of code blocks.</summary>
    internal IEnumerable<string> Text()
    {
        var inside = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inside = !inside;
            else if (!inside)
                yield return line;
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`(?!\\])")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
