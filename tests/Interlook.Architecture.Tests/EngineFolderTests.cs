using Xunit;

namespace Interlook.Architecture.Tests;

/// <summary>The rooms of the engine: which folder may know which. The files at its root join them and are known by none of the rooms they join.</summary>
public sealed class EngineFolderTests
{
    private const string Engine = "src/Interlook.Engine";
    private const string Namespace = "Interlook.Engine.";

    /// <summary>What is, and what is allowed: a new line here is a decision.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Changes"] = [],
        ["Definitions"] = [],
        ["Planning"] = [],
        ["Previewing"] = ["Definitions", "Planning"],
        ["Recording"] = ["Scheduling"],
        ["Status"] = [],
        ["Telemetry"] = ["Status"],
        ["Scheduling"] = ["Planning"],
        ["Provisioning"] = ["Planning", "Telemetry"],
        ["Watching"] = ["Changes", "Scheduling", "Status", "Telemetry"],
        ["Housekeeping"] = ["Scheduling", "Telemetry", "Watching"],
    };

    private static readonly string[] Impure = ["TimeProvider", "Random", "async ", "Task<", "System.IO", "ILogger"];

    public static TheoryData<string> Folders => [.. Found().Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_knows_no_others_than_it_may(string folder)
    {
        Assert.True(Allowed.ContainsKey(folder), $"{Engine}/{folder} is new: say here which folders it may use");
        Violations.None(Found()[folder].Except(Allowed[folder]));
    }

    [Fact]
    public void The_list_names_nothing_that_is_gone()
    {
        var found = Found();

        Assert.Equal(found.Keys.Order(StringComparer.Ordinal), Allowed.Keys.Order(StringComparer.Ordinal));
        Violations.None(Allowed.SelectMany(each => each.Value.Except(found[each.Key]).Select(other => $"{each.Key} no longer uses {other}")));
    }

    [Fact]
    public void There_is_no_circle()
    {
        var left = Found();

        while (left.FirstOrDefault(each => !each.Value.Overlaps(left.Keys)).Key is { } free)
            left.Remove(free);

        Violations.None(left.Keys);
    }

    [Fact]
    public void Only_the_intake_knows_the_definitions()
    {
        var users = Files().Where(file => file.Folders.Length == 2 && file.Usings.Contains(Namespace + "Definitions")).Select(file => file.Name);

        Assert.Equal(["Intake.cs"], users);
    }

    [Fact]
    public void Planning_has_neither_clock_nor_chance_nor_io()
    {
        var found = Files()
            .Where(file => file.Folders[^1] == "Planning")
            .Where(file => Impure.Any(word => file.Text.Contains(word, StringComparison.Ordinal)))
            .Select(file => file.Path);

        Violations.None(found);
    }

    private static IReadOnlyList<SourceFile> Files() => SourceFile.In(Engine);

    private static Dictionary<string, HashSet<string>> Found() => Files()
        .Where(file => file.Folders.Length > 2)
        .GroupBy(file => file.Folders[2])
        .ToDictionary(
            folder => folder.Key,
            folder => folder.SelectMany(file => file.Usings)
                .Where(name => name.StartsWith(Namespace, StringComparison.Ordinal))
                .Select(name => name[Namespace.Length..].Split('.')[0])
                .Where(name => name != folder.Key)
                .ToHashSet(StringComparer.Ordinal));
}
