using System.Text.RegularExpressions;
using Interlook.Extensions.HostsFile;
using Interlook.Fixtures;
using Interlook.Host;
using Interlook.Host.Configuration;
using Interlook.Host.Running;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Documentation.Tests;

/// <summary>docs/developing-an-extension.md shows the code that is compiled here, and its configuration runs.</summary>
public sealed partial class WorkedExampleTests : IDisposable
{
    private const string Page = "docs/developing-an-extension.md";
    private const string Folder = "tests/Interlook.Documentation.Tests";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_block_of_code_is_the_file_it_names()
    {
        if (Environment.GetEnvironmentVariable("INTERLOOK_WRITE_GOLDEN") == "1")
            Rewrite();

        foreach (var (before, code) in Blocks())
            Assert.True(File.ReadAllText(FileOf(before)) == code, $"{Page} is stale below '{before}': run this test with INTERLOOK_WRITE_GOLDEN=1");
    }

    [Fact]
    public void Every_file_of_the_example_is_shown()
    {
        var shown = Blocks().Select(block => Path.GetFileName(FileOf(block.Before))).ToHashSet(StringComparer.Ordinal);

        var files = Repository.Files($"{Folder}/HostsFile", "*.*").Select(file => Path.GetFileName(file)!);

        Assert.Empty(files.Except(shown));
    }

    [Fact]
    public async Task Its_configuration_runs_and_the_hosts_file_follows_the_services()
    {
        var (services, hosts) = (Directory.CreateDirectory(folder.File("services")), folder.File("hosts"));
        await File.WriteAllTextAsync(hosts, "127.0.0.1 localhost\n", TestContext.Current.CancellationToken);
        var shop = Path.Combine(services.FullName, "shop.yml");
        await File.WriteAllTextAsync(shop, "name: shop\nhosts: shop.example.org\ntargets:\n  - { host: 10.0.0.7, port: 8081 }\n", TestContext.Current.CancellationToken);
        using var stopping = new CancellationTokenSource();

        var running = new Daemon(Configuration(), BuiltInExtensions.Catalog.AddHostsFile(), NullLoggerFactory.Instance, TimeProvider.System).RunAsync(stopping.Token);
        await Eventually.TrueAsync("the line is there", () => File.ReadAllText(hosts).Contains("192.168.99.1 shop.example.org #", StringComparison.Ordinal));
        File.Delete(shop);
        await Eventually.TrueAsync("the line is gone", () => File.ReadAllText(hosts) == "127.0.0.1 localhost\n");
        await stopping.CancelAsync();

        Assert.Equal(0, await running);
    }

    private InterlookConfiguration Configuration()
    {
        var (_, yaml) = new MarkdownPage(Page).Blocks("yaml").First();
        var here = yaml.Replace("/var/lib/interlook", folder.Path, StringComparison.Ordinal)
            .Replace("8080", $"{TestMachine.FreePort()}", StringComparison.Ordinal);
        var result = ConfigurationReader.Read("page.yml", System.Text.Encoding.UTF8.GetBytes(here), BuiltInExtensions.Catalog.AddHostsFile(), _ => null);
        Assert.Empty(result.Problems);
        return result.Configuration!;
    }

    private static IEnumerable<(string Before, string Code)> Blocks() =>
        new MarkdownPage(Page) is var page ? page.Blocks("csharp").Concat(page.Blocks("markdown")) : [];

    private static string FileOf(string before) => Repository.File(Folder, FileName().Match(before).Groups[1].Value);

    private static void Rewrite()
    {
        var text = File.ReadAllText(Repository.File(Page));
        foreach (var (before, code) in Blocks())
        {
            var fence = before + "\n\n```" + (FileOf(before).EndsWith(".cs", StringComparison.Ordinal) ? "csharp\n" : "markdown\n");
            Assert.Contains(fence + code, text, StringComparison.Ordinal);
            text = text.Replace(fence + code, fence + File.ReadAllText(FileOf(before)), StringComparison.Ordinal);
        }
        File.WriteAllText(Repository.File(Page), text);
    }

    [GeneratedRegex(@"`([\w/]+\.(?:cs|md))`")]
    private static partial Regex FileName();
}
