using Interlook.Fixtures;
using Xunit;

namespace Interlook.Documentation.Tests;

/// <summary>Every page can be followed.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> Pages => [.. Repository.Files("", "*.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_heading_that_exist(string page)
    {
        var broken = new MarkdownPage(page).Links().Where(link => !Leads(page, link)).ToList();

        Assert.True(broken.Count == 0, $"{page} links to what is not there: {string.Join(", ", broken)}");
    }

    [Fact]
    public void The_index_names_every_page_of_the_documentation()
    {
        var named = new MarkdownPage("docs/README.md").Links().Select(link => $"docs/{link}").ToHashSet(StringComparer.Ordinal);

        var missing = Repository.Files("docs", "*").Where(file => file != "docs/README.md" && !named.Contains(file)).ToList();

        Assert.True(missing.Count == 0, $"docs/README.md does not name {string.Join(", ", missing)}");
    }

    [Fact]
    public void Decisions_are_numbered_each_with_its_own_number_and_no_gap()
    {
        var numbers = Repository.Files("docs/decisions", "*.md").Select(file => Path.GetFileName(file).Split('-')[0]).ToList();

        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number:0000}"), numbers);
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_decision_says_context_choice_consequences_and_what_was_not_chosen(string page)
    {
        var headings = new MarkdownPage(page).Text().Where(line => line.StartsWith("## ", StringComparison.Ordinal));

        Assert.Equal(["## Context", "## Choice", "## Consequences", "## Not chosen"], headings);
    }

    public static TheoryData<string> Decisions => [.. Repository.Files("docs/decisions", "*.md")];

    private static bool Leads(string page, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? Repository.File(page) : Path.Combine(Path.GetDirectoryName(Repository.File(page))!, Uri.UnescapeDataString(parts[0]));
        if (!File.Exists(target) && !Directory.Exists(target))
            return false;
        return parts.Length == 1 || new MarkdownPage(Path.GetRelativePath(Repository.Root, target)).Anchors().Contains(parts[1], StringComparer.Ordinal);
    }
}
