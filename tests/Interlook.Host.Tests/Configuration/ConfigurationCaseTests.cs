using Interlook.Host.Configuration;
using Xunit;

namespace Interlook.Host.Tests.Configuration;

/// <summary>
/// A folder a case: <c>given.yml</c>, and in <c>expected.txt</c> every problem, a line each; an empty one when nothing is wrong. A new case
/// is a new folder. With INTERLOOK_ACCEPT=FOLDER the answers are written there as the expected ones, to be read before they are kept.
/// </summary>
public sealed class ConfigurationCaseTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Configuration", "Cases");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_problem_of_a_configuration_is_named_with_its_place(string name)
    {
        var given = File.ReadAllBytes(Path.Combine(Folder, name, "given.yml"));
        var expected = Path.Combine(Folder, name, "expected.txt");

        var result = ConfigurationReader.Read("given.yml", given, SampleExtensions.Catalog, Variable);

        var answer = string.Concat(result.Problems.Select(problem => problem + "\n"));
        if (Environment.GetEnvironmentVariable("INTERLOOK_ACCEPT") is { Length: > 0 } accepted)
            File.WriteAllText(Path.Combine(accepted, name, "expected.txt"), answer);
        else
            Assert.Equal(File.ReadAllText(expected), answer);
        Assert.Equal(result.Problems.IsEmpty, result.Configuration is not null);
        Assert.Equal(name.StartsWith("good", StringComparison.Ordinal), result.Problems.IsEmpty);
    }

    private static string? Variable(string name) => name switch
    {
        "SECRET_WORD" => "hunter2",
        "EMPTY_WORD" => "",
        _ => null,
    };
}
