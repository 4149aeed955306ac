using System.Text;
using System.Text.RegularExpressions;
using Interlook.Extensions;
using Interlook.Fixtures;
using Interlook.Host;
using Interlook.Specification;
using Xunit;

namespace Interlook.Documentation.Tests;

/// <summary>docs/extensions.md: which extension has what, read from the catalog and from the files.</summary>
public sealed partial class ExtensionsPageTests
{
    private const string Page = "docs/extensions.md";

    [Fact]
    public void The_committed_table_is_the_one_that_the_files_give()
    {
        var actual = Write();
        if (Environment.GetEnvironmentVariable("INTERLOOK_WRITE_GOLDEN") == "1")
            File.WriteAllText(Repository.File(Page), actual);

        var expected = File.Exists(Repository.File(Page)) ? File.ReadAllText(Repository.File(Page)) : "";

        Assert.True(expected == actual, $"{Page} is stale: run this test with INTERLOOK_WRITE_GOLDEN=1 and look at the difference");
    }

    private static string Write()
    {
        var text = new StringBuilder(
            """
            # Extensions

            Written by a test from the catalog and the files (`INTERLOOK_WRITE_GOLDEN=1`). A dash is not always a debt: a file needs no fake server.

            | extension | README | settings | conformance kit | fake | real server | golden cases |
            | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var extension in BuiltInExtensions.Catalog.All)
            text.Append(Row(extension)).Append('\n');
        text.Append(
            """

            - **settings**: the table of keys from which the host reads, checks and documents a section.
            - **conformance kit**: the class that shows what every provider or provisioner must show (`tests/Interlook.Specification`).
            - **fake**: speaks the outside system's protocol on loopback, to force faults; for what cannot be installed, a simulator with a state of its own.
              **real server**: what the tests start.
            - **golden cases**: folders with what is given and what is expected; a new case is a new folder.

            """);
        return text.ToString();
    }

    private static string Row(ExtensionDescriptor extension)
    {
        var options = extension.Schema.CreateOptions();
        var folder = options.GetType().Namespace!.Split('.')[^1];
        var type = extension.Create(options, TestContexts.Create(extension.Name)).GetType().Name;
        var tests = $"tests/Interlook.Extensions.Tests/{folder}";
        var files = Directory.Exists(Repository.File(tests)) ? Repository.Files(tests, "*.cs") : [];
        var kit = files.FirstOrDefault(file => Text(file) is var text && text.Contains($"{type}(", StringComparison.Ordinal) && Kit().IsMatch(text))
            ?? files.FirstOrDefault(file => Path.GetFileName(file).StartsWith(type, StringComparison.Ordinal) && Kit().IsMatch(Text(file)));
        var fakes = files.Where(file => Path.GetFileName(file).StartsWith("Fake", StringComparison.Ordinal) && Text(file).Contains("Listen", StringComparison.Ordinal));
        var simulator = $"tests/Interlook.Simulators/{folder}";
        if (Directory.Exists(Repository.File(simulator)))
            fakes = fakes.Concat(Repository.Files(simulator, "*.cs").Where(file => Text(file).Contains(": IAppliance", StringComparison.Ordinal)));
        var servers = Repository.Files("tests/Interlook.Fixtures", "*.cs")
            .Where(file => Text(file).Contains("ServerProcess.", StringComparison.Ordinal))
            .Where(server => files.Any(file => Text(file).Contains(Path.GetFileNameWithoutExtension(server), StringComparison.Ordinal)));
        var golden = Directory.Exists(Repository.File(tests, "Golden"));
        string[] cells =
        [
            $"`{extension.Name}`",
            $"[{folder}](../extensions/{folder}/README.md)",
            $"[schema](configuration.md#{extension.Name.Replace(".", "", StringComparison.Ordinal)})",
            kit is null ? "–" : $"[{Path.GetFileNameWithoutExtension(kit)}](../{kit})",
            Listed(fakes.Select(file => $"[{Path.GetFileNameWithoutExtension(file)}](../{file})")),
            Listed(servers.Select(server => $"[{Path.GetFileNameWithoutExtension(server)}](../{server})")),
            golden ? $"[cases](../{tests}/Golden)" : "–",
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static string Text(string file) => File.ReadAllText(Repository.File(file));

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } list ? list : "–";

    [GeneratedRegex($@": ({nameof(ProviderSpecification)}|{nameof(ProvisionerSpecification)})\b")]
    private static partial Regex Kit();
}
