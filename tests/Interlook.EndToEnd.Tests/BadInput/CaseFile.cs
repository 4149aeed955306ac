using System.Text;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>
/// A part of the table: <c>### what is wrong</c>, then what is given, then what Interlook says, each line behind <c>=&gt;</c>. With
/// <c>INTERLOOK_RECORD=1</c> the tests write what it says now into the file instead of comparing: the difference is then reviewed.
/// </summary>
internal static class CaseFile
{
    private const string Title = "### ";
    private const string Said = "=> ";

    /// <summary>The parts of the table, in the order of the page.</summary>
    internal static IReadOnlyList<(string Name, string Heading)> Parts { get; } =
    [
        ("commands", "The command line"),
        ("configuration", "The configuration: `interlook check`"),
        ("start", "State files, folders, ports and servers at the start: `interlook run`"),
        ("services", "Service files: `GET /providers`; what the file said before stays published"),
        ("labels", "Docker labels: `GET /providers`; other containers stay published"),
        ("docker", "Docker at the start: `interlook run`"),
        ("consul", "Consul, per service: `GET /services`; other services stay deployed"),
        ("haproxy", "HAProxy at the start: `interlook run`"),
        ("scenarios", "While it runs"),
    ];

    private static bool IsRecording => Environment.GetEnvironmentVariable("INTERLOOK_RECORD") == "1";

    /// <summary>Reads a part.</summary>
    internal static IReadOnlyList<BadCase> Read(string part)
    {
        var cases = new List<BadCase>();
        var given = new StringBuilder();
        var said = new List<string>();
        string? name = null;
        foreach (var line in File.ReadAllText(PathOf(part)).Split('\n'))
        {
            if (line.StartsWith(Title, StringComparison.Ordinal))
            {
                Add();
                name = line[Title.Length..];
            }
            else if (line.StartsWith(Said, StringComparison.Ordinal))
            {
                said.Add(line[Said.Length..]);
            }
            else
            {
                given.Append(line).Append('\n');
            }
        }
        given.Length -= Math.Min(1, given.Length); // the file's own last line feed
        Add();
        return cases;

        void Add()
        {
            if (name is not null)
                cases.Add(new BadCase(name, given.ToString(), string.Join('\n', said)));
            given.Clear();
            said.Clear();
        }
    }

    /// <summary>One case of a part.</summary>
    internal static BadCase Find(string part, string name) => Read(part).Single(found => found.Name == name);

    /// <summary>Compares what the cases say with what Interlook said.</summary>
    internal static void Verify(string part, IReadOnlyDictionary<string, string> said)
    {
        var cases = Read(part);
        if (IsRecording)
        {
            cases = [.. cases.Select(known => said.TryGetValue(known.Name, out var now) ? known with { Says = now } : known)];
            File.WriteAllText(PathOf(part), string.Concat(cases.Select(Written)));
            return;
        }
        var differences = cases
            .Where(known => said.TryGetValue(known.Name, out var now) && now != known.Says)
            .Select(known => $"{known.Name}\n  expected: {known.Says}\n  but was:  {said[known.Name]}");
        Assert.Equal("", string.Join("\n\n", differences));
    }

    /// <summary>A committed page, which is written anew while recording.</summary>
    internal static void VerifyPage(string path, string content)
    {
        if (IsRecording)
            File.WriteAllText(path, content);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == content, $"{Path.GetFileName(path)} is stale: run the tests with INTERLOOK_RECORD=1 and commit it");
    }

    /// <summary>The root of the repository.</summary>
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string PathOf(string part) => Path.Combine(Root, "tests", "Interlook.EndToEnd.Tests", "BadInput", "Cases", part + ".txt");

    private static string Written(BadCase known) =>
        $"{Title}{known.Name}\n{known.Given}{string.Concat(known.Says.Split('\n').Select(line => $"{Said}{line}\n"))}";

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Interlook.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run from within the repository"));
}
