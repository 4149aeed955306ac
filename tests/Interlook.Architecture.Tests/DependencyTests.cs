using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Architecture.Tests;

/// <summary>Dependencies point inwards: extensions → Abstractions ← Engine ← Api ← Host, and Dashboard ← Api.</summary>
public sealed partial class DependencyTests
{
    /// <summary>What each project may name: our projects, then packages.</summary>
    public static TheoryData<string, string[], string[]> Projects => new()
    {
        { "src/Interlook.Abstractions/Interlook.Abstractions.csproj", [], [] },
        { "src/Interlook.Engine/Interlook.Engine.csproj", ["Interlook.Abstractions"], [] },
        { "src/Interlook.Dashboard/Interlook.Dashboard.csproj", [], [] },
        { "src/Interlook.Api/Interlook.Api.csproj", ["Interlook.Dashboard", "Interlook.Engine"], [] },
        { "extensions/Interlook.Extensions.csproj", ["Interlook.Abstractions"], ["YamlDotNet"] },
        {
            "src/Interlook.Host/Interlook.Host.csproj",
            ["Interlook.Api", "Interlook.Engine", "Interlook.Extensions"],
            ["Spectre.Console", "System.CommandLine", "YamlDotNet"]
        },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_what_it_may_and_no_more(string project, string[] projects, string[] packages)
    {
        var items = XDocument.Load(Repository.File(project)).Descendants().ToList();

        Assert.Equal(projects, Included("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order(StringComparer.Ordinal));
        Assert.Equal(packages, Included("PackageReference").Order(StringComparer.Ordinal));

        IEnumerable<string> Included(string kind) => items.Where(item => item.Name.LocalName == kind).Select(item => item.Attribute("Include")!.Value);
    }

    /// <summary>Rooms below extensions/ that hold no extension: what several of them need and the contract, which does no I/O, cannot hold.</summary>
    private static readonly string[] Shared = ["Connections"];

    /// <summary>
    /// The client of a product that a room of another may use: how its server is reached, asked and followed, and nothing that makes steps of it
    /// (decisions 47 and 51).
    /// </summary>
    private static readonly (string Room, string Product, string[] Parts)[] SharedClients =
    [
        ("extensions/ExternalIp/", "Kubernetes", ["Access", "Calls", "Informing", "Objects"]),
        ("extensions/ExternalIp/Etcd/", "Etcd", ["Calls", "Wire"]),
    ];

    [Fact]
    public void Extensions_and_engine_see_the_contract_and_not_each_other()
    {
        Assert.Equal(["Interlook.Abstractions"], Ours(Product.Extensions));
        Assert.Equal(["Interlook.Abstractions"], Ours(Product.Engine));
        Violations.None(Ours(Product.Abstractions));
        Assert.DoesNotContain("Interlook.Extensions", Ours(Product.Api));
    }

    [Fact]
    public void A_room_that_extensions_share_uses_none_of_them()
    {
        var found = SourceFile.In("extensions")
            .Where(file => Shared.Contains(file.Folders[1]))
            .SelectMany(file => OtherExtension().Matches(file.Text).Select(match => (file.Path, Used: match.Groups[1].Value)))
            .Where(each => !Shared.Contains(each.Used))
            .Select(each => $"{each.Path} uses {each.Used}");

        Violations.None(found);
    }

    [Fact]
    public void No_extension_uses_another()
    {
        var folders = Directory.GetDirectories(Repository.File("extensions")).Select(folder => Path.GetFileName(folder)!).Except(Shared).ToList();

        var found = SourceFile.In("extensions")
            .SelectMany(file => OtherExtension().Matches(file.Text).Select(match => (file, Other: match.Groups[1].Value, Part: match.Groups[2].Value)))
            .Where(each => folders.Contains(each.Other) && each.Other != each.file.Folders[1])
            .Where(each => !SharedClients.Any(client =>
                each.file.Path.StartsWith(client.Room, StringComparison.Ordinal) && client.Product == each.Other && client.Parts.Contains(each.Part)))
            .Select(each => $"{each.file.Path} uses {each.Other}");

        Violations.None(found);
    }

    [Fact]
    public void Only_the_host_and_tests_name_an_extension()
    {
        var found = SourceFile.In("src")
            .Where(file => file.Folders[1] != "Interlook.Host" && file.Usings.Any(name => name.StartsWith("Interlook.Extensions.", StringComparison.Ordinal)))
            .Select(file => file.Path);

        Violations.None(found);
    }

    private static IEnumerable<string> Ours(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!)
        .Where(name => name.StartsWith("Interlook", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\bInterlook\.Extensions\.(\w+)(?:\.(\w+))?")]
    private static partial Regex OtherExtension();
}
