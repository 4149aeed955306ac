using System.Text.RegularExpressions;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Provisioners;
using Xunit;

namespace Interlook.Architecture.Tests;

/// <summary>What makes an extension whole: its page, its line in the host, its conformance kit.</summary>
public sealed partial class ExtensionFolderTests
{
    private static readonly string[] Headings =
        ["## What it does", "## Permissions", "## Settings", "## What it creates and how it is marked", "## Failures", "## Limits"];

    /// <summary>Folders without a step of a workflow: the host opens the store itself, so there is nothing to register.</summary>
    private static readonly string[] NotSteps = ["FileStore"];

    public static TheoryData<string> Folders => [.. All()];

    public static TheoryData<string> Steps => [.. All().Except(NotSteps)];

    public static TheoryData<string> Implementations =>
    [
        .. Product.Extensions.Types()
            .Where(type => type is { IsClass: true, IsAbstract: false } && (type.IsAssignableTo(typeof(IProvider)) || type.IsAssignableTo(typeof(IProvisioner))))
            .Select(type => type.FullName!),
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_folder_has_a_page(string folder) => Assert.True(File.Exists(Repository.File("extensions", folder, "README.md")));

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_page_has_the_headings_that_every_extension_has(string folder)
    {
        var lines = File.ReadAllLines(Repository.File("extensions", folder, "README.md"));

        Assert.Equal(Headings, lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_host_has_a_line_for_it(string folder)
    {
        var registration = SourceFile.In($"extensions/{folder}")
            .SelectMany(file => Registration().Matches(file.Text))
            .Select(match => match.Groups[1].Value)
            .ToList();
        var host = File.ReadAllText(Repository.File("src/Interlook.Host/BuiltInExtensions.cs"));

        Assert.NotEmpty(registration);
        Assert.All(registration, add => Assert.Contains($".{add}()", host, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Every_provider_and_provisioner_inherits_its_kit(string implementation)
    {
        var (folder, type) = (implementation.Split('.')[^2], implementation.Split('.')[^1]);
        var kit = Product.Extensions.GetType(implementation)!.IsAssignableTo(typeof(IProvider)) ? "ProviderSpecification" : "ProvisionerSpecification";

        var found = SourceFile.In($"tests/Interlook.Extensions.Tests/{folder}")
            .Where(file => file.Text.Contains($" : {kit}", StringComparison.Ordinal) || file.Text.Contains($"({kit}", StringComparison.Ordinal))
            .Where(file => file.Name.StartsWith(type, StringComparison.Ordinal) || file.Text.Contains($"new {type}(", StringComparison.Ordinal));

        Assert.True(found.Any(), $"no class in tests/Interlook.Extensions.Tests/{folder} inherits {kit} for {type}");
    }

    [Fact]
    public void The_store_inherits_its_kit() =>
        Assert.Contains(SourceFile.In("tests/Interlook.Extensions.Tests/FileStore"), file => file.Text.Contains(" : RecordStoreSpecification", StringComparison.Ordinal));

    private static IEnumerable<string> All() => Directory.GetDirectories(Repository.File("extensions"))
        .Select(folder => Path.GetFileName(folder)!)
        .Where(folder => folder is not ("bin" or "obj" or "Connections")) // what extensions share is none
        .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"static ExtensionCatalog (Add\w+)\(this ExtensionCatalog")]
    private static partial Regex Registration();
}
