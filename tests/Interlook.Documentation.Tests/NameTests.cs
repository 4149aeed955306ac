using System.Text.RegularExpressions;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Documentation.Tests;

/// <summary>What a page names exists: types, members and tests, and files by their path. Decisions are of their time and may name what has gone.</summary>
public sealed partial class NameTests
{
    private static readonly Lazy<HashSet<string>> Words = new(() => Repository.Files("", "*.cs")
        .SelectMany(file => Word().Matches(File.ReadAllText(Repository.File(file))).Select(match => match.Value))
        .ToHashSet(StringComparer.Ordinal));

    public static TheoryData<string> Pages => [.. Repository.Files("", "*.md").Where(page => !page.StartsWith("docs/decisions/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_name_in_a_page_is_one_of_the_source(string page)
    {
        var missing = new MarkdownPage(page).Text()
            .SelectMany(line => Span().Matches(line))
            .Select(match => match.Groups[1].Value)
            .Where(span => !Exists(span))
            .Distinct();

        Assert.Empty(missing);
    }

    private static bool Exists(string span)
    {
        if (Path().IsMatch(span))
            return File.Exists(Repository.File(span)) || Repository.Files("", System.IO.Path.GetFileName(span)).Any(file => file.EndsWith("/" + span, StringComparison.Ordinal));
        return !Identifier().IsMatch(span) || span.Split('.').All(Words.Value.Contains);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"^\w[\w./]*\.cs$")]
    private static partial Regex Path();

    // More than one word in camel case, or a sentence with underscores: nothing else looks like that in prose.
    [GeneratedRegex(@"^(?=\S*[a-z])[A-Z]\w*(?:[a-z][A-Z]|_[a-z])\w*(?:\.\w+)?$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\w{4,}")]
    private static partial Regex Word();
}
