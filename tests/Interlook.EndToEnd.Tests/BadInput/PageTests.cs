using System.Text;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>Writes <c>docs/bad-input.md</c> from the table.</summary>
public sealed class PageTests
{
    private const int LongestShown = 400;

    private static readonly string[] Unfit = ["hunter2", "   at ", "Exception"];

    [Fact]
    public void The_page_of_bad_input_is_what_the_table_says() =>
        CaseFile.VerifyPage(Path.Combine(CaseFile.Root, "docs", "bad-input.md"), Page());

    [Fact]
    public void The_table_has_a_message_for_every_case_and_none_shows_a_secret_or_a_stack_trace()
    {
        var cases = CaseFile.Parts.SelectMany(part => CaseFile.Read(part.Name)).ToList();

        Assert.True(cases.Count >= 60);
        Assert.Equal(cases.Count, cases.Select(given => given.Name).Distinct().Count());
        Assert.All(cases, given => Assert.NotEqual("", given.Says));
        Assert.All(cases, given => Assert.All(Unfit, unfit => Assert.DoesNotContain(unfit, given.Says, StringComparison.Ordinal)));
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # What Interlook says about bad input

            Generated from the table that the tests run the executable against (`tests/Interlook.EndToEnd.Tests/BadInput`); a test fails when
            this page is stale. The left column says what is wrong, the right one what the operator reads. In every case the process neither
            crashes nor loses what it knew: files that cannot be read stay as they are, byte for byte, other services stay deployed, and
            the last good definition of a service stays published.

            """.Replace("\r", "", StringComparison.Ordinal));
        foreach (var (part, heading) in CaseFile.Parts)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {heading}\n\n| given | answer |\n| --- | --- |\n");
            foreach (var known in CaseFile.Read(part))
                page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {Cell(known.Name)} | {string.Join("<br>", known.Says.Split('\n').Select(Code))} |\n");
        }
        return page.ToString();
    }

    private static string Code(string line)
    {
        var shown = line.Length <= LongestShown ? line : $"{line[..LongestShown]}…";
        var fence = shown.Contains('`', StringComparison.Ordinal) ? "``" : "`";
        return line.Length == 0 ? "" : $"{fence}{(fence.Length > 1 ? " " : "")}{Cell(shown)}{(fence.Length > 1 ? " " : "")}{fence}";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
