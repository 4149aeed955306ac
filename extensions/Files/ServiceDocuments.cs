using System.Buffers;
using Interlook.Services;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Files;

/// <summary>Reads the services of one file: several YAML documents, each a service. Pure.</summary>
internal static class ServiceDocuments
{
    private const int DeepestNesting = 16;

    // Of the control characters YAML knows tab, line feed, carriage return and next line (YAML 1.2 section 5.1).
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(letter => char.IsControl(letter) && letter is not ('\t' or '\n' or '\r' or '\u0085'))]);

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="provider">The provider's full name.</param>
    /// <returns>The services, or every problem, each with its line and column.</returns>
    internal static (IReadOnlyList<ServiceDefinition> Services, IReadOnlyList<FileProblem> Problems) Read(string text, string provider)
    {
        var problems = new List<FileProblem>();
        var services = new List<ServiceDefinition>();
        if (ControlCharacter(text) is { } control)
            return ([], [control]);
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            CheckNesting(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0)
                problems.Add(new FileProblem(1, 1, "the file holds no service: delete it to withdraw the services it had"));
            foreach (var document in stream.Documents)
            {
                if (new ServiceReader(provider, problems).Read(document.RootNode) is not { } service)
                    continue;
                if (!names.Add(service.Name))
                    problems.Add(FileProblem.At(document.RootNode, $"service '{service.Name}' is in this file twice: give one of them another name"));
                services.Add(service);
            }
        }
        catch (YamlException broken)
        {
            problems.Add(new FileProblem(broken.Start.Line, broken.Start.Column, $"is not valid YAML: {Words(broken)}"));
        }
        return (services, problems);
    }

    // The library takes a zero byte, which a disk leaves behind a crash, for the end of the text and drops what follows in silence.
    private static FileProblem? ControlCharacter(string text)
    {
        var place = text.AsSpan().IndexOfAny(Controls);
        if (place < 0)
            return null;
        var before = text.AsSpan(0, place);
        return new FileProblem(
            before.Count('\n') + 1, place - before.LastIndexOf('\n'), $"holds the control character U+{(int)text[place]:X4}: remove it");
    }

    // The library reads nested nodes by recursion, and a stack that overflows ends the process.
    private static void CheckNesting(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > DeepestNesting)
                throw new YamlException(parser.Current.Start, parser.Current.End, $"nested more than {DeepestNesting} levels deep");
            if (parser.Current is AnchorAlias)
                throw new YamlException(parser.Current.Start, parser.Current.End, "aliases are not allowed here: write the value out");
        }
    }

    private static string Words(YamlException broken)
    {
        var words = broken.InnerException?.Message ?? broken.Message;
        var position = words.IndexOf("): ", StringComparison.Ordinal);
        return position < 0 ? words : words[(position + 3)..];
    }
}
