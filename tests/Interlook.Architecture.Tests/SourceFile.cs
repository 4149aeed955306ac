using System.Text.RegularExpressions;
using Interlook.Fixtures;

namespace Interlook.Architecture.Tests;

/// <summary>A C# file of the repository, read as text.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed partial record SourceFile(string Path)
{
    /// <summary>Folders of what is delivered.</summary>
    internal static readonly string[] Product = ["src", "extensions"];

    /// <summary>Folders of everything that is compiled.</summary>
    internal static readonly string[] Everything = ["src", "extensions", "tests", "bench"];

    private string? text;

    /// <summary>What is written in it.</summary>
    internal string Text => text ??= File.ReadAllText(Repository.File(Path));

    /// <summary>Its name without the folder.</summary>
    internal string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The folders it lies in, from the root.</summary>
    internal string[] Folders => Path.Split('/')[..^1];

    /// <summary>How many lines it has.</summary>
    internal int Length => Text.Count(character => character == '\n');

    /// <summary>The types declared at its top level: accessibility (empty means internal), kind, name.</summary>
    internal IEnumerable<(string Access, string Kind, string Name)> Types => Declaration().Matches(Text)
        .Select(match => (match.Groups["access"].Value, match.Groups["kind"].Value, match.Groups["name"].Value));

    /// <summary>The namespaces it uses by a using line.</summary>
    internal IEnumerable<string> Usings => Using().Matches(Text).Select(match => match.Groups["name"].Value);

    /// <summary>The lines that match, as <c>path:line: text</c>.</summary>
    internal IEnumerable<string> Find(Regex pattern) => Text.Split('\n')
        .Select((line, i) => (Line: line, Number: i + 1))
        .Where(each => pattern.IsMatch(each.Line))
        .Select(each => $"{Path}:{each.Number}: {each.Line.Trim()}");

    /// <summary>All files of some folders.</summary>
    internal static IReadOnlyList<SourceFile> In(params ReadOnlySpan<string> folders)
    {
        var found = new List<SourceFile>();
        foreach (var folder in folders)
            found.AddRange(Repository.Files(folder, "*.cs").Select(path => new SourceFile(path)));
        return found;
    }

    [GeneratedRegex(@"^(?<access>public|internal|file)?\s*(?:(?:sealed|static|abstract|readonly|partial|ref|unsafe)\s+)*(?<kind>record struct|record class|record|class|struct|interface|enum)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
