using System.Text.RegularExpressions;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Architecture.Tests;

/// <summary>Habits that only the text shows.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void Files_stay_short()
    {
        var found = SourceFile.In(SourceFile.Everything)
            .Where(file => file.Length > (file.Folders[0] is "tests" or "bench" ? 600 : 400))
            .Select(file => $"{file.Path} has {file.Length} lines: it almost surely holds two things");

        Violations.None(found);
    }

    [Fact]
    public void Nothing_is_async_and_void() => Violations.None(Find(AsyncVoid(), SourceFile.Everything));

    [Fact]
    public void No_await_leaves_its_context() => Violations.None(Find(LeavesContext(), SourceFile.Everything));

    [Fact]
    public void There_are_no_regions() => Violations.None(Find(Region(), SourceFile.Everything));

    /// <summary>Kills the process at random moments of real time; which moment it is decides nothing, so nothing can be flaky by it.</summary>
    private static readonly string[] MaySleep = ["tests/Interlook.EndToEnd.Tests/KillTests.cs"];

    [Fact]
    public void No_test_sleeps()
    {
        var found = SourceFile.In("tests")
            .Where(file => file.Folders[1] is not ("Interlook.Fixtures" or "Interlook.Architecture.Tests") && !MaySleep.Contains(file.Path))
            .SelectMany(file => file.Find(Sleep()));

        Violations.None(found);
    }

    [Fact]
    public void Nothing_is_left_to_do_in_a_comment()
    {
        var pattern = new Regex(@"\b(?:TO" + "DO|FIX" + @"ME)\b");

        Violations.None(Everywhere(pattern));
    }

    [Fact]
    public void No_file_names_a_folder_of_the_machine_it_was_written_on()
    {
        var pattern = new Regex("(?<![\\w.})*-])/(?:wo" + "rk|ro" + "ot|ho" + "me)/");

        Violations.None(Everywhere(pattern));
    }

    [Fact]
    public void Every_log_event_has_a_number_of_its_own()
    {
        var found = SourceFile.In(SourceFile.Product)
            .SelectMany(file => LogEvent().Matches(file.Text).Select(match => (Number: int.Parse(match.Groups[1].ValueSpan, null), file.Path)))
            .GroupBy(each => each.Number, each => each.Path)
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same)}");

        Violations.None(found);
    }

    [Fact]
    public void Log_events_are_in_a_file_of_their_own()
    {
        var found = SourceFile.In(SourceFile.Product)
            .Where(file => LogEvent().IsMatch(file.Text) && !file.Name.EndsWith(".Log.cs", StringComparison.Ordinal))
            .Select(file => file.Path);

        Violations.None(found);
    }

    private static IEnumerable<string> Find(Regex pattern, params ReadOnlySpan<string> folders) =>
        SourceFile.In(folders).Where(file => file.Folders[1] != "Interlook.Architecture.Tests").SelectMany(file => file.Find(pattern));

    private static IEnumerable<string> Everywhere(Regex pattern) => Repository.Files("", "*")
        .Where(path => Path.GetExtension(path) is ".cs" or ".md" or ".yml" or ".json" or ".sh" or ".csproj" or ".props" or ".slnx" or ".txt" or ".service" or "")
        .SelectMany(path => new SourceFile(path).Find(pattern));

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\.ConfigureAwait\((?:false|ConfigureAwaitOptions\.(?!ContinueOnCapturedContext))")]
    private static partial Regex LeavesContext();

    [GeneratedRegex(@"^\s*#region\b")]
    private static partial Regex Region();

    // A delay on the system's clock that ends by itself; one that waits for its cancellation decides nothing by time.
    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\((?!Timeout\.Infinite)[^;]*(?:TimeProvider\.System|\bMilliseconds\(\d+\)\))")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex LogEvent();
}
